import Diagnosis
import RDPMessages
package import Reports
import Streams
import TLSMessages
import Timeline
import Wire

extension Expectation {
  /// The expectation that describes a report: everything worth guarding.
  package init(recording report: CaptureReport) {
    self.init()
    connectionCount = .recorded(report.diagnosis.connectionCount)
    connections = report.diagnosis.connections.filter { !$0.connection.isInsideGateway }
      .map(ExpectedConnection.init(recording:))
    attempts = report.diagnosis.attempts.map(ExpectedAttempt.init(recording:))
  }

  /// The same expectation with its facts as a report has them: the same keys, and what people
  /// wrote for each other.
  ///
  /// Connections that are gone go, and new ones are added where they are counted. What is no longer
  /// a difference is no known issue.
  package func refreshed(by report: CaptureReport) -> Expectation {
    var result = self
    result.knownIssue = nil
    // What is inside of a gateway's channel has no stream number of its own.
    let judged = report.diagnosis.connections.filter { !$0.connection.isInsideGateway }
    if connectionCount != nil {
      result.connectionCount = .recorded(report.diagnosis.connectionCount)
      let streams = Set(connections.map(\.stream.value))
      result.connections +=
        judged.filter { !streams.contains($0.connection.stream) }
        .map(ExpectedConnection.init(recording:))
    }
    result.connections = result.connections.compactMap { expected in
      judged.first { $0.connection.stream == expected.stream.value }.map {
        expected.refreshed(by: $0)
      }
    }
    .sorted { $0.stream.value < $1.stream.value }
    let found = report.diagnosis.attempts
    let kept = attempts.compactMap { expected in
      found.first { expected.streams == nil || $0.streams == expected.streams?.value }
        .map { expected.refreshed(by: $0) }
    }
    let isRegrouped = kept.count < attempts.count
    result.attempts = isRegrouped ? found.map(ExpectedAttempt.init(recording:)) : kept
    return result
  }
}

extension Stated {
  /// A value that is not from a file.
  fileprivate static func recorded(_ value: Value) -> Self { Self(value: value, line: 0) }
}

extension ExpectedConnection {
  fileprivate init(recording judged: JudgedConnection) {
    let connection = judged.connection
    let verdict = judged.verdict
    stream = .recorded(connection.stream)
    role = .recorded(judged.role.rawValue)
    family = .recorded(verdict.cause.family.rawValue)
    cause = .recorded(verdict.cause.id)
    severity = .recorded(verdict.severity.rawValue)
    minimumConfidence = .recorded(verdict.recordedConfidence)
    phase = .recorded(connection.phase.name)
    ending = ExpectedEnding(
      kind: .recorded(connection.ending.kind.rawValue),
      actor: .recorded(connection.ending.actor.rawValue)
    )
    codes = ExpectedCodes(recording: connection.facts)
    evidence = .recorded(verdict.recordedEvidence)
    evidenceFrames = verdict.recordedFrames
  }

  fileprivate func refreshed(by judged: JudgedConnection) -> Self {
    let new = Self(recording: judged)
    var result = self
    if role != nil { result.role = new.role }
    if let found = new.family?.value, family != nil, !families.contains(found) {
      result.family = new.family
      result.familyAlternatives = []
    }
    if cause != nil, !result.familyAlternatives.contains(new.family?.value ?? "") {
      result.cause = new.cause
    }
    if severity != nil { result.severity = new.severity }
    if let limit = minimumConfidence, judged.verdict.roundedConfidence < limit.value {
      result.minimumConfidence = new.minimumConfidence
    }
    if phase != nil { result.phase = new.phase }
    if let ending {
      let found = judged.connection.ending
      let seconds = found.moment.time.seconds(since: judged.connection.start.time)
      result.ending = ExpectedEnding(
        kind: ending.kind.map { _ in .recorded(found.kind.rawValue) },
        actor: ending.actor.map { _ in .recorded(found.actor.rawValue) },
        frame: ending.frame.map { _ in .recorded(found.moment.frame) },
        seconds: ending.seconds.map { _ in .recorded((seconds * 1000).rounded() / 1000) }
      )
    }
    if codes != nil { result.codes = new.codes }
    if evidence != nil { result.evidence = new.evidence }
    if let frames = evidenceFrames,
      Set(frames.value).isDisjoint(with: judged.verdict.evidence.flatMap(\.frames))
    {
      result.evidenceFrames = new.evidenceFrames
    }
    return result
  }
}

extension ExpectedCodes {
  fileprivate init?(recording facts: MessageFacts) {
    failureCode = facts.refusal.map { .recorded(.number(Int($0.rawValue))) }
    errorInfo = facts.errorInfo.map { .recorded(.name($0.message.name)) }
    var names: [String] = []
    for name in facts.tls.alerts.compactMap({ $0.alert?.description.name })
    where !names.contains(name) {
      names.append(name)
    }
    alerts = names.map { .recorded(.name($0)) }
    if failureCode == nil, errorInfo == nil, alerts.isEmpty { return nil }
  }
}

extension ExpectedAttempt {
  fileprivate init(recording attempt: Attempt) {
    line = 0
    streams = .recorded(attempt.streams)
    outcome = .recorded(attempt.succeeded ? "success" : "failure")
    family = .recorded(attempt.verdict.cause.family.rawValue)
    cause = .recorded(attempt.verdict.cause.id)
  }

  fileprivate func refreshed(by attempt: Attempt) -> Self {
    let new = Self(recording: attempt)
    var result = self
    if outcome != nil { result.outcome = new.outcome }
    if family != nil { result.family = new.family }
    if cause != nil { result.cause = new.cause }
    if let limit = minimumConfidence, attempt.verdict.roundedConfidence < limit.value {
      result.minimumConfidence = .recorded(attempt.verdict.recordedConfidence)
    }
    return result
  }
}

extension Verdict {
  /// The confidence to hold a verdict to: a little below its own, so that a new piece of weak
  /// evidence does not break a check.
  fileprivate var recordedConfidence: Double {
    max(0, ((confidence - 0.05) * 20).rounded(.down) / 20)
  }

  /// The kinds of evidence, each once, that the catalogue knows.
  fileprivate var recordedEvidence: [String] {
    var names: [String] = []
    for name in evidence.map(\.kind.name)
    where !names.contains(name) && EvidenceKind.names.contains(name) {
      names.append(name)
    }
    return names
  }

  fileprivate var recordedFrames: Stated<[Int]>? {
    let frames = Set(evidence.flatMap(\.frames)).sorted()
    return frames.isEmpty ? nil : .recorded(frames)
  }
}

extension Expectation {
  /// What a refreshed expectation says otherwise, in words; empty when it says the same.
  ///
  /// - Parameters:
  ///   - new: The same expectation, refreshed by `report`.
  ///   - report: What was found.
  /// - Returns: A change each.
  package func changes(to new: Expectation, because report: CaptureReport) -> [String] {
    var changes = differences(from: report).flatMap { difference in
      difference.facts.map { "\(difference.subject): \($0.key) \($0.expected) -> \($0.found)" }
    }
    let before = Set(connections.map(\.stream.value))
    for stream in new.connections.map(\.stream.value) where !before.contains(stream) {
      changes.append("stream \(stream): new")
    }
    if let knownIssue { changes.append("no known issue any more: \(knownIssue.value)") }
    return changes
  }
}
