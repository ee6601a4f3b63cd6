import Foundation
import Testing

@Suite struct CheckTests {
  @Test func theRepositorysCapturesAreAsExpected() throws {
    let result = try Command.run("check", "Captures")
    #expect(result.status == 0, "\(result.text)")
    #expect(result.text.contains("as expected"))
  }

  @Test func eachFailureIsNamedAndTheOthersAreChecked() throws {
    let folder = try TemporaryFolder()
    for name in ["nla-required", "port-closed", "healthy-twice", "name-not-resolved"] {
      try folder.copy(name)
    }
    try folder.copy("logoff-tls12", to: "orphan")
    try FileManager.default.removeItem(at: folder.url.appending(path: "orphan/capture.pcapng"))
    try FileManager.default.removeItem(at: folder.url.appending(path: "port-closed/expected.json"))
    try folder.write("this is no capture", to: "healthy-twice/capture.pcapng")
    try folder.write(
      "{\"connections\": [{\"stream\": 0,\n  \"cause\": \"firewal_drop\"}]}",
      to: "name-not-resolved/expected.json"
    )
    let edited = try folder.read("nla-required/expected.json")
      .replacing("\"severity\": \"failure\"", with: "\"severity\": \"warning\"")
    try folder.write(edited, to: "nla-required/expected.json")

    let result = try Command.run("check", ".", in: folder.url)
    #expect(result.status == 65)
    for line in [
      "UNREADABLE  ./healthy-twice/capture.pcapng", "MISSING  ./port-closed/capture.pcapng",
      "DIFFERS  ./nla-required/capture.pcapng", "severity: expected warning, found failure",
      "ORPHANED  ./orphan/expected.json",
      "./name-not-resolved/expected.json:2: there is no cause \"firewal_drop\": did you mean "
        + "\"firewall_drop\"?",
    ] {
      #expect(result.text.contains(line), "\(line)\n\(result.text)")
    }
  }

  @Test(arguments: [("port-closed", "missing"), ("nla-required", "differs")])
  func aDifferenceExitsWithOne(_ name: String, _ outcome: String) throws {
    let folder = try TemporaryFolder()
    try folder.copy(name)
    if outcome == "missing" {
      try FileManager.default.removeItem(at: folder.url.appending(path: "\(name)/expected.json"))
    } else {
      try folder.write(
        #"{"connections": [{"stream": 0, "cause": "firewall_drop"}]}"#,
        to: "\(name)/expected.json"
      )
    }
    #expect(try Command.run("check", name, in: folder.url).status == 1)
  }

  @Test func nothingToCheckIsAnError() throws {
    let folder = try TemporaryFolder()
    let result = try Command.run("check", ".", in: folder.url)
    #expect(result.status == 66)
    #expect(result.errors.contains("nothing to check"))
    #expect(try Command.run("check", "absent.pcap", in: folder.url).status == 66)
    #expect(try Command.run("check").status == 64)
  }

  @Test func recordWritesRefreshesAndSaysWhatChanged() throws {
    let folder = try TemporaryFolder()
    try folder.copy("nla-required")
    try FileManager.default.copyItem(
      at: folder.url.appending(path: "nla-required/capture.pcapng"),
      to: folder.url.appending(path: "mine.pcapng")
    )
    let first = try Command.run("check", "--record", "mine.pcapng", in: folder.url)
    #expect(first.status == 0)
    #expect(first.text.contains("RECORDED  mine.pcapng.expected.json"))
    #expect(try Command.run("check", ".", in: folder.url).status == 0)
    let recorded = try folder.read("mine.pcapng.expected.json")
    #expect(try Command.run("check", "--record", ".", in: folder.url).text.contains("unchanged"))
    #expect(try folder.read("mine.pcapng.expected.json") == recorded)

    let edited = recorded.replacing("\"phase\": \"x224\"", with: "\"phase\": \"tls\"")
    #expect(edited != recorded)
    try folder.write(edited, to: "mine.pcapng.expected.json")
    let again = try Command.run("check", "--record", "mine.pcapng", in: folder.url)
    #expect(again.text.contains("stream 0: phase tls -> x224"))
    #expect(try folder.read("mine.pcapng.expected.json") == recorded)
    #expect(try folder.names == ["mine.pcapng", "mine.pcapng.expected.json", "nla-required"])
  }

  @Test func knownIssuesFailOnlyWhenMended() throws {
    let folder = try TemporaryFolder()
    try folder.copy("nla-required")
    let wrong = #"{"knownIssue": "not yet", "connections": [{"stream": 0, "phase": "tls"}]}"#
    try folder.write(wrong, to: "nla-required/expected.json")
    let known = try Command.run("check", ".", in: folder.url)
    #expect(known.status == 0)
    #expect(known.text.contains("KNOWN"))
    try folder.write(wrong.replacing("\"tls\"", with: "\"x224\""), to: "nla-required/expected.json")
    let mended = try Command.run("check", ".", in: folder.url)
    #expect(mended.status == 1)
    #expect(mended.text.contains("remove \"knownIssue\""))
  }

  @Test func orderDoesNotDependOnScheduling() throws {
    let first = try Command.run("check", "--format", "json", "Captures")
    for _ in 0..<3 {
      #expect(try Command.run("check", "--format", "json", "Captures").output == first.output)
    }
  }
}
