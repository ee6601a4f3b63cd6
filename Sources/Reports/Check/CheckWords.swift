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

  /// A difference, a fact a line.
  static func lines(_ difference: SubjectDifference) -> [String] {
    difference.facts.map { "\($0.key): expected \($0.expected), found \($0.found)" }
      + difference.vanished.map { "evidence vanished: " + $0.line }
      + difference.appeared.map { "evidence appeared: " + $0.line }
  }

  /// The rule of an outcome.
  static func rule(_ name: CheckedCase.Outcome.Name) -> Annotation.Rule {
    let (title, help) =
      switch name {
      case .differs:
        (
          "the analysis is not as expected",
          "look at the evidence that changed; when the new verdict is right, run rdpscope check --record"
        )
      case .known: ("a known issue", "nothing, until the analysis says what is expected")
      case .fixed: ("a known issue is mended", "remove \"knownIssue\" from the expectation")
      case .missing: ("a capture has no expectation", "run rdpscope check --record")
      case .orphaned: ("an expectation has no capture", "remove it, or put the capture beside it")
      case .invalid: ("an expectation cannot be used", "correct the line that is named")
      default: ("a capture cannot be read", "check the file")
      }
    return Annotation.Rule(
      id: "check_\(name.rawValue)",
      title: title,
      explanation: title,
      help: help
    )
  }
}

extension EvidenceNote {
  /// The note in a line.
  var line: String {
    var line = kinds.joined(separator: " or ")
    if !frames.isEmpty {
      line += frames.count == 1 ? ", frame " : ", frames "
      line += frames.map(String.init).joined(separator: ", ")
    }
    return text.map { line + ": " + $0 } ?? line
  }
}
