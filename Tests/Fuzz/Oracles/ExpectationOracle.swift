import Expectations
import Reports

/// Files that people edit: whatever was accepted is written back and read as the same.
enum ExpectationOracle {
  static func check(_ input: [UInt8]) throws(Violation) {
    _ = try? Baseline(reading: input)
    let expectation: Expectation
    do throws(ExpectationError) {
      expectation = try Expectation(reading: input)
    } catch {
      let lines = 1 + input.count { $0 == UInt8(ascii: "\n") }
      try require(!error.problems.isEmpty, "refused without a problem")
      for problem in error.problems {
        try require(1...lines ~= problem.line, "a problem in line \(problem.line) of \(lines)")
      }
      return
    }
    let text = expectation.text
    let again: Expectation
    do throws(ExpectationError) {
      again = try Expectation(reading: text)
    } catch {
      throw Violation("what was written is not read again: \(error.problems)")
    }
    try require(again.text == text, "an expectation changes when it is written and read")
  }
}
