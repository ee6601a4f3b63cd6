import Diagnosis
import RDPMessages
package import Reports
import Streams
import TLSMessages
import Timeline
import Wire

extension Expectation {
  /// What of a capture's report is not as expected; empty when all is.
  ///
  /// Connections and attempts that the expectation does not mention are not compared.
  package func differences(from report: CaptureReport) -> [SubjectDifference] {
    var found: [SubjectDifference] = []
    if let expected = connectionCount {
      var facts = FactComparison()
      facts.compare("connectionCount", expected, report.diagnosis.connectionCount)
      found += facts.difference(of: "capture")
    }
    for expected in connections {
      let stream = expected.stream.value
      if let judged = report.diagnosis.connections.first(where: { $0.connection.stream == stream })
      {
        found += expected.compare(judged, tolerance)
      } else {
        var facts = FactComparison()
        facts.add("stream", "a connection with this number", "none", expected.stream.line)
        found += facts.difference(of: "stream \(stream)")
      }
    }
    for expected in attempts { found += expected.compare(report.diagnosis.attempts) }
    return found
  }
}

extension ExpectedConnection {
  fileprivate func compare(
    _ judged: JudgedConnection,
    _ tolerance: Tolerance
  ) -> [SubjectDifference] {
    let connection = judged.connection
    let verdict = judged.verdict
    var facts = FactComparison()
    if let family, !families.contains(verdict.cause.family.rawValue) {
      facts.add(
        "family",
        families.joined(separator: " or "),
        verdict.cause.family.rawValue,
        family.line
      )
    }
    // A family that will do as well has causes of its own.
    if !familyAlternatives.contains(verdict.cause.family.rawValue) {
      facts.compare("cause", cause, verdict.cause.id)
    }
    facts.compare("role", role, judged.role.rawValue)
    facts.compare("severity", severity, verdict.severity.rawValue)
    facts.compare(atLeast: minimumConfidence, verdict.roundedConfidence)
    facts.compare("phase", phase, connection.phase.name)
    compare(connection.ending, start: connection.start, tolerance, &facts)
    compareCodes(connection.facts, &facts)
    compareEvidence(verdict, tolerance, &facts)
    guard !facts.list.isEmpty else { return [] }
    let changes = EvidenceChanges(
      from: evidence?.value,
      causes: cause.map { [$0.value] },
      families: families,
      to: verdict
    )
    return facts.difference(of: "stream \(connection.stream)", changes)
  }

  /// The families that will do.
  package var families: [String] { (family.map { [$0.value] } ?? []) + familyAlternatives }

  private func compare(
    _ found: Ending,
    start: Moment,
    _ tolerance: Tolerance,
    _ facts: inout FactComparison
  ) {
    guard let ending else { return }
    facts.compare("ending.kind", ending.kind, found.kind.rawValue)
    facts.compare("ending.by", ending.actor, found.actor.rawValue)
    if let frame = ending.frame, tolerance.frames < abs(frame.value - found.moment.frame) {
      facts.add("ending.frame", "\(frame.value)", "\(found.moment.frame)", frame.line)
    }
    let seconds = found.moment.time.seconds(since: start.time)
    if let expected = ending.seconds, tolerance.seconds < abs(expected.value - seconds) {
      facts.add("ending.seconds", "\(expected.value)", "\(seconds)", expected.line)
    }
  }

  private func compareCodes(_ found: MessageFacts, _ facts: inout FactComparison) {
    guard let codes else { return }
    if let expected = codes.failureCode {
      let code = found.refusal.map { (number: Int($0.rawValue), name: $0.name) }
      facts.compare("codes.failureCode", expected, code.map { [$0] } ?? [])
    }
    if let expected = codes.errorInfo {
      let code = found.errorInfo.map { (Int($0.message.rawValue), $0.message.name) }
      facts.compare("codes.errorInfo", expected, code.map { [$0] } ?? [])
    }
    let alerts = found.tls.alerts.compactMap { fact in
      fact.alert.map { (number: Int($0.description.rawValue), name: $0.description.name) }
    }
    for expected in codes.alerts { facts.compare("codes.alerts", expected, alerts) }
  }

  private func compareEvidence(
    _ verdict: Verdict,
    _ tolerance: Tolerance,
    _ facts: inout FactComparison
  ) {
    if let evidence {
      let present = Set(verdict.evidence.map(\.kind.name))
      let missing = evidence.value.filter { !present.contains($0) }
      if !missing.isEmpty {
        facts.add("evidence", missing.joined(separator: ", "), "not there", evidence.line)
      }
    }
    guard let evidenceFrames else { return }
    let frames = verdict.evidence.flatMap(\.frames)
    let isShown = evidenceFrames.value.contains { expected in
      frames.contains { abs($0 - expected) <= tolerance.frames }
    }
    guard !isShown else { return }
    facts.add(
      "evidenceFrames",
      "one of " + evidenceFrames.value.map(String.init).joined(separator: ", "),
      frames.isEmpty ? "none" : Set(frames).sorted().map(String.init).joined(separator: ", "),
      evidenceFrames.line
    )
  }
}

extension ExpectedAttempt {
  fileprivate func compare(_ attempts: [Attempt]) -> [SubjectDifference] {
    var facts = FactComparison()
    let wanted = streams?.value.map(String.init).joined(separator: ", ")
    let subject =
      "attempt" + (wanted.map { $0.isEmpty ? " without a stream" : " of streams \($0)" } ?? "")
    guard let found = attempts.first(where: { streams == nil || $0.streams == streams?.value })
    else {
      let groups = attempts.map { "[" + $0.streams.map(String.init).joined(separator: ", ") + "]" }
      facts.add(
        "streams",
        "[\(wanted ?? "any")]",
        groups.isEmpty ? "no attempt" : groups.joined(separator: " "),
        streams?.line ?? line
      )
      return facts.difference(of: subject)
    }
    facts.compare("outcome", outcome, found.succeeded ? "success" : "failure")
    facts.compare("family", family, found.verdict.cause.family.rawValue)
    facts.compare("cause", cause, found.verdict.cause.id)
    facts.compare(atLeast: minimumConfidence, found.verdict.roundedConfidence)
    guard !facts.list.isEmpty else { return [] }
    let changes = EvidenceChanges(
      from: nil,
      causes: cause.map { [$0.value] },
      families: family.map { [$0.value] } ?? [],
      to: found.verdict
    )
    return facts.difference(of: subject, changes)
  }
}

extension Verdict {
  /// The confidence as reports show it.
  var roundedConfidence: Double { (confidence * 100).rounded() / 100 }
}
