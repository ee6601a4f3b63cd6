/// The outcome of a check for a person at a terminal: what failed first, then the count.
package struct CheckText {
  private let style: TextStyle

  /// Creates a writer.
  package init(isColored: Bool) { style = TextStyle(isColored: isColored) }

  /// The whole outcome.
  package func text(_ report: CheckReport) -> String {
    let told = report.cases.filter { $0.outcome.name != .matches && $0.outcome.name != .unchanged }
    let blocks = told.map { lines($0).joined(separator: "\n") + "\n" }
    return blocks.joined() + CheckWords.summary(report) + "\n"
  }

  private func lines(_ checked: CheckedCase) -> [String] {
    let path = TerminalText.safe(checked.path)
    let expectation = TerminalText.safe(checked.expectation)
    switch checked.outcome {
    case .matches, .unchanged:
      return []
    case .differs(let differences):
      return ["\(style.red("DIFFERS"))  \(path)"] + differences.flatMap { lines($0, expectation) }
    case .known(let reason, _):
      return ["\(style.yellow("KNOWN"))  \(path): \(TerminalText.safe(reason))"]
    case .fixed(let reason, let line):
      return [
        "\(style.red("FIXED"))  \(path) is as expected now: remove \"knownIssue\" "
          + "(\(TerminalText.safe(reason))), \(expectation):\(line)"
      ]
    case .missing:
      return [
        "\(style.red("MISSING"))  \(path) has no expectation: "
          + "write \(expectation) with rdpscope check --record"
      ]
    case .orphaned:
      return [
        "\(style.red("ORPHANED"))  \(path) has no capture: put it beside, or remove the expectation"
      ]
    case .invalid(let problems):
      return ["\(style.red("INVALID"))  \(path): its expectation cannot be used"]
        + problems.map { "  \(expectation):\($0.line): \(TerminalText.safe($0.message))" }
    case .unreadable(let message, _):
      return ["\(style.red("UNREADABLE"))  \(TerminalText.safe(message))"]
    case .recorded(let changes):
      return ["\(style.green("RECORDED"))  \(expectation)"]
        + changes.map { "  " + TerminalText.safe($0) }
    }
  }

  private func lines(_ difference: SubjectDifference, _ expectation: String) -> [String] {
    var lines = ["  " + difference.subject]
    for fact in difference.facts {
      lines.append(
        "    \(fact.key): expected \(TerminalText.safe(fact.expected)), "
          + "found \(TerminalText.safe(fact.found))"
          + style.dim(fact.line == 0 ? "" : " (\(expectation):\(fact.line))")
      )
    }
    lines += section("evidence that vanished", difference.vanished)
    lines += section("evidence that appeared", difference.appeared)
    return lines
  }

  private func section(_ title: String, _ notes: [EvidenceNote]) -> [String] {
    notes.isEmpty
      ? [] : ["    " + style.dim(title)] + notes.map { "      " + $0.text(TerminalText.safe) }
  }
}

/// Words that the forms of a check's outcome share.
enum CheckWords {
  /// The counts, in a sentence: `171 captures: 162 as expected, 9 known issues`.
  static func summary(_ report: CheckReport) -> String {
    let parts = CheckedCase.Outcome.Name.allCases.compactMap { name -> String? in
      let count = report.count(name)
      return count == 0 ? nil : "\(count) \(word(name, count))"
    }
    let captures = report.cases.count - report.count(.orphaned)
    return "\(captures) capture\(captures == 1 ? "" : "s"): " + parts.joined(separator: ", ")
  }

  private static func word(_ name: CheckedCase.Outcome.Name, _ count: Int) -> String {
    switch name {
    case .matches: "as expected"
    case .differs: count == 1 ? "differs" : "differ"
    case .known: count == 1 ? "known issue" : "known issues"
    case .fixed: "no longer a known issue"
    case .missing: "without expectation"
    case .orphaned: count == 1 ? "expectation without capture" : "expectations without capture"
    case .invalid: "with an expectation that cannot be used"
    case .unreadable: "unreadable"
    case .recorded: "recorded"
    case .unchanged: "unchanged"
    }
  }
}

extension EvidenceNote {
  /// The note in a line; `encode` makes text from the wire harmless.
  func text(_ encode: (String) -> String) -> String {
    let place =
      frames.isEmpty
      ? ""
      : (frames.count == 1 ? "frame " : "frames ") + frames.map(String.init).joined(separator: ", ")
    let head = kinds.joined(separator: " or ") + (place.isEmpty ? "" : ", " + place)
    return text.map { head + ": " + encode($0) } ?? head
  }
}
