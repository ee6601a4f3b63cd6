import Foundation
import Testing

/// `rdpscope annotate`: the verdict, where Wireshark shows it.
@Suite struct AnnotateTests {
  static let hasTshark = (try? Command.shell("command -v tshark capinfos"))?.status == 0

  /// The frames that the report of a capture cites.
  private func citedFrames(_ report: Data) throws -> Set<Int> {
    let json = try #require(JSONSerialization.jsonObject(with: report) as? [String: Any])
    let connections = try #require(json["connections"] as? [[String: Any]])
    return Set(
      connections.compactMap { $0["verdict"] as? [String: Any] }.flatMap { verdict in
        ["evidence", "against"].flatMap { verdict[$0] as? [[String: Any]] ?? [] }
      }.flatMap { $0["frames"] as? [Int] ?? [] }
    )
  }

  @Test(
    .enabled(if: hasTshark, "tshark and capinfos are not installed"),
    arguments: [
      "nla-required/capture.pcapng", "port-closed/capture.pcapng",
      "healthy-with-keys/capture.pcapng",
      "healthy-cooked-any-gz/capture.pcap.gz", "healthy-two-interfaces/capture.pcapng",
    ]
  )
  func wiresharkShowsTheVerdictAndAllThatWasThere(_ name: String) throws {
    let folder = try TemporaryFolder()
    let original = Command.root.appending(path: "Captures/" + name).path
    try #require(FileManager.default.fileExists(atPath: original))
    let run = try Command.run("annotate", original, "-o", "told.pcapng", in: folder.url)
    #expect(run.status == 0 && run.output.isEmpty && run.errors.isEmpty)
    let report = try Command.run("--format", "json", original, in: folder.url)
    let shown = try Command.shell(
      "tshark -n -r told.pcapng -Y frame.comment -T fields -e frame.number",
      in: folder.url
    )
    #expect(
      try Set(shown.text.split(separator: "\n").map { try #require(Int($0)) })
        == citedFrames(report.output)
    )
    // The packets themselves, and the secrets that decrypt them, are as they were.
    let dissect =
      "tshark -n -d tcp.port==3389,tls -T fields -e frame.time_epoch -e frame.len "
      + "-e _ws.col.Protocol -e _ws.col.Info -r "
    let before = try Command.shell(dissect + original, in: folder.url)
    let after = try Command.shell(dissect + "told.pcapng", in: folder.url)
    #expect(!before.output.isEmpty && before.output == after.output)
    let summary = try Command.shell("capinfos -k told.pcapng", in: folder.url)
    #expect(summary.status == 0 && summary.text.contains("attempts to connect by RDP"))
  }

  @Test func whatCannotBeReadTwiceIsRefused() throws {
    #expect(try Command.run("annotate", "-", "-o", "x.pcapng").status == 64)
    #expect(try Command.run("annotate", "absent.pcap", "-o", "x.pcapng").status == 66)
    #expect(try Command.run("annotate", "README.md", "-o", "x.pcapng").status == 65)
    #expect(
      try Command.run("annotate", "Captures/nla-required/capture.pcapng", "-o", "absent/x").status
        == 74
    )
  }

  @Test func theCaptureItselfCanBeReplaced() throws {
    let folder = try TemporaryFolder()
    try folder.copy("nla-required")
    for _ in 0..<2 {
      let name = "nla-required/capture.pcapng"
      #expect(try Command.run("annotate", name, "-o", name, in: folder.url).status == 0)
    }
    #expect(try Command.run("check", "nla-required", in: folder.url).status == 0)
  }
}
