import Testing

@testable import Expectations

@Suite struct JSONParserTests {
  private func parse(_ text: String) throws(JSONError) -> JSONNode {
    try JSONParser.parse(Array(text.utf8))
  }

  @Test func valuesKeepTheirLines() throws {
    let root = try parse("{\n  \"a\": [1,\n    -2.5e1],\n  \"b\": \"\\u00e4\\ud83d\\ude00\\n\"\n}")
    #expect(root["a"]?.line == 2)
    #expect(root["a"]?.elements.map(\.line) == [2, 3])
    #expect(root["a"]?.elements.last?.value == .number(-25))
    #expect(root["b"]?.string == "ä😀\n")
    #expect(root["b"]?.line == 4)
  }

  @Test(arguments: [
    ("{", 1), ("{\"a\": 1,\n}", 2), ("[1 2]", 1), ("\n\n\"open", 3), ("[1]\nx", 2), ("+1", 1),
    ("tru", 1), ("\"\\x\"", 1), ("\"\\u12\"", 1), ("", 1), ("{\"a\" 1}", 1), ("\"a\nb\"", 1),
    ("nan", 1), ("1e999", 1),
  ])
  func whatIsNoJSONIsRefusedWithItsLine(_ text: String, _ line: Int) {
    #expect { try parse(text) } throws: { ($0 as? JSONError)?.line == line }
  }

  @Test func halfAPairBecomesAReplacement() throws {
    #expect(try parse("\"\\ud800x\"").string == "\u{FFFD}x")
  }

  @Test func depthIsLimited() {
    #expect(throws: JSONError.self) { try parse(String(repeating: "[", count: 100_000)) }
    #expect(throws: Never.self) {
      try parse(String(repeating: "[", count: 60) + String(repeating: "]", count: 60))
    }
  }

  @Test func textThatIsNotUTF8IsRefused() {
    #expect(throws: JSONError.self) { try JSONParser.parse([0x22, 0xFF, 0x22]) }
  }

  @Test func everyPrefixIsRefused() {
    let text = Array("{\"a\": [1, true, null, \"x\\u0041\"]}".utf8)
    for count in 0..<text.count {
      #expect(throws: JSONError.self) { try JSONParser.parse(Array(text[..<count])) }
    }
  }
}
