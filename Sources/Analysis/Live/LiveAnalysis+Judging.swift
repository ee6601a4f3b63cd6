import ChainValidation
import Diagnosis
import Reports
import Streams
import TLSMessages
import Timeline
import Wire

// Which connections are judged when, and what is said of them.
extension LiveAnalysis {
  /// Seconds between two looks at what was said, which something may have changed.
  private static let reviewInterval = 2.0

  /// The streams worth a verdict: those that have become due and, every other second, those of
  /// which something was said that may have changed; `nil` when it is not worth a look.
  ///
  /// Of the others, open sessions above all, only what they are to these is asked.
  mutating func wanted(
    _ states: [ConnectionState],
    at now: Timestamp,
    isEnd: Bool
  ) -> Set<Int>? {
    guard !isEnd else { return Set(states.map(\.stream)) }
    let isReview = lastReview.map { Self.reviewInterval <= now.seconds(since: $0) } ?? true
    let wanted = states.filter { state in
      guard !finished.contains(state.stream) else { return false }
      return ledger.isJudged(state.stream)
        ? isReview : isDue(state, at: now) || isReview && isOver(state, at: now)
    }
    guard !wanted.isEmpty || isReview && states.isEmpty else { return nil }
    if isReview { lastReview = now }
    return Set(wanted.map(\.stream))
  }

  private func isDue(_ state: ConnectionState, at now: Timestamp) -> Bool {
    let quiet = now.seconds(since: state.last.time)
    switch state.ending.kind {
    case .fin, .reset, .icmp:
      return deadlines.afterEnd <= now.seconds(since: state.ending.moment.time)
    case .timeout:
      // A SYN that is sent once only is no system's: that takes a little longer to see.
      return state.isAnswered || deadlines.unansweredSYN <= now.seconds(since: state.first.time)
    case .open:
      return state.phase < .session && deadlines.silence <= quiet
    }
  }

  /// Whether nothing that comes can change what is said of a connection.
  private func isOver(_ state: ConnectionState, at now: Timestamp) -> Bool {
    let quiet = now.seconds(since: state.last.time)
    return state.ending.kind == .open
      ? deadlines.abandonment <= quiet : deadlines.revisions <= quiet
  }

  mutating func judge(
    _ wanted: Set<Int>,
    among states: [ConnectionState],
    until end: Moment,
    _ validator: inout ChainValidator?,
    isEnd: Bool
  ) async -> [LiveEvent] {
    let diagnosis = await diagnose(wanted, until: end, &validator, isEnd: isEnd)
    let stateByStream = Dictionary(states.map { ($0.stream, $0) }) { first, _ in first }
    let over = overdue(diagnosis.attempts, stateByStream, at: end.time)
    var events: [LiveEvent] = []
    for judged in diagnosis.connections {
      let stream = judged.connection.stream
      guard let state = stateByStream[stream],
        !finished.contains(stream),
        isEnd || over.contains(stream) || ledger.isJudged(stream) || isDue(state, at: end.time)
      else { continue }
      let isFinal = isEnd || over.contains(stream)
      if isFinal { statistics.count(judged) }
      if let said = say(judged, of: diagnosis, isFinal: isFinal, at: end.time) {
        events.append(.verdict(said))
      }
    }
    let unreached = ledger.take(
      unreached: diagnosis.attempts.filter { $0.streams.isEmpty },
      isEnd: isEnd,
      memory: deadlines.memory,
      at: end.time
    )
    countFailures(diagnosis.attempts, unreached, over: over, isEnd: isEnd)
    finished.formUnion(over)
    return events + unreached.map(LiveEvent.unreached)
  }

  private mutating func diagnose(
    _ wanted: Set<Int>,
    until end: Moment,
    _ validator: inout ChainValidator?,
    isEnd: Bool
  ) async -> Diagnosis {
    let connections = isEnd ? timeline.finish(until: end) : timeline.snapshot(until: end)
    if var roots = validator {
      for connection in connections where connection.validation?.isTrusted == nil {
        await CaptureAnalysis.validate(connection, timeline.certificates, &roots)
      }
      validator = roots
    }
    return Diagnosis(
      connections,
      udpConnections: timeline.udpSnapshot(of: connections, until: end),
      hosts: timeline.hosts,
      lookups: timeline.lookups,
      kerberos: timeline.kerberosExchanges,
      captureEnd: end,
      of: isEnd ? nil : wanted
    )
  }

  /// What is to be said of a verdict, if anything.
  private mutating func say(
    _ judged: JudgedConnection,
    of diagnosis: Diagnosis,
    isFinal: Bool,
    at now: Timestamp
  ) -> LiveVerdict? {
    let attempt = diagnosis.attempts[judged.attempt]
    let isYoung = now.seconds(since: judged.connection.start.time) < deadlines.settling
    let said = ledger.take(
      touched(judged, until: now),
      in: attempt,
      severity: CaptureReport.severity(of: attempt),
      isFinal: isFinal,
      isUndecided: !isFinal && judged.isBySilence && judged.isTied && isYoung,
      at: now
    )
    guard var said else { return nil }
    if said.isNews, said.decidesFailure {
      // Nobody is called for one cause who would be called again for another.
      said.isNewFailure = !said.isUndecided && ledger.noteFailure(said)
      said.failure = diagnosis.selecting { $0.streams == attempt.streams }
    }
    return said
  }

  /// Counts the failed attempts: each once, when its verdict is final, and until then as pending.
  private mutating func countFailures(
    _ attempts: [Attempt],
    _ unreached: [UnreachedAttempt],
    over: Set<Int>,
    isEnd: Bool
  ) {
    for attempt in attempts {
      let streams = attempt.streams.filter { !finished.contains($0) }
      guard let first = streams.first else { continue }
      let isFailure =
        CaptureReport.severity(of: attempt) == .failure
        && streams.contains(where: ledger.isJudged)
      statistics.note(
        streams,
        isFailure ? attempt.verdict.cause.id : nil,
        isFinal: isEnd || over.contains(first)
      )
    }
    for said in unreached where said.isFinal && !said.isWithdrawn { statistics.count(said) }
  }

  /// The connections of attempts that are over: whole ones, so that no retry loses what it repeats.
  private func overdue(
    _ attempts: [Attempt],
    _ states: [Int: ConnectionState],
    at now: Timestamp
  ) -> Set<Int> {
    var over: Set<Int> = []
    var ended: [[Int]] = []
    for attempt in attempts where !attempt.streams.isEmpty {
      let members = attempt.streams.compactMap { states[$0] }
      if members.allSatisfy({ isOver($0, at: now) }) {
        over.formUnion(attempt.streams)
      } else if members.allSatisfy({ $0.ending.kind != .open && isDue($0, at: now) }) {
        ended.append(attempt.streams)
      }
    }
    var surplus = ended.reduce(0) { $0 + $1.count } - Self.maximumEnded
    for streams in ended {
      guard 0 < surplus else { break }
      surplus -= streams.count
      over.formUnion(streams)
    }
    return over
  }
}
