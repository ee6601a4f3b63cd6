import Streams
import Timeline
import Wire

// A service that dies, hangs, or is closed by a timer.
extension Context {
  /// Seconds that a service has to close after its client has: it takes milliseconds.
  private static let farewellPatience = 3.0

  /// A service that is there in name only.
  ///
  /// Its host acknowledges input and farewell, and nobody acts on them. A quiet service closes when
  /// its client does.
  func collectUnansweredFarewell(_ found: inout Findings) {
    guard ending.kind == .fin, ending.actor == .client, facts.deepest >= .mcs,
      tcp.server.finish == nil, tcp.server.unseenFinish == nil, tcp.resets.isEmpty,
      (tcp.client.sequence?.end ?? .max) < tcp.client.acknowledged,
      let lastWord = tcp.server.lastData,
      Self.farewellPatience <= captureEnd.time.seconds(since: ending.moment.time),
      Self.farewellPatience <= ending.moment.time.seconds(since: lastWord.time),
      tcp.client.lastData.map({ lastWord.time < $0.time }) == true
    else { return }
    found.add(
      .farewellUnanswered,
      lastWord,
      ending.moment,
      tcp.last,
      text:
        "the server's system acknowledges what the client sends and its FIN, but the service has "
        + "said nothing for \(duration(captureEnd.time.seconds(since: lastWord.time))) and does not close"
    )
  }

  /// Whether both ends take what is sent, and the way between them is open up to the end.
  var isWayOpen: Bool {
    tcp.client.zeroWindowSince == nil && tcp.server.zeroWindowSince == nil
      && tcp.server.unacknowledgedCount == 0
      && tcp.server.unansweredKeepAlives.isEmpty && ending.kind != .timeout && ending.kind != .icmp
  }

  /// Heartbeats that make a row.
  private static let heartbeatRow = 4
  /// Seconds from one heartbeat to the next in a row: one second was observed, up to two while the
  /// session draws.
  private static let heartbeatInterval = 3.0
  /// Misses after which clients take the server for lost ([MS-RDPBCGR] 2.2.16.1; 8 observed).
  private static let heartbeatMisses = 8.0

  /// A service that stops in the middle of its session while its system goes on.
  ///
  /// What tells it from a screen on which nothing changes is the heartbeat: it comes whatever is drawn.
  func collectSilentService(_ found: inout Findings) {
    guard facts.deepest == .session, !serverLeft, isWayOpen,
      let word = tcp.server.lastData,
      let heard = tcp.server.last, let typed = tcp.client.lastData, word.frame < typed.frame,
      // What the capture lacks before the silence does not matter.
      facts.lastServerGap.map({ $0.moment.frame <= word.frame }) ?? true
    else { return }
    let end = ending.kind == .open ? captureEnd : ending.moment
    let silence = end.time.seconds(since: word.time)
    // The system is there nearly to the end: neither the way nor the host is gone.
    let alive = heard.time.seconds(since: word.time)
    guard Self.unansweredThreshold <= silence, Self.heartbeatMisses <= alive else { return }
    if let beat = lastHeartbeat, word.time.seconds(since: beat.time) < Self.heartbeatInterval {
      found.add(
        .heartbeatsStopped,
        facts.encrypted.heartbeats.first ?? facts.session.heartbeat?.moment,
        beat,
        heard,
        ending.kind == .open ? nil : ending.moment,
        text:
          "the server's heartbeats stop, and nothing else comes for \(duration(silence)), while its "
          + "system goes on acknowledging what the client sends"
      )
    } else if lastHeartbeat == nil, Self.unansweredThreshold <= typed.time.seconds(since: word.time)
    {
      found.add(
        .inputUnanswered,
        word,
        typed,
        text: "for \(duration(silence)) the server acknowledges what the client sends and answers "
          + "nothing: the screen may have had nothing to show, or the service hung"
      )
    }
  }

  /// The last heartbeat, where the session has them: read, or told by a row of records.
  private var lastHeartbeat: Moment? {
    if let read = facts.session.heartbeat, Self.heartbeatRow <= facts.session.heartbeatCount {
      return read.moment
    }
    let row = facts.encrypted.heartbeats
    guard Self.heartbeatRow <= row.count, row.longestInterval <= Self.heartbeatInterval else {
      return nil
    }
    return row.last
  }

  /// Seconds by which the silences before two endings by the same timer differ.
  private static let timerJitter = 0.5

  /// An end without a word after a silence, and another one after the same: a timer's.
  func collectSameSilence(_ found: inout Findings) {
    guard let silence = silenceBeforeEnd(of: connection) else { return }
    let other = siblings.first { sibling in
      guard let same = silenceBeforeEnd(of: sibling) else { return false }
      return abs(same - silence) < Self.timerJitter
    }
    guard let other else { return }
    found.add(
      .closedAfterSilence,
      tcp.longestPause?.from,
      ending.moment,
      text: "the connection is closed without a word after \(duration(silence)) of silence"
    )
    found.add(
      .sameSilence,
      ending.moment,
      other.ending.moment,
      text: "stream \(other.stream) ends in the same way after the same silence, as by a timer"
    )
  }

  /// Seconds of silence that a bare close in the server's name ends.
  private func silenceBeforeEnd(of connection: Connection) -> Double? {
    guard endsWithoutAWord(connection), let pause = connection.tcp.longestPause,
      pause.to.frame == connection.ending.moment.frame
    else { return nil }
    let silence = pause.to.time.seconds(since: pause.from.time)
    return Self.forgottenSilence <= silence ? silence : nil
  }

  /// Seconds within which one event ends several connections.
  private static let sameInstant = 1.0

  /// Connections that the server ends without a word at the same time.
  func collectManyAtOnce(_ found: inout Findings) {
    guard endsWithoutAWord(connection), !found.has(.orderlyPrelude) else { return }
    let others = siblings.filter { sibling in
      // A client's next try, which is ended as the one before, is no second connection of that moment.
      endsWithoutAWord(sibling) && sibling.start.frame < ending.moment.frame
        && connection.start.frame < sibling.ending.moment.frame
        && abs(sibling.ending.moment.time.seconds(since: ending.moment.time)) < Self.sameInstant
    }
    // A reset of one may be the answer to its client; a session that is closed bare is none.
    let enough = ending.kind == .fin ? 1 : 2
    guard enough <= others.count else { return }
    found.add(
      .manyEndedAtOnce,
      ending.moment,
      others.first?.ending.moment,
      text: "the server ends \(others.count + 1) connections without a word within a second"
    )
  }

  private func endsWithoutAWord(_ connection: Connection) -> Bool {
    guard connection.ending.actor == .server, connection.facts.deepest >= .mcs,
      missingLastWords(of: connection) == nil
    else { return false }
    switch connection.ending.kind {
    case .reset: return true
    case .fin:
      return connection.facts.ultimatum == nil && connection.facts.encrypted.finalUltimatum == nil
        && !connection.facts.tls.alerts.contains {
          $0.moment.time <= connection.ending.moment.time
        }
    case .timeout, .icmp, .open: return false
    }
  }

  /// How soon after a close the port's refusal still belongs to it; in seconds.
  static let refusalWindow = 30.0

  /// A server that closes without a word and then refuses connections has lost its service.
  func collectLostService(_ found: inout Findings) {
    guard serverLeft, !found.has(.orderlyPrelude), facts.deepest >= .mcs,
      !found.has(.lastWordsMissing)
    else { return }
    let refused = siblings.first { sibling in
      guard let reset = sibling.tcp.resets.first, reset.answersSYN else { return false }
      let delay = reset.moment.time.seconds(since: ending.moment.time)
      return 0 <= delay && delay < Self.refusalWindow
    }
    guard let refused else { return }
    found.add(
      .portClosedAfterwards,
      ending.moment,
      refused.tcp.resets.first?.moment,
      text: "the server closes without a word, and afterwards its port refuses connections"
    )
  }
}
