import RDPMessages
import Streams
import Timeline
import Wire

/// What an RDP-UDP connection is judged in: itself, and the session that it belongs to.
struct UDPContext {
  let path: UDPConnection
  let session: JudgedConnection?

  /// What is said of it.
  ///
  /// A path that fails is a warning: the session goes on without it. Only where the session broke on
  /// it is it a failure.
  func verdict() -> Verdict {
    var found = Findings()
    collect(&found)
    let verdict = Judge.judge(found.list, among: Catalogue.udp)
    let brokeSession = session?.verdict.cause.family == .udpTransportFailed
    return brokeSession || verdict.severity < .warning ? verdict : verdict.with(severity: .warning)
  }

  private func collect(_ found: inout Findings) {
    path.collectOpening(&found, suffix: "")
    if let session, let silence = path.silenceThatBreaks(session.connection) {
      path.add(silence, to: &found, after: session.connection)
    } else if let silence = path.lastingSilence, !outlives(silence) {
      found.add(
        .udpOutlived,
        silence.since,
        silence.unanswered.last,
        text: path.text(of: silence)
      )
    }
  }

  /// Whether the silence is only that of a session that was over.
  private func outlives(_ silence: UDPConnection.Silence) -> Bool {
    guard let session, session.connection.ending.kind != .open else { return false }
    return session.connection.ending.moment.time.seconds(since: silence.since.time)
      < UDPConnection.minimumSilence
  }
}

extension UDPConnection {
  /// Seconds of silence, and datagrams in vain in it, that a path in use does not have.
  static let minimumSilence = 5.0
  private static let minimumUnanswered = 5
  /// Seconds that the session may outlive the last datagram sent in vain: longer, and it went on.
  private static let aftermath = 15.0
  /// Seconds by which the silent side must be heard over TCP later than over UDP.
  private static let signOfLife = 3.0

  /// A silence that is no pause.
  var lastingSilence: Silence? {
    guard let silence, established != nil, Self.minimumSilence <= silence.seconds,
      Self.minimumUnanswered <= silence.unanswered.count
    else { return nil }
    return silence
  }

  /// The silence on which a session broke: its other end was alive over TCP all the while, and the
  /// session ended while the path was still being tried, or right after.
  func silenceThatBreaks(_ session: Connection) -> Silence? {
    guard let silence = lastingSilence,
      let heard = session.tcp.half(silence.side).last,
      Self.signOfLife <= heard.time.seconds(since: silence.since.time),
      session.ending.kind == .fin || session.ending.kind == .reset
    else { return nil }
    let end = session.ending.moment.time
    let isInTime =
      Self.minimumSilence <= end.seconds(since: silence.since.time)
      && end.seconds(since: silence.unanswered.last.time) < Self.aftermath
    return isInTime ? silence : nil
  }

  /// How the path was opened, or that it was not.
  func collectOpening(_ found: inout Findings, suffix: String) {
    if let answer {
      guard established != nil else { return }
      found.add(
        .udpCarries,
        synchronization.moment,
        answer.moment,
        facts.phases.last?.start,
        text: "a UDP path of version \(version.name) stands (\(isLossy ? "lossy" : "reliable"))"
          + carried
      )
    } else if let error {
      found.add(
        .udpRefused,
        synchronization.moment,
        error.moment,
        text: "UDP is tried and refused: \(error.reporter) answers with an ICMP error" + suffix
      )
    } else if established == nil, ending.kind == .timeout {
      let count = repeats.count + 1
      found.add(
        .udpUnanswered,
        synchronization.moment,
        repeats.last,
        text: "UDP is tried \(count == 1 ? "once" : "\(count) times") without an answer" + suffix
      )
    }
  }

  private var carried: String {
    facts.deepest == .session
      ? " and carries data of the session" : " and got as far as \(facts.deepest.name)"
  }

  /// The silence in a sentence.
  func text(of silence: Silence) -> String {
    "the \(silence.side) is not heard on the UDP path any more: \(silence.unanswered.count) "
      + "datagrams in \(duration(silence.seconds)) get no answer"
  }

  func add(_ silence: Silence, to found: inout Findings, after session: Connection) {
    found.add(
      .udpFellSilent,
      silence.since,
      silence.unanswered.last,
      session.ending.moment,
      text: text(of: silence) + ", while its TCP goes on; then the session is closed"
    )
  }
}

// The UDP side paths of a session.
extension Context {
  func collectUDP(_ found: inout Findings) {
    let goesOn =
      facts.deepest >= .mcs ? "; the session goes on over TCP" : ""
    for path in udp {
      path.collectOpening(&found, suffix: goesOn)
      if let silence = path.silenceThatBreaks(connection) {
        path.add(silence, to: &found, after: connection)
      } else if let silence = path.lastingSilence,
        UDPConnection.minimumSilence < tcp.last.time.seconds(since: silence.since.time)
      {
        found.add(
          .udpOutlived,
          silence.since,
          silence.unanswered.last,
          text: path.text(of: silence) + "; the session goes on over TCP"
        )
      }
    }
  }
}
