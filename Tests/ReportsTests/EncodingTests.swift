import Foundation
import Testing

@testable import Reports

/// What a hostile peer can put into a name.
private let hostile = [
  "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "a]]>b&amp;'\"",
  "\u{1B}[31mred\u{7}\u{0}\u{85}", "=cmd|'/C calc'!A0", "+1+1", "-2", "@SUM(A1)", "\t=1", "＝1",
  "line\r\n::error::forged\u{2028}x", "::stop-commands::x", "%0A::error::x",
  "| a | b |\n# heading", "[x](javascript:alert(1))", "`code` **bold** ![i](http://e/x)",
  "@everyone #1 http://example.invalid www.example.invalid", "\u{202E}txt.exe\u{FEFF}", "\u{FFFE}",
  String(repeating: "A", count: 10_000), "x,y;z\"q",
]

/// A check whose every text is one hostile string.
private func report(_ text: String) -> CheckReport {
  CheckReport(cases: [
    CheckedCase(
      path: text,
      expectation: text,
      outcome: .differs([
        SubjectDifference(
          subject: text,
          facts: [FactDifference(key: "family", expected: text, found: text, line: 3)],
          appeared: [EvidenceNote(kinds: ["a"], frames: [1], text: text)],
          vanished: [EvidenceNote(kinds: [text])]
        )
      ])
    ),
    CheckedCase(path: text, expectation: text, outcome: .unreadable(message: text, status: 65)),
    CheckedCase(
      path: text,
      expectation: text,
      outcome: .invalid([ExpectationProblem(line: 2, message: text)])
    ),
    CheckedCase(path: text, expectation: text, outcome: .known(reason: text, [])),
    CheckedCase(path: text, expectation: text, outcome: .recorded([text])),
    CheckedCase(path: text, expectation: text, outcome: .fixed(reason: text, line: 1)),
  ])
}

private func isControl(_ scalar: Unicode.Scalar) -> Bool {
  scalar != "\n"
    && [.control, .format, .lineSeparator, .paragraphSeparator].contains(
      scalar.properties.generalCategory
    )
}

@Suite struct EncodingTests {
  @Test(arguments: hostile) func noFormHasControlCharacters(_ text: String) {
    let report = report(text)
    for octets in [
      JUnitReport.text(report), SARIFReport.text(report, version: "1"),
      GitHubAnnotations.text(report), MarkdownReport.text(report),
      Array(CheckText(isColored: false).text(report).utf8),
    ] {
      let output = String(decoding: octets, as: UTF8.self)
      #expect(!output.unicodeScalars.contains(where: isControl))
    }
  }

  @Test(arguments: hostile) func xmlReadsBackAsText(_ text: String) throws {
    let output = String(decoding: JUnitReport.text(report(text)), as: UTF8.self)
    // Only our own elements: nothing of the text became markup.
    let names = Set(output.matches(of: /<\/?([A-Za-z?!\[-]+)/).map { String($0.output.1) })
    #expect(
      names.subtracting([
        "?xml", "testsuites", "testsuite", "testcase", "failure", "error", "skipped",
      ])
      .isEmpty
    )
    #expect(!output.contains("]]>"))
  }

  @Test(arguments: hostile) func jsonReadsBack(_ text: String) throws {
    for octets in [
      SARIFReport.text(report(text), version: "1"), CheckJSON.text(report(text), version: "1"),
    ] {
      #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(octets)) }
    }
    let value = try JSONSerialization.jsonObject(
      with: Data(CheckJSON.text(report(text), version: "1"))
    )
    let cases = try #require((value as? [String: Any])?["cases"] as? [[String: Any]])
    #expect(
      (cases.first?["path"] as? String)?.unicodeScalars.elementsEqual(text.unicodeScalars) == true
    )
  }

  @Test(arguments: hostile) func everyLineForGitHubIsOurs(_ text: String) {
    let lines = String(decoding: GitHubAnnotations.text(report(text)), as: UTF8.self)
      .split(separator: "\n")
    #expect(lines.count == 5)
    #expect(lines.dropLast().allSatisfy { $0.hasPrefix("::error file=") })
    #expect(lines.allSatisfy { $0.utf8.count < 30_000 })
  }

  @Test(arguments: hostile) func markdownHasNoMarkupOfTheWire(_ text: String) {
    let encoded = MarkdownText.encode(text)
    let plain = encoded.replacing("<!-- -->", with: "")
    #expect(!plain.contains("<") && !plain.contains(">"))
    #expect(!plain.contains("\n"))
    #expect(!encoded.contains("://") && !encoded.contains("www."))
    #expect(plain.count < 1000)
    var escaped = false
    for character in plain {
      if !escaped { #expect(!"`*_[]|".contains(character), "\(plain)") }
      escaped = character == "\\" && !escaped
    }
    #expect(!encoded.contains(/[@#]\w/))
  }

  @Test(arguments: hostile) func csvCellsAreNoFormulas(_ text: String) throws {
    let encoded = CSVText.encode(text)
    let cell = encoded.hasPrefix("\"") ? String(encoded.dropFirst()) : encoded
    let first = try #require(cell.unicodeScalars.first { !$0.properties.isWhitespace })
    #expect(!"=+-@|＝＋－＠".unicodeScalars.contains(first))
    #expect(!encoded.contains("\n") && !encoded.contains("\r"))
    if encoded.hasPrefix("\"") {
      #expect(encoded.dropFirst().dropLast().replacing("\"\"", with: "").contains("\"") == false)
    } else {
      #expect(!encoded.contains(","))
    }
  }

  @Test(arguments: [
    ("a/b.pcap", "a/b.pcap"), ("/a b", "file:///a%20b"), ("c:d", "./c:d"), ("ä#?", "%C3%A4%23%3F"),
    ("a\n", "a%0A"),
  ])
  func pathsBecomeURIs(_ path: String, _ uri: String) {
    #expect(URIText.path(path) == uri)
  }

  @Test func aFenceIsLongerThanItsCode() {
    #expect(MarkdownText.code("a ```` b").first == "`````")
  }
}
