import Diagnosis
import Timeline

/// Markdown, for tickets and the summaries of CI jobs.
package enum MarkdownReport {
  /// Attempts described one by one; a job's summary has a limit of size, and the rest are counted.
  static let maximumDetails = 50

  /// What became of every attempt: a table, then proof and remedies of those that failed.
  package static func text(_ report: AnalysisReport) -> [UInt8] {
    var lines: [String] = []
    for capture in report.captures {
      if !lines.isEmpty { lines.append("") }
      lines += section(capture)
    }
    return octets(lines)
  }

  /// What a check found.
  package static func text(_ report: CheckReport) -> [UInt8] {
    let mark = report.isClean ? "passed" : "failed"
    var lines = ["## Check of RDP captures: \(mark)", "", CheckWords.summary(report)]
    let told = report.cases.filter { $0.outcome.name != .matches && $0.outcome.name != .unchanged }
    guard !told.isEmpty else { return octets(lines) }
    lines += ["", "| outcome | capture | what |", "|---|---|---|"]
    lines += told.map { checked in
      "| \(checked.outcome.name.rawValue) | \(MarkdownText.encode(checked.path)) "
        + "| \(MarkdownText.encode(checked.headline)) |"
    }
    let differing = told.filter(\.outcome.isFailure)
    for checked in differing.prefix(maximumDetails) {
      guard case .differs(let differences) = checked.outcome else { continue }
      lines += ["", "### " + MarkdownText.encode(checked.path), ""]
      for difference in differences {
        lines.append("- " + MarkdownText.encode(difference.subject))
        lines += CheckWords.lines(difference).map { "  - " + MarkdownText.encode($0) }
      }
    }
    if maximumDetails < differing.count {
      lines += ["", "and \(differing.count - maximumDetails) more"]
    }
    return octets(lines)
  }

  private static func octets(_ lines: [String]) -> [UInt8] {
    Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  private static func section(_ capture: CaptureReport) -> [String] {
    let attempts = capture.diagnosis.attempts
    let failures = attempts.count { capture.severity(of: $0) == .failure }
    var lines = [
      "## " + MarkdownText.encode(capture.path), "",
      "\(failures) of \(attempts.count) attempt\(attempts.count == 1 ? "" : "s") failed "
        + "(connections: \(capture.diagnosis.connectionCount), packets: \(capture.packets)).",
    ]
    lines += capture.warnings.flatMap { ["", "Warning: " + MarkdownText.encode($0.message)] }
    guard !attempts.isEmpty else { return lines }
    lines += [
      "", "| | client | server | start | connections | verdict |", "|---|---|---|---|---|---|",
    ]
    lines += zip(attempts, capture.diagnosis.connectionNames).map { attempt, names in
      row(attempt, names, capture.severity(of: attempt))
    }
    let failed = attempts.filter { capture.severity(of: $0) != .none }
    for attempt in failed.prefix(maximumDetails) { lines += details(attempt) }
    if maximumDetails < failed.count {
      lines += ["", "and \(failed.count - maximumDetails) more"]
    }
    return lines
  }

  private static func row(
    _ attempt: Attempt,
    _ names: [ConnectionName],
    _ severity: Severity
  ) -> String {
    let word = severity == .none ? "ok" : severity.rawValue
    let cells = [
      word, "\(attempt.client)", "\(attempt.server)", "\(attempt.start)",
      names.list,
      "\(attempt.verdict.cause.title) (\(attempt.verdict.certainty))",
    ]
    return "| " + cells.map(MarkdownText.encode).joined(separator: " | ") + " |"
  }

  private static func details(_ attempt: Attempt) -> [String] {
    let verdict = attempt.verdict
    var lines = [
      "", "### " + MarkdownText.encode("\(attempt.client) -> \(attempt.server)"), "",
      "**\(MarkdownText.encode(verdict.cause.title))** (\(verdict.certainty)). "
        + MarkdownText.encode(verdict.cause.explanation),
      "", "Proof:", "",
    ]
    lines += verdict.evidence.map { "- " + MarkdownText.encode($0.line) }
    if !verdict.against.isEmpty {
      lines +=
        ["", "Against it:", ""] + verdict.against.map { "- " + MarkdownText.encode($0.line) }
    }
    for remedy in verdict.cause.remedies {
      lines += ["", MarkdownText.encode("\(remedy.place): \(remedy.text)")]
      if let command = remedy.command { lines += [""] + MarkdownText.code(command) }
    }
    let frames = Set(verdict.evidence.flatMap(\.frames)).sorted()
    if !frames.isEmpty {
      let filter = "frame.number in {" + frames.map(String.init).joined(separator: ", ") + "}"
      lines += ["", "In Wireshark:", ""] + MarkdownText.code(filter)
    }
    return lines
  }
}
