package import Diagnosis
import Timeline

/// JUnit XML, as the Jenkins plug-in's schema and GitLab read it: a suite for each capture.
package enum JUnitReport {
  /// A test case a capture: its attempts are the cases, failed ones those at or above `severity`.
  package static func text(_ report: AnalysisReport, failing severity: Severity) -> [UInt8] {
    document(
      name: "rdpscope analyze",
      report.captures.map { capture in
        Suite(
          name: capture.path,
          cases: zip(capture.diagnosis.attempts, capture.diagnosis.connectionNames)
            .map { attempt, names in TestCase(capture, attempt, names, failing: severity) }
        )
      }
    )
  }

  /// A suite for all captures: each is a case.
  package static func text(_ report: CheckReport) -> [UInt8] {
    document(
      name: "rdpscope check",
      [Suite(name: "rdpscope check", cases: report.cases.map(TestCase.init))]
    )
  }

  fileprivate struct Suite {
    let name: String
    let cases: [TestCase]
  }

  fileprivate enum Result {
    case passed
    case failure(type: String, message: String, lines: [String])
    case error(type: String, message: String, lines: [String])
    case skipped(message: String)
  }

  fileprivate struct TestCase {
    let name: String
    let className: String
    let result: Result
    var output: [String] = []
  }

  private static func document(name: String, _ suites: [Suite]) -> [UInt8] {
    let cases = suites.flatMap(\.cases)
    var lines = [
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
      "<testsuites name=\"\(XMLText.encode(name))\" \(counts(cases))>",
    ]
    for suite in suites {
      lines.append("  <testsuite name=\"\(XMLText.encode(suite.name))\" \(counts(suite.cases))>")
      lines += suite.cases.flatMap(element)
      lines.append("  </testsuite>")
    }
    lines.append("</testsuites>")
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  private static func counts(_ cases: [TestCase]) -> String {
    var failures = 0
    var errors = 0
    var skipped = 0
    for testCase in cases {
      switch testCase.result {
      case .passed: break
      case .failure: failures += 1
      case .error: errors += 1
      case .skipped: skipped += 1
      }
    }
    return "tests=\"\(cases.count)\" failures=\"\(failures)\" errors=\"\(errors)\" "
      + "skipped=\"\(skipped)\" time=\"0\""
  }

  private static func element(_ testCase: TestCase) -> [String] {
    var lines = [
      "    <testcase classname=\"\(XMLText.encode(testCase.className))\" "
        + "name=\"\(XMLText.encode(testCase.name))\" time=\"0\">"
    ]
    switch testCase.result {
    case .passed: break
    case .failure(let type, let message, let details):
      lines.append(problem("failure", type, message, details))
    case .error(let type, let message, let details):
      lines.append(problem("error", type, message, details))
    case .skipped(let message):
      lines.append("      <skipped message=\"\(XMLText.encode(message))\"/>")
    }
    if !testCase.output.isEmpty {
      lines.append("      <system-out>\(XMLText.encode(lines: testCase.output))</system-out>")
    }
    return lines + ["    </testcase>"]
  }

  private static func problem(
    _ element: String,
    _ type: String,
    _ message: String,
    _ lines: [String]
  ) -> String {
    "      <\(element) type=\"\(XMLText.encode(type))\" message=\"\(XMLText.encode(message))\">"
      + XMLText.encode(lines: lines) + "</\(element)>"
  }
}

extension JUnitReport.TestCase {
  init(
    _ capture: CaptureReport,
    _ attempt: Attempt,
    _ names: [ConnectionName],
    failing severity: Severity
  ) {
    let verdict = attempt.verdict
    let place = names.isEmpty ? "" : ", " + names.words
    let details =
      ["\(verdict.cause.title) (\(verdict.certainty))", verdict.cause.explanation]
      + verdict.evidence.map(\.line)
      + verdict.cause.remedies.map { "\($0.place): \($0.text)" }
    let own = capture.severity(of: attempt)
    let isFailure = own != .none && severity <= own
    self.init(
      name: "\(attempt.client) -> \(attempt.server) at \(attempt.start)\(place)",
      className: capture.path,
      result: isFailure
        ? .failure(type: verdict.cause.id, message: verdict.cause.title, lines: details) : .passed,
      output: isFailure ? [] : details
    )
  }

  init(_ checked: CheckedCase) {
    let result: JUnitReport.Result =
      switch checked.outcome {
      case .matches, .recorded, .unchanged: .passed
      case .known(let reason, _): .skipped(message: "known issue: " + reason)
      case .differs(let differences):
        .failure(
          type: "differs",
          message: checked.headline,
          lines: differences.flatMap { [$0.subject] + CheckWords.lines($0).map { "  " + $0 } }
        )
      case .fixed, .missing, .orphaned:
        .failure(
          type: checked.outcome.name.rawValue,
          message: checked.headline,
          lines: [checked.headline]
        )
      case .invalid(let problems):
        .error(
          type: "invalid",
          message: checked.headline,
          lines: problems.map { "\(checked.expectation):\($0.line): \($0.message)" }
        )
      case .unreadable(let message, _):
        .error(type: "unreadable", message: message, lines: [message])
      }
    self.init(name: checked.path, className: "rdpscope.check", result: result)
  }
}
