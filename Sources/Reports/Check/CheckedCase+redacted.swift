package import Redaction

extension CheckedCase {
  /// What the report says in place of words that people wrote into an expectation.
  private static let withheld = "not told in a redacted report"

  /// The case without paths and without words that people wrote; the analysis behind it is taken
  /// to have pseudonyms already.
  package func redacted(by redactor: Redactor) -> CheckedCase {
    let outcome: Outcome =
      switch outcome {
      case .matches, .differs, .missing, .orphaned, .recorded, .unchanged: outcome
      case .known(_, let differences): .known(reason: Self.withheld, differences)
      case .fixed(_, let line): .fixed(reason: Self.withheld, line: line)
      case .invalid(let problems):
        .invalid(problems.map { ExpectationProblem(line: $0.line, message: Self.withheld) })
      case .unreadable(let message, let status):
        .unreadable(
          message: message.replacing(expectation, with: redactor.path(expectation))
            .replacing(path, with: redactor.path(path)),
          status: status
        )
      }
    return CheckedCase(
      path: redactor.path(path),
      expectation: redactor.path(expectation),
      outcome: outcome
    )
  }
}
