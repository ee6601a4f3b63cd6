/// The outcome of a check for a person at a terminal: what is to be said of each case, then counts.
package struct CheckText {
  private let style: TextStyle

  /// Creates a writer.
  package init(isColored: Bool) { style = TextStyle(isColored: isColored) }

  /// The whole outcome.
  package func text(_ report: CheckReport) -> String {
    let lines = report.cases.flatMap(lines) + [CheckWords.summary(report)]
    return lines.joined(separator: "\n") + "\n"
  }

  private func lines(_ checked: CheckedCase) -> [String] {
    let path = TerminalText.safe(checked.path)
    let expectation = TerminalText.safe(checked.expectation)
    switch checked.outcome {
    case .matches, .unchanged:
      return []
    case .differs(let differences):
      return ["\(style.red("DIFFERS"))  \(path)"] + differences.flatMap { lines($0, expectation) }
    case .invalid(let problems):
      return ["\(style.red("INVALID"))  \(path): its expectation cannot be used"]
        + problems.map { "  \(expectation):\($0.line): \(TerminalText.safe($0.message))" }
    case .recorded(let changes):
      return ["\(style.green("RECORDED"))  \(expectation)"]
        + changes.map { "  " + TerminalText.safe($0) }
    case .known, .fixed, .missing, .orphaned, .unreadable:
      let name = checked.outcome.name.rawValue.uppercased()
      let badge = checked.outcome.isFailure ? style.red(name) : style.yellow(name)
      return [badge + "  " + TerminalText.safe(checked.headline)]
    }
  }

  private func lines(_ difference: SubjectDifference, _ expectation: String) -> [String] {
    var lines = ["  " + TerminalText.safe(difference.subject)]
    for fact in difference.facts {
      lines.append(
        "    \(fact.key): expected \(TerminalText.safe(fact.expected)), "
          + "found \(TerminalText.safe(fact.found)) "
          + style.dim("(\(expectation):\(fact.line))")
      )
    }
    lines += section("evidence that vanished", difference.vanished)
    lines += section("evidence that appeared", difference.appeared)
    return lines
  }

  private func section(_ title: String, _ notes: [EvidenceNote]) -> [String] {
    guard !notes.isEmpty else { return [] }
    return ["    " + style.dim(title)] + notes.map { "      " + TerminalText.safe($0.line) }
  }
}
