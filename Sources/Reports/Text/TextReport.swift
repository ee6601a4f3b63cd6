import Diagnosis
import TLSMessages
import RDPMessages
import Streams
import Timeline
import Wire

/// The report for a person at a terminal: the answer first, then the proof, then the fix.
package struct TextReport {
  /// Columns that prose is wrapped to.
  static let width = 96
  /// Attempts that worked and are listed one by one; more are counted.
  static let maximumHealthy = 20

  /// Connections of one attempt that are listed; more are counted.
  static let maximumConnections = 20

  let style: TextStyle

  /// Creates a report writer.
  package init(isColored: Bool) { style = TextStyle(isColored: isColored) }

  /// The whole report.
  package func text(_ report: AnalysisReport) -> String {
    let together = report.endToEnd.map { [endToEnd($0)] } ?? []
    let captures = report.captures.enumerated().map { index, capture in
      self.capture(capture) { report.sameAttempt(as: $0, ofCapture: index) != nil }
    }
    return (together + captures).joined(separator: "\n")
  }

  private func capture(_ capture: CaptureReport, isSaid: (Attempt) -> Bool) -> String {
    let attempts = capture.diagnosis.attempts.filter { !isSaid($0) }
    var lines = [style.bold(TerminalText.safe(capture.path)) + ": " + headline(capture)]
    for warning in capture.warnings {
      let place = warning.frame.map { " (frame \($0))" } ?? ""
      lines.append(style.yellow("warning: ") + TerminalText.safe(warning.message) + place)
    }
    if let answer = capture.answer {
      lines.append(
        style.bold("the user's " + TerminalText.safe(answer.code.text)) + ": "
          + TerminalText.safe(answer.text)
      )
    }
    if attempts.count < capture.diagnosis.attempts.count {
      lines.append("the other side of the attempts above: their verdicts are not repeated")
    }
    let ranked = attempts.enumerated().sorted {
      (capture.severity(of: $1.element), $0.offset) < (capture.severity(of: $0.element), $1.offset)
    }.map(\.element)
    let worked = ranked.filter { capture.severity(of: $0) == .none && $0.streams.count == 1 }
    for attempt in ranked
    where !(capture.severity(of: attempt) == .none && attempt.streams.count == 1) {
      lines.append("")
      lines += self.attempt(attempt, in: capture)
    }
    if !worked.isEmpty { lines.append("") }
    lines += worked.prefix(Self.maximumHealthy).map { brief($0, in: capture.diagnosis) }
    if Self.maximumHealthy < worked.count {
      lines.append("  and \(worked.count - Self.maximumHealthy) more that worked")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func headline(_ capture: CaptureReport) -> String {
    let attempts = capture.diagnosis.attempts
    guard !attempts.isEmpty else {
      return "\(count(capture.packets, "packet")), no RDP connection. "
        + "RDP on an unusual port without its beginning? Name the port with --port."
    }
    let failures = attempts.count { capture.severity(of: $0) == .failure }
    let verdict = failures == 0 ? "no failure" : count(failures, "failure")
    return "\(verdict) in \(count(attempts.count, "attempt")) "
      + "(\(count(capture.diagnosis.connectionCount, "connection")), \(count(capture.packets, "packet")))"
  }

  private func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }

  private func badge(_ severity: Severity) -> String {
    switch severity {
    case .failure: style.red("FAILURE")
    case .warning: style.yellow("WARNING")
    case .none: style.green("OK")
    }
  }

  private func brief(_ attempt: Attempt, in diagnosis: Diagnosis) -> String {
    let paths = Self.paths(of: attempt, in: diagnosis).map { ", \($0.connection.name)" }.joined()
    return
      "\(badge(.none))  \(attempt.client) -> \(attempt.server), stream \(attempt.streams[0])\(paths): "
      + "\(attempt.verdict.cause.title) (\(attempt.verdict.cause.family.rawValue), \(attempt.verdict.certainty))"
  }

  private func attempt(_ attempt: Attempt, in capture: CaptureReport) -> [String] {
    let verdict = attempt.verdict
    var lines = [
      "\(badge(capture.severity(of: attempt)))  \(style.bold(verdict.cause.title)) (\(verdict.certainty))",
      "  \(attempt.client) -> \(attempt.server) at \(attempt.start)",
    ]
    lines += TerminalText.wrap(verdict.cause.explanation, width: Self.width - 2).map { "  " + $0 }
    lines += section("Proof", verdict.evidence.map(line))
    lines += section("Against it", verdict.against.map(line))
    if capture.severity(of: attempt) != .none {
      lines += section("Do this", verdict.cause.remedies.flatMap(remedy))
      lines += section(
        "This would settle it",
        verdict.confidence < 0.9 ? verdict.wouldSettle : []
      )
      lines += section("The capture limits this", verdict.limits.map(line))
      lines += section(
        "Also possible",
        verdict.alternatives.filter { $0.cause.family != verdict.cause.family }.map {
          $0.cause.title
        }
      )
      lines += section(
        "Users see",
        verdict.cause.clientCodes.isEmpty ? [] : [verdict.cause.clientCodes.joined(separator: ", ")]
      )
    }
    let streams = Set(attempt.streams)
    let members = capture.diagnosis.connections.filter { streams.contains($0.connection.stream) }
    var listed = members.prefix(Self.maximumConnections).map(connection)
    if Self.maximumConnections < members.count {
      listed.append("and \(members.count - Self.maximumConnections) more")
    }
    let paths = Self.paths(of: attempt, in: capture.diagnosis)
    lines += section("Connections", listed + paths.map(path))
    let frames = Array(Set(verdict.evidence.flatMap(\.frames))).sorted()
    if !frames.isEmpty {
      lines += section(
        "In Wireshark",
        ["frame.number in {" + frames.map(String.init).joined(separator: ", ") + "}"]
      )
    }
    return lines
  }

  private func section(_ title: String, _ body: [String]) -> [String] {
    body.isEmpty ? [] : ["  " + style.dim(title)] + body.map { "    " + $0 }
  }

  private func line(_ evidence: Evidence) -> String {
    let frames = evidence.frames.map(String.init).joined(separator: ", ")
    let place = evidence.frames.count == 1 ? "frame \(frames)" : "frames \(frames)"
    return (evidence.frames.isEmpty ? "" : place + ": ") + TerminalText.safe(evidence.text)
  }

  private func remedy(_ remedy: Remedy) -> [String] {
    ["\(remedy.place): \(remedy.text)"] + (remedy.command.map { ["    \($0)"] } ?? [])
  }

  private func connection(_ judged: JudgedConnection) -> String {
    let connection = judged.connection
    let place = connection.isInsideGateway ? "inside the gateway's channel of stream" : "stream"
    var parts = [
      "\(place) \(connection.stream) (\(judged.role.rawValue))", "reached \(connection.phase.name)",
    ]
    if case .cookie(let user) = connection.facts.request?.message.line {
      parts.append("user \(TerminalText.safe(user))")
    }
    if let gateway = connection.facts.gateway {
      parts.append(
        gateway.kind == .kdcProxy
          ? "KDC proxy" : "gateway \(TerminalText.safe(gateway.host ?? "of an unknown name"))"
      )
      if let target = gateway.target { parts.append("to \(TerminalText.safe(target))") }
    }
    if let requested = connection.facts.request?.message.negotiation?.requestedProtocols {
      let chosen =
        connection.facts.selected?.names.joined(separator: "+")
        ?? connection.facts.refusal?.name ?? "no answer"
      parts.append("\(requested.names.joined(separator: "+")) -> \(chosen)")
    }
    if let hello = connection.facts.tls.serverHello?.message {
      parts.append("\(hello.selectedVersion.name) \(hello.cipherSuite.name)")
    }
    parts.append(connection.ending.words)
    parts.append(judged.verdict.cause.family.rawValue)
    return parts.joined(separator: ", ")
  }

  /// The attempt's UDP side paths.
  private static func paths(of attempt: Attempt, in diagnosis: Diagnosis) -> [JudgedUDPConnection] {
    guard !diagnosis.udpConnections.isEmpty else { return [] }
    let place = diagnosis.attempts.firstIndex {
      $0.streams == attempt.streams && $0.start == attempt.start && $0.client == attempt.client
    }
    return diagnosis.udpConnections.filter { $0.attempt == place }
  }

  private func path(_ judged: JudgedUDPConnection) -> String {
    let path = judged.connection
    return [
      "\(path.name) from \(path.client) (UDP)", "version \(path.version.name)",
      path.isLossy ? "lossy" : "reliable", "reached \(path.facts.deepest.name)",
      path.ending.words, judged.verdict.cause.family.rawValue,
    ].joined(separator: ", ")
  }
}
