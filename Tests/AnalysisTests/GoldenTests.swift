import Diagnosis
import Expectations
import Foundation
import Reports
import Testing

/// Every case of `Captures/` against its expectation, read and compared as `rdpscope check` does.
///
/// A `knownIssue` in an expectation says what the analysis does not answer rightly yet; a case that
/// starts to pass fails here until the line is removed.
@Suite struct GoldenTests {
  @Test func thereAreCaptures() {
    #expect(15 <= GoldenCase.all.count)
  }

  @Test(arguments: GoldenCase.all)
  func captureGivesItsExpectation(_ golden: GoldenCase) throws {
    let text = try Data(contentsOf: golden.folder.appending(path: "expected.json"))
    let expectation = try Expectation(reading: Array(text))
    let report = try analyse(golden.capture.path)
    let differences = expectation.differences(from: report).map(\.description)
    if let issue = expectation.knownIssue {
      withKnownIssue("\(issue.value)") { #expect(differences == []) }
    } else {
      #expect(differences == [])
    }
    #expect(report.diagnosis.connections.allSatisfy { !$0.verdict.evidence.isEmpty })
  }
}

extension SubjectDifference {
  /// The difference in a line.
  var description: String {
    subject + ": "
      + facts.map { "\($0.key) \($0.expected), not \($0.found)" }.joined(separator: "; ")
  }
}
