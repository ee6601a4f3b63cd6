import Diagnosis
import Streams
import Timeline
import Wire

/// What live capture says, a line each, for a person or a log.
package struct LiveText {
  private let style: TextStyle

  /// Creates a writer.
  package init(isColored: Bool) { style = TextStyle(isColored: isColored) }

  /// The line of one event; `nil` where a person needs none: a final verdict that only confirms.
  package func line(_ event: LiveEvent) -> String? {
    switch event {
    case .verdict(let verdict): line(verdict)
    case .unreached(let attempt): line(attempt)
    case .folded(let folded):
      "\(folded.time) \(badge(folded.severity)) \(folded.count) more on \(folded.server): "
        + "\(folded.cause.title) [\(folded.cause.id)]"
    case .recorded(_, let path, let time):
      "\(time) \(style.dim("KEPT   ")) \(TerminalText.safe(path))"
    case .notice(let warning, let time):
      (time.map { "\($0) " } ?? "")
        + "\(style.yellow("NOTICE ")) \(TerminalText.safe(warning.message)) [\(warning.code)]"
    }
  }

  /// The same in a row of the table, where the cause comes before what may be cut off.
  func row(_ event: LiveEvent) -> String? {
    switch event {
    case .verdict(let said):
      guard said.isNews else { return nil }
      let connection = said.judged.connection
      return row(
        said.judged.verdict,
        "\(connection.client.address) -> \(connection.server)",
        at: said.time,
        isProvisional: said.isProvisional,
        rivals: said.isUndecided ? said.rivals : []
      )
    case .unreached(let said):
      guard !said.isWithdrawn, !said.isFinal || said.revision == 0 else { return line(event) }
      return row(
        said.attempt.verdict,
        "\(said.attempt.client) -> \(TerminalText.safe(said.attempt.server.description))",
        at: said.time,
        isProvisional: false
      )
    case .folded(let folded):
      return
        "\(clock(folded.time)) \(badge(folded.severity)) \(folded.cause.id): \(folded.count) more on "
        + "\(folded.server)"
    case .recorded(_, let path, let time):
      return "\(clock(time)) KEPT    \(TerminalText.safe(path))"
    case .notice(let warning, let time):
      return (time.map(clock) ?? "        ") + " NOTICE  \(TerminalText.safe(warning.message))"
    }
  }

  private func row(
    _ verdict: Verdict,
    _ ends: String,
    at time: Timestamp,
    isProvisional: Bool,
    rivals: [Cause] = []
  ) -> String {
    let causes = [verdict.cause] + rivals
    return "\(clock(time)) \(badge(verdict.severity)) "
      + causes.map(\.id).joined(separator: " or ") + (isProvisional ? " (provisional)" : "")
      + ": \(ends), " + causes.map(\.title).joined(separator: ", or ")
  }

  /// The time of day, UTC: `18:04:31`.
  private func clock(_ time: Timestamp) -> String {
    String(time.description.dropFirst(11).prefix(8))
  }

  private func line(_ said: LiveVerdict) -> String? {
    guard said.isNews else { return nil }
    let connection = said.judged.connection
    let verdict = said.judged.verdict
    var text =
      "\(said.time) \(badge(verdict.severity)) \(connection.client) -> \(connection.server) "
    if said.isUndecided {
      text += "not decided yet: "
      text += ([verdict.cause] + said.rivals).map { "\($0.title) [\($0.id)]" }
        .joined(separator: ", or ")
      text += " (provisional)"
    } else {
      text += "\(verdict.cause.title) (\(verdict.certainty)"
      text += "\(said.isProvisional ? ", provisional" : "")) [\(verdict.cause.id)]"
    }
    text += ", reached \(connection.phase.name), stream \(connection.stream)"
    // What is as likely is as much of a verdict.
    for cause in said.rivals where !said.isUndecided {
      text += ", as likely \(cause.title) [\(cause.id)]"
    }
    if let proof = verdict.evidence.first { text += ": " + TerminalText.safe(proof.text) }
    if 0 < said.revision { text += " (revision \(said.revision))" }
    return text
  }

  private func line(_ said: UnreachedAttempt) -> String? {
    if said.isFinal, !said.isWithdrawn, 0 < said.revision { return nil }
    let attempt = said.attempt
    guard !said.isWithdrawn else {
      return "\(said.time) \(badge(.none)) \(attempt.client) -> "
        + "\(TerminalText.safe(attempt.server.description)) got there after all "
        + "(revision \(said.revision))"
    }
    return "\(said.time) \(badge(attempt.verdict.severity)) \(attempt.client) -> "
      + "\(TerminalText.safe(attempt.server.description)) \(attempt.verdict.cause.title) "
      + "(\(attempt.verdict.certainty)) [\(attempt.verdict.cause.id)]"
  }

  private func badge(_ severity: Severity) -> String {
    switch severity {
    case .failure: style.red("FAILURE")
    case .warning: style.yellow("WARNING")
    case .none: style.green("OK     ")
    }
  }
}
