import Reports
import Testing

@testable import Expectations

@Suite struct ExpectationReaderTests {
  private func problems(_ text: String) -> [String] {
    do throws(ExpectationError) {
      _ = try Expectation(reading: Array(text.utf8))
      return []
    } catch {
      return error.problems.map { "\($0.line): \($0.message)" }
    }
  }

  @Test(arguments: [
    ("{\n \"conections\": []}", "2: unknown key \"conections\": did you mean \"connections\"?"),
    (
      "{\"connections\": [{\"stream\": 0,\n\"cause\": \"nla_requird\"}]}",
      "2: there is no cause \"nla_requird\": did you mean \"nla_required\"?"
    ),
    (
      "{\"connections\": [{\"stream\": 0, \"family\": \"helthy\"}]}",
      "1: there is no family \"helthy\": did you mean \"healthy\"?"
    ),
    (
      "{\"connections\": [{\"stream\": 0, \"evidence\": [\"refused_hybird_required\"]}]}",
      "1: there is no kind of evidence \"refused_hybird_required\": "
        + "did you mean \"refused_hybrid_required\"?"
    ),
    (
      "{\"connections\": [{\"family\": \"healthy\"}]}",
      "1: a connection needs its \"stream\", the number that Wireshark gives it"
    ),
    (
      "{\"connections\": [{\"stream\": 0, \"minimumConfidence\": 90}]}",
      "1: a confidence is from 0 to 1, found 90.0"
    ),
    ("{\"connections\": {}}", "1: expected a list, found an object"),
    ("{\"connections\": [{\"stream\": 1.5}]}", "1: expected a whole number from 0, found a number"),
    ("{\"note\": 1}", "1: expected a string, found a number"),
    ("{\"note\": \"a\", \"note\": \"b\"}", "1: the key \"note\" comes twice"),
    ("[]", "1: expected an object, found a list"),
    (
      "{\"connections\": [{\"stream\": 0}, {\"stream\": 0}]}", "1: stream 0 is described twice"
    ),
    ("{", "1: expected a key in quotes, the text ends"),
  ])
  func aProblemIsNamedWithItsLine(_ text: String, _ problem: String) {
    #expect(problems(text) == [problem])
  }

  @Test func allProblemsAreNamed() {
    #expect(problems("{\"a\": 1, \"connections\": [{\"stream\": 0, \"phase\": \"x\"}]}").count == 2)
  }

  @Test(arguments: [
    ("kitten", "sitting", 3), ("", "abc", 3), ("abc", "abc", 0), ("ab", "ba", 1), ("abc", "", 3),
  ])
  func distanceCountsLetters(_ one: String, _ other: String, _ distance: Int) {
    #expect(Words.distance(one, other) == distance)
  }

  @Test func nothingIsNearToAnotherWord() {
    #expect(Words.nearest(to: "zzzzzzzz", among: Words.families) == nil)
    #expect(Words.nearest(to: String(repeating: "a", count: 10_000), among: Words.causes) == nil)
  }
}
