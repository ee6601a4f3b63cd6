import Foundation
import Reports
import Testing

/// What `Tests/Differential/compare.py` says to a report.
private struct Comparison {
  let status: Int32
  let output: String

  /// Compares a report with what tshark reads from the same capture.
  init(_ report: Data, _ capture: URL, allowed: Data? = nil) throws {
    let temporary = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: temporary, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: temporary) }
    let file = temporary.appending(path: "report.json")
    try report.write(to: file)
    var arguments = [Tools.folder.appending(path: "compare.py").path, file.path, capture.path]
    if let allowed {
      let list = temporary.appending(path: "allowed.json")
      try allowed.write(to: list)
      arguments += ["--allowed", list.path]
    }
    (status, output) = try Tools.run("python3", arguments)
  }
}

enum Tools {
  static let folder = capturesFolder.deletingLastPathComponent()
    .appending(path: "Tests/Differential")

  /// Whether the programs are there; the contract's stream numbers are those of tshark 4.0, and
  /// another one need not give the same.
  static let areThere: Bool = {
    guard let tshark = try? run("tshark", ["--version"]), tshark.status == 0,
      let python = try? run("python3", ["--version"]), python.status == 0
    else { return false }
    return tshark.output.contains("TShark (Wireshark) 4.0.")
  }()

  static func run(_ name: String, _ arguments: [String]) throws -> (status: Int32, output: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [name] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}

/// A capture by its file.
struct CaptureFileCase: CustomTestStringConvertible {
  let url: URL

  var testDescription: String {
    url.pathComponents.suffix(2).joined(separator: "/")
  }

  static let all = GoldenCase.all.compactMap { (try? $0.capture).map(Self.init) } + outside

  static let outside: [Self] = {
    guard let outsideFolder else { return [] }
    let files = try? FileManager.default.contentsOfDirectory(
      at: URL(filePath: outsideFolder),
      includingPropertiesForKeys: nil
    )
    return (files ?? []).filter { $0.lastPathComponent.contains(".pcap") }
      .sorted { $0.path < $1.path }.map(Self.init)
  }()
}

/// A fact of a report, changed.
struct Falsification: CustomTestStringConvertible {
  /// The fact that must be named.
  let fact: String
  /// Where it is in the connection: keys, and indexes of lists.
  let path: [String]
  let value: any Sendable
  /// The case of `Captures/` whose first connection it is changed in.
  var name = "healthy-tls12-closed-by-user"

  var capture: URL {
    get throws { try GoldenCase(folder: capturesFolder.appending(path: name)).capture }
  }

  var testDescription: String { fact }

  static let all = [
    Self(fact: "client", path: ["client", "port"], value: 1),
    Self(fact: "server", path: ["server", "address"], value: "192.0.2.77"),
    Self(fact: "frames", path: ["frames", "count"], value: 1),
    Self(fact: "tcp.synFrames", path: ["tcp", "synFrames"], value: [1]),
    Self(fact: "tcp.finFrames", path: ["tcp", "finFrames"], value: [Int]()),
    Self(fact: "tcp.rstFrames", path: ["tcp", "rstFrames"], value: [7]),
    Self(fact: "negotiation.cookie", path: ["negotiation", "cookie"], value: "else"),
    Self(fact: "negotiation.requested", path: ["negotiation", "requested"], value: ["hybrid"]),
    Self(fact: "negotiation.selected", path: ["negotiation", "selected"], value: "rdp"),
    Self(fact: "negotiation.failureCode", path: ["negotiation", "failureCode"], value: 2),
    Self(fact: "tls.version", path: ["tls", "version"], value: "TLSv1.1"),
    Self(fact: "tls.cipher", path: ["tls", "cipher"], value: "TLS_RSA_WITH_RC4_128_SHA"),
    Self(fact: "tls.ja3", path: ["tls", "ja3"], value: "0"),
    Self(fact: "tls.ja3s", path: ["tls", "ja3s"], value: "0"),
    Self(fact: "tls.serverName", path: ["tls", "serverName"], value: "else.example"),
    Self(fact: "tls.group", path: ["tls", "group"], value: "x448"),
    Self(fact: "tls.alpn", path: ["tls", "alpn"], value: "h2"),
    offer("ciphers"), offer("signatures"),
    Self(fact: "tls.offered.keyShares", path: ["tls", "offered", "keyShares"], value: ["x448"]),
    Self(
      fact: "tls.handshake",
      path: ["tls", "handshake", "1", "message"],
      value: "server_hello_done"
    ),
    Self(fact: "tls.handshake", path: ["tls", "handshake", "1", "frame"], value: 1),
    certificate("subject", "CN=else"), certificate("issuer", "CN=else"),
    certificate("serial", "00"), certificate("notBefore", "2020-01-01T00:00:00.000000Z"),
    certificate("notAfter", "2020-01-01T00:00:00.000000Z"), certificate("signature", "md5"),
    certificate("keyBits", 1024), certificate("sha256", "00"),
    setting("clientInfo", "build", value: 1),
    setting("clientInfo", "channelOptions", "0", value: "0x1"),
    setting("clientInfo", "mcsDomain", "maximum", "maxHeight", value: 2),
    setting("serverInfo", "mcsDomain", "maxHeight", value: 2),
    setting("serverInfo", "encryptionMethod", value: "40bit"),
    setting("serverInfo", "ioChannel", value: 1004),
  ]

  /// A setting of standard RDP security, which tshark reads without keys.
  private static func setting(_ path: String..., value: any Sendable) -> Self {
    Self(
      fact: path.prefix(2).joined(separator: "."),
      path: path,
      value: value,
      name: "healthy-rdp-security-rdesktop"
    )
  }

  private static func offer(_ field: String) -> Self {
    Self(fact: "tls.offered.\(field)", path: ["tls", "offered", field, "0"], value: "else")
  }

  private static func certificate(_ field: String, _ value: any Sendable) -> Self {
    Self(
      fact: "tls.certificates[0].\(field)",
      path: ["tls", "certificates", "0", field],
      value: value
    )
  }

  /// The report with the fact changed in its first connection.
  func applied(to report: Data) throws -> Data {
    let value = try JSONSerialization.jsonObject(with: report)
    return try JSONSerialization.data(
      withJSONObject: changed(value, ["connections", "0"] + path[...])
    )
  }

  private func changed(_ container: Any, _ path: ArraySlice<String>) throws -> Any {
    guard let key = path.first else { return value }
    if var list = container as? [Any] {
      let index = try #require(Int(key))
      list[index] = try changed(list[index], path.dropFirst())
      return list
    }
    var object = try #require(container as? [String: Any])
    object[key] = try changed(try #require(object[key]), path.dropFirst())
    return object
  }
}

/// Reports against what tshark reads from the same captures.
@Suite(.enabled(if: Tools.areThere, "needs python3 and tshark 4.0: apt-get install tshark python3"))
struct DifferentialTests {
  private static let plain = capturesFolder.appending(
    path: "healthy-tls12-closed-by-user/capture.pcap"
  )

  private func report(_ url: URL) throws -> Data {
    let report = AnalysisReport(captures: [try analyse(url.path)])
    return Data(JSONReport.text(report, version: "test"))
  }

  @Test(arguments: CaptureFileCase.all)
  func reportAgreesWithTshark(_ capture: CaptureFileCase) throws {
    let comparison = try Comparison(report(capture.url), capture.url)
    #expect(comparison.output == "")
    #expect(comparison.status == 0)
  }

  @Test(arguments: Falsification.all)
  func aWrongFactIsNoticed(_ falsification: Falsification) throws {
    let wrong = try falsification.applied(to: report(falsification.capture))
    let comparison = try Comparison(wrong, falsification.capture)
    #expect(comparison.status == 1)
    #expect(comparison.output.contains("stream 0: \(falsification.fact): "))
  }

  @Test func anotherStreamNumberIsNoticed() throws {
    let wrong = Falsification(fact: "connection", path: ["stream"], value: 1)
    let comparison = try Comparison(wrong.applied(to: report(Self.plain)), Self.plain)
    #expect(comparison.status == 1)
    #expect(comparison.output.contains("stream 0: connection: "))
    #expect(comparison.output.contains("stream 1: connection: "))
  }

  /// An allowance explains its difference and no other, and is a fault once nothing differs.
  @Test func allowancesAreUsedOrFail() throws {
    func list(_ fact: String, right: String = "tshark") -> Data {
      Data(
        """
        [{"capture": "capture.pcap", "fact": "\(fact)", "right": "\(right)", "reason": "a test"}]
        """.utf8
      )
    }
    let right = try report(Self.plain)
    let wrong = try Falsification(fact: "", path: ["tls", "version"], value: "x").applied(to: right)
    #expect(try Comparison(wrong, Self.plain, allowed: list("tls.version")).status == 0)
    #expect(try Comparison(wrong, Self.plain, allowed: list("tls.cipher")).status == 1)
    #expect(try Comparison(wrong, Self.plain, allowed: list("tls.version", right: "")).status == 1)
    let unused = try Comparison(right, Self.plain, allowed: list("tls.version"))
    #expect(unused.status == 1)
    #expect(unused.output.contains("allowed but equal now"))
  }

  /// An allowance for a capture that is not there would never be found unused.
  @Test func everyAllowanceNamesACapture() throws {
    struct Allowance: Decodable { let capture: String }
    let data = try Data(contentsOf: Tools.folder.appending(path: "allowed.json"))
    for allowance in try JSONDecoder().decode([Allowance].self, from: data) {
      // Those of others are not everywhere, and need not be there all at once.
      guard allowance.capture.hasPrefix("Captures/") else { continue }
      let url = capturesFolder.deletingLastPathComponent().appending(path: allowance.capture)
      #expect(FileManager.default.fileExists(atPath: url.path), "\(allowance.capture)")
    }
  }
}
