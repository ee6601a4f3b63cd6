import Analysis
import Capture
import Decryption
import Foundation
import Streams
import Testing

/// A capture with keys to it, inside or beside it.
struct KeyedCapture: CustomTestStringConvertible {
  let url: URL
  var rsaKey: URL?

  var testDescription: String { url.pathComponents.suffix(2).joined(separator: "/") }

  static let suites = Tools.folder.appending(path: "Suites")
  static let rsa = Self(
    url: suites.appending(path: "rsa.pcapng"),
    rsaKey: suites.appending(path: "rsa.pem")
  )

  /// Every capture with TLS secrets inside, those of every suite, and one with a private key.
  static let all =
    CaptureFileCase.all.filter { (try? hasSecrets($0.url)) == true }.map { Self(url: $0.url) }
    + [Self(url: suites.appending(path: "suites.pcapng")), rsa]

  private static func hasSecrets(_ url: URL) throws -> Bool {
    guard url.pathExtension == "pcapng" else { return false }
    return try !CaptureFile.open(url.path, filter: nil).metadata.secrets.isEmpty
  }

  /// The keys beside it.
  func ring() throws -> KeyRing {
    let ring = KeyRing()
    if let rsaKey {
      ring.add(try RSAPrivateKey(reading: String(contentsOf: rsaKey, encoding: .utf8)))
    }
    return ring
  }
}

/// Every record that is opened against every record that tshark opens.
@Suite(.enabled(if: Tools.areThere, "needs python3 and tshark 4.0: apt-get install tshark python3"))
struct PlaintextDifferentialTests {
  @Test(arguments: KeyedCapture.all)
  func everyRecordIsAsLongAsInTshark(_ capture: KeyedCapture) throws {
    var ours: [String] = []
    let ring = try capture.ring()
    ring.onOpened = { moment, _, _, count in
      // A record of no octets, as TLS 1.0 begins with, has no dump in tshark.
      if 0 < count { ours.append("\(moment.frame) \(count)") }
    }
    let analysis = CaptureAnalysis(ports: CaptureAnalysis.defaultPorts, keys: ring)
    _ = try analysis.run(
      CaptureFile.open(capture.url.path, filter: nil),
      path: capture.url.path
    )
    var arguments = [
      Tools.folder.appending(path: "tshark_plaintext.py").path, capture.url.path,
    ]
    if let key = capture.rsaKey { arguments += ["--rsa-key", key.path] }
    if capture.isThroughGateway { arguments += ["--port", "443"] }
    let (status, output) = try Tools.run("python3", arguments)
    let theirs = output.split(separator: "\n").map(String.init)
    #expect(status == 0)
    #expect(!ours.isEmpty)
    if capture.isThroughGateway {
      // tshark does not look for TLS inside of a gateway's channel.
      #expect(!theirs.isEmpty)
      #expect(Set(theirs).subtracting(ours) == [])
    } else {
      #expect(ours.sorted() == theirs.sorted())
    }
  }
}

extension KeyedCapture {
  /// Whether its connections are a gateway's, on the port of HTTPS.
  fileprivate var isThroughGateway: Bool {
    url.path.contains("rdg") || url.path.contains("gateway")
  }
}
