import Foundation
import Testing

/// What other programs read, read by other programs.
@Suite struct FormatTests {
  private static let captures = ["Captures/nla-required", "Captures/healthy-twice"]

  /// Whether Python is there; its XML and CSV readers are independent of ours.
  static let hasPython = (try? Command.shell("command -v python3").status) == 0

  private func python(_ program: String, _ text: Data) throws -> Command.Result {
    let folder = try TemporaryFolder()
    try text.write(to: folder.url.appending(path: "input"))
    try folder.write(program, to: "program.py")
    return try Command.shell("python3 program.py input", in: folder.url)
  }

  @Test(
    .enabled(if: hasPython),
    arguments: [
      ["analyze", "--format", "junit"], ["check", "--format", "junit"],
    ]
  )
  func junitIsReadByAnXMLParser(_ arguments: [String]) throws {
    let result = try Command.run(
      Command.binaries.appending(path: "rdpscope"),
      arguments + Self.captures,
      in: Command.root
    )
    #expect(result.status == 0)
    let read = try python(
      """
      import sys, xml.etree.ElementTree as tree
      root = tree.parse(sys.argv[1]).getroot()
      assert root.tag == "testsuites"
      cases = root.findall("testsuite/testcase")
      assert int(root.get("tests")) == len(cases) > 1
      assert int(root.get("failures")) == len(root.findall("testsuite/testcase/failure"))
      assert all(case.get("name") and case.get("classname") for case in cases)
      print(len(root.findall(".//failure")))
      """,
      result.output
    )
    #expect(read.errors == "")
    #expect(read.text == (arguments[0] == "analyze" ? "1\n" : "0\n"))
  }

  @Test(arguments: [["analyze"], ["check"]])
  func sarifHasWhatItsSchemaRequires(_ arguments: [String]) throws {
    let folder = try TemporaryFolder()
    try folder.copy("nla-required", to: "a b")
    try folder.write(#"{"connections": [{"stream": 0, "phase": "tls"}]}"#, to: "a b/expected.json")
    let result = try Command.run(
      Command.binaries.appending(path: "rdpscope"),
      arguments + ["--format", "sarif", "a b"],
      in: folder.url
    )
    let value = try JSONSerialization.jsonObject(with: result.output)
    let log = try #require(value as? [String: Any])
    #expect(log["version"] as? String == "2.1.0")
    #expect((log["$schema"] as? String)?.contains("sarif-schema-2.1.0.json") == true)
    let run = try #require((log["runs"] as? [[String: Any]])?.first)
    let driver = try #require((run["tool"] as? [String: Any])?["driver"] as? [String: Any])
    #expect(driver["name"] as? String == "rdpscope")
    let rules = try #require(driver["rules"] as? [[String: Any]])
    #expect(rules.allSatisfy { $0["id"] is String && text($0["shortDescription"]) != nil })
    let results = try #require(run["results"] as? [[String: Any]])
    #expect(!results.isEmpty)
    for result in results {
      #expect(text(result["message"])?.isEmpty == false)
      #expect(["error", "warning", "note"].contains(result["level"] as? String))
      let index = try #require(result["ruleIndex"] as? Int)
      #expect(rules[index]["id"] as? String == result["ruleId"] as? String)
      let location = try #require((result["locations"] as? [[String: Any]])?.first)
      let place = try #require(location["physicalLocation"] as? [String: Any])
      let artifact = try #require(place["artifactLocation"] as? [String: Any])
      let uri = try #require(artifact["uri"] as? String)
      #expect(uri.hasPrefix("a%20b/"))
      #expect(((place["region"] as? [String: Any])?["startLine"] as? Int ?? 0) >= 1)
    }
  }

  private func text(_ message: Any?) -> String? { (message as? [String: Any])?["text"] as? String }

  @Test(.enabled(if: hasPython)) func csvIsReadByACSVReader() throws {
    let result = try Command.run("analyze", "--format", "csv", "Captures")
    let read = try python(
      """
      import csv, sys
      rows = list(csv.reader(open(sys.argv[1], newline="")))
      assert all(len(row) == len(rows[0]) for row in rows), "ragged"
      assert not any(cell[:1] in "=+-@\\t\\r" and cell for row in rows for cell in row)
      print(len(rows) > 100)
      """,
      result.output
    )
    #expect(read.errors == "")
    #expect(read.text == "True\n")
  }

  @Test func everyLineOfJSONLIsAConnection() throws {
    let lines = try Command.run("analyze", "--format", "jsonl", "Captures").text.split(
      separator: "\n"
    )
    let json = try Command.run("analyze", "--format", "json", "Captures")
    let report = try #require(
      JSONSerialization.jsonObject(with: json.output) as? [String: Any]
    )
    let connections = try #require(report["connections"] as? [[String: Any]])
    #expect(lines.count == connections.count)
    for (line, connection) in zip(lines, connections) {
      var value = try #require(
        JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      )
      #expect(value.removeValue(forKey: "path") is String)
      #expect(value.removeValue(forKey: "revision") as? Int == 0)
      #expect(value.removeValue(forKey: "final") as? Bool == true)
      #expect(NSDictionary(dictionary: value) == NSDictionary(dictionary: connection))
    }
  }

  @Test func githubAnnotatesTheExpectationsLine() throws {
    let folder = try TemporaryFolder()
    try folder.copy("nla-required")
    try folder.write(
      "{\"connections\": [{\"stream\": 0,\n\"phase\": \"tls\"}]}",
      to: "nla-required/expected.json"
    )
    let result = try Command.run("check", "--format", "github", "nla-required", in: folder.url)
    #expect(result.status == 1)
    #expect(
      result.text.hasPrefix(
        "::error file=nla-required/expected.json,line=2,title=nla-required/capture.pcapng%2C "
      )
    )
    #expect(result.text.split(separator: "\n").count == 2)
  }

  @Test func markdownNamesTheProof() throws {
    let text = try Command.run("--format", "markdown", "Captures/nla-required").text
    #expect(text.hasPrefix("## Captures/nla-required/capture.pcapng\n"))
    #expect(text.contains("| failure | 192.0.2.10 | 198.51.100.20:3389 |"))
    #expect(text.contains("frame.number in {"))
  }

  @Test func aBaselineHidesWhatIsKnown() throws {
    let folder = try TemporaryFolder()
    try folder.copy("nla-required")
    try folder.copy("port-closed")
    let make = try Command.run(
      "--format",
      "json",
      "-o",
      "known.json",
      "nla-required",
      in: folder.url
    )
    #expect(make.status == 0)
    let same = try Command.run(
      "--baseline",
      "known.json",
      "--fail-on",
      "failure",
      "nla-required",
      in: folder.url
    )
    #expect(same.status == 0)
    #expect(same.errors.contains("1 attempt no worse than in known.json"))
    let more = try Command.run(
      "--baseline",
      "known.json",
      "--fail-on",
      "failure",
      "--format",
      "json",
      ".",
      in: folder.url
    )
    #expect(more.status == 1)
    let report = try #require(
      JSONSerialization.jsonObject(with: more.output) as? [String: Any]
    )
    #expect((report["baseline"] as? [String: Any])?["known"] as? Int == 1)
    try folder.write("{}", to: "known.json")
    #expect(try Command.run("--baseline", "known.json", ".", in: folder.url).status == 65)
    #expect(try Command.run("--baseline", "absent", ".", in: folder.url).status == 66)
  }
}
