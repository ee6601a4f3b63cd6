import Foundation
import Testing

/// `--redact`: what may be posted in public.
@Suite struct RedactTests {
  private static let capture = "Captures/nla-required/capture.pcapng"
  private static let addresses = ["192.0.2.10", "198.51.100.20"]

  @Test(arguments: ["text", "json", "jsonl", "markdown", "csv", "junit", "sarif", "github"])
  func noFormNamesAnyone(_ format: String) throws {
    let plain = try Command.run("--format", format, Self.capture)
    let redacted = try Command.run("--redact", "--format", format, Self.capture)
    #expect(redacted.status == 0 && redacted.errors == "")
    // An address that is not there at first cannot be missing afterwards.
    #expect(Self.addresses.contains { plain.text.contains($0) })
    for secret in Self.addresses + [Self.capture, "nla-required"] {
      #expect(!redacted.text.contains(secret), "\(secret) in \(format)")
    }
  }

  @Test func aKeyMakesReportsAgree() throws {
    let folder = try TemporaryFolder()
    try folder.write("0123456789abcdef", to: "key")
    try folder.write("short", to: "weak")
    try folder.copy("nla-required")
    func report(_ arguments: String...) throws -> Command.Result {
      try Command.run(
        Command.binaries.appending(path: "rdpscope"),
        ["--format", "json"] + arguments + ["nla-required"],
        in: folder.url
      )
    }
    #expect(try report("--redact").output != report("--redact").output)
    let known = try report("--redact-key", "key")
    #expect(try report("--redact-key", "key").output == known.output)
    try known.output.write(to: folder.url.appending(path: "known.json"))
    let news = try report("--redact-key", "key", "--baseline", "known.json")
    #expect(news.status == 0)
    #expect(news.text.contains("\"known\": 1") && !news.text.contains("known.json"))
    #expect(try report("--redact", "--baseline", "known.json").status == 64)
    #expect(try report("--redact-key", "weak").status == 65)
    #expect(try report("--redact-key", "absent").status == 66)
  }

  @Test func aCheckNamesNoFiles() throws {
    let folder = try TemporaryFolder()
    try folder.copy("nla-required")
    #expect(try Command.run("check", "--redact", "nla-required", in: folder.url).status == 0)
    try folder.write(
      #"{"note": "Bob's PC", "connections": [{"stream": 0, "phase": "tls"}]}"#,
      to: "nla-required/expected.json"
    )
    for format in ["text", "json", "markdown", "junit", "sarif", "github"] {
      let result = try Command.run(
        "check",
        "--redact",
        "--format",
        format,
        "nla-required",
        in: folder.url
      )
      #expect(result.status == 1)
      #expect(!result.text.contains("nla-required") && !result.text.contains("Bob"))
      #expect(!Self.addresses.contains { result.text.contains($0) })
    }
  }

  @Test func aLadderShowsNoOctets() throws {
    #expect(
      try Command.run("show", Self.capture, "--connection", "0", "--bytes", "--redact").status == 64
    )
    let ladder = try Command.run("show", Self.capture, "--connection", "0", "--redact")
    #expect(ladder.status == 0 && ladder.text.contains("X.224 Connection Confirm, refused"))
    #expect(!Self.addresses.contains { ladder.text.contains($0) })
  }

  @Test(
    .enabled(if: AnnotateTests.hasTshark, "tshark and capinfos are not installed"),
    arguments: [
      "nla-required/capture.pcapng", "healthy-with-keys/capture.pcapng",
      "port-closed/capture.pcapng", "healthy-cooked-any-gz/capture.pcap.gz",
    ]
  )
  func anAnnotatedCaptureHoldsHeadersOnly(_ name: String) throws {
    let folder = try TemporaryFolder()
    let original = Command.root.appending(path: "Captures/" + name).path
    let run = try Command.run(
      "annotate",
      "--redact",
      original,
      "-o",
      "public.pcapng",
      in: folder.url
    )
    #expect(run.status == 0 && run.errors == "")
    func tshark(_ path: String, _ arguments: String) throws -> [Substring] {
      try Command.shell("tshark -r '\(path)' \(arguments)", in: folder.url).text
        .split(separator: "\n", omittingEmptySubsequences: false)
    }
    let fields =
      "-T fields -e frame.number -e frame.time_epoch -e tcp.stream -e tcp.flags -e tcp.len"
    #expect(try tshark("public.pcapng", fields) == tshark(original, fields))
    let comments = try tshark("public.pcapng", "-Y frame.comment -T fields -e frame.comment")
    #expect(comments.contains { $0.contains("rdpscope, stream 0") })
    #expect(try tshark("public.pcapng", "-Y 'tcp.len > 0 && frame.cap_len > 97'").joined() == "")
    // No secrets, names or addresses: neither those of the packets nor those of other blocks.
    let blocks = try Command.shell("capinfos public.pcapng", in: folder.url).text
    #expect(!blocks.contains("Decryption") && !blocks.contains("secrets"))
    let octets = try Data(contentsOf: folder.url.appending(path: "public.pcapng"))
    #expect(octets.range(of: Data("CLIENT_RANDOM".utf8)) == nil)
    let addresses = Set(
      try tshark(original, "-Y ip -T fields -e ip.src -e ip.dst").joined(separator: "\t")
        .split(separator: "\t").map(String.init)
    ).filter { !$0.hasPrefix("127.") }
    let renamed = Set(
      try tshark("public.pcapng", "-Y ip -T fields -e ip.src -e ip.dst").joined(separator: "\t")
        .split(separator: "\t").map(String.init)
    )
    #expect(addresses.intersection(renamed) == [])
    #expect(addresses.isEmpty == renamed.filter { !$0.hasPrefix("127.") }.isEmpty)
  }
}
