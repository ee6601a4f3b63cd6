import Streams
import Timeline
import Wire

// Who reset a connection, and what the reset answers.
extension Context {
  func collectReset(_ found: inout Findings) {
    guard let reset = tcp.firstReset, tcp.isEstablishedForReset else { return }
    let isAimed = aimsAtSeveralNumbers(reset)
    let isStrangers = comesFromAStranger(reset)
    if reset.isForeign || isAimed || isStrangers {
      let why =
        if reset.isIgnoredBySender {
          "its apparent sender goes on as if it had sent none"
        } else if isAimed {
          "more follow at once, each at another number that the sender has not reached"
        } else if isStrangers {
          "it acknowledges nothing, as from one that does not know the connection, in which the "
            + "\(reset.side) has just taken part"
        } else {
          "its time to live \(reset.timeToLive) is not that of the sender's other packets"
        }
      found.add(
        .resetForged,
        reset.moment,
        reset.firstSegmentAfter,
        text: "the reset in the \(reset.side)'s name is not its own: \(why)"
      )
    }
    found.add(
      reset.side == .client ? .resetByClient : .resetByServer,
      reset.moment,
      text: "the \(reset.side) resets the connection"
    )
    if let lost = vainRepeats(before: reset) {
      found.add(
        .clientUnanswered,
        lost.original,
        lost.repeats.last,
        text: "the client sends the same octets \(lost.repeats.count + 1) times without an answer, "
          + "and has given the connection up when the server is heard again"
      )
    } else if gaveUp(reset) {
      collectTimeout(&found)
      collectReturn(after: reset, &found)
    } else {
      collectStaleness(reset, &found)
    }
  }

  /// Repeats in vain after which systems give a connection up, at the least.
  private static let repeatsOfGivingUp = 3

  /// Whether a side's last words, or its keep-alive probes, stayed without an answer, as systems say
  /// that give a connection up by a reset.
  private func gaveUp(_ reset: ResetObservation) -> Bool {
    let half = tcp.half(reset.side)
    guard let heard = reset.lastFromReceiver else { return false }
    return Self.vainProbes <= half.unansweredKeepAlives.count
      || half.lostRanges.contains { lost in
        guard let first = lost.firstSeen, let last = lost.repeats.last else { return false }
        return Self.repeatsOfGivingUp <= lost.repeats.count && last.frame < reset.moment.frame
          && (heard.frame < first.frame || tcp.repeatInVain(of: reset.side.peer, to: lost) != nil)
      }
  }

  /// A peer that comes back after it was given up, and is told so by another reset.
  private func collectReturn(after reset: ResetObservation, _ found: inout Findings) {
    let answer = tcp.resets.first { other in
      other.side == reset.side
        && Self.forgottenSilence <= other.moment.time.seconds(since: reset.moment.time)
        && other.lastFromReceiver.map { reset.moment.frame < $0.frame } == true
    }
    guard let answer, let word = answer.lastFromReceiver else { return }
    found.add(
      .silenceBeforeReset,
      reset.moment,
      word,
      answer.moment,
      text: "the \(reset.side) has given the connection up; "
        + "\(coarseDuration(word.time.seconds(since: reset.moment.time))) later the "
        + "\(reset.side.peer) speaks again and is answered by another reset"
    )
    guard reset.side == .server else { return }
    collectClientsSilence(from: reset.moment, to: word, &found)
  }

  /// What the client repeated in vain until it gave up: its reset answers a server that was away.
  private func vainRepeats(before reset: ResetObservation) -> Retransmission? {
    guard reset.side == .client, let pause = tcp.longestPause,
      Self.forgottenSilence <= pause.to.time.seconds(since: pause.from.time)
    else { return nil }
    return tcp.client.lostRanges.last { lost in
      guard lost.repeats.count >= 2, let last = lost.repeats.last else { return false }
      return last.frame <= pause.from.frame
        && reset.lastFromReceiver.map { last.frame < $0.frame } == true
        && pause.from.time.seconds(since: last.time) < Self.remembrance
    }
  }

  /// A host that repeats in vain until it forgets the connection: its reset answers a peer that was
  /// away meanwhile.
  private func collectGivingUp(before reset: ResetObservation, _ found: inout Findings) {
    let lost = tcp.half(reset.side).lostRanges.last { lost in
      guard let original = lost.firstSeen, let last = lost.repeats.last else { return false }
      return Self.repeatsOfGivingUp <= lost.repeats.count && last.frame < reset.moment.frame
        && Self.forgottenSilence <= reset.moment.time.seconds(since: original.time)
        && reset.secondsSincePreviousFromSender.map { Self.remembrance <= $0 } == true
    }
    guard let lost else { return }
    found.add(
      .silenceBeforeReset,
      lost.original,
      lost.repeats.last,
      reset.moment,
      text:
        "the \(reset.side) repeats the same octets \(lost.repeats.count) times in vain and gives "
        + "the connection up; when the \(reset.side.peer) is heard again, it is answered by the reset"
    )
  }

  /// Seconds within which a host does not forget a connection.
  private static let remembrance = 1.0

  /// Whether a reset says that its sender does not know the connection (RFC 9293 §3.10.7.1: no ACK),
  /// and that not because it has closed it.
  private func knowsNothing(_ reset: ResetObservation) -> Bool {
    let sender = tcp.half(reset.side)
    return !reset.hasAcknowledgment && sender.finish == nil && sender.unseenFinish == nil
  }

  /// Whether a reset knows nothing of a connection in which its apparent sender has just said
  /// something: who gives a connection up resets it with ACK, and who is asked to refuse it on the way
  /// answers so.
  private func comesFromAStranger(_ reset: ResetObservation) -> Bool {
    let sender = tcp.half(reset.side)
    // A server that has taken the connection knows it when the first octets come.
    let hasTakenPart =
      0 < sender.byteCount || reset.side == .server && 0 < tcp.client.byteCount
    return knowsNothing(reset) && reset.sequenceDistance == 0 && hasTakenPart
      && connection.sawBeginning && facts.firstGap == nil && !isOrderDoubtful
      && reset.secondsSincePreviousFromSender.map { 0 <= $0 && $0 < Self.remembrance } == true
  }

  /// Seconds within which a box fires its resets.
  private static let volley = 0.1

  /// Whether resets come in a volley at several numbers beyond what their apparent sender has sent:
  /// who does not know where the connection stands guesses so.
  private func aimsAtSeveralNumbers(_ reset: ResetObservation) -> Bool {
    guard facts.firstGap == nil, connection.sawBeginning else { return false }
    let volley = tcp.resets.filter {
      $0.side == reset.side && $0.moment.time.seconds(since: reset.moment.time) < Self.volley
    }
    return Set(volley.map(\.sequenceDistance).filter { 0 < $0 }).count >= 2
  }

  /// Longer than any pause of a working session, which says something every second; in seconds.
  static let staleSilence = 20.0
  /// The same where the reset itself says that its sender no longer knows the connection, or where
  /// what follows the pause is lost: longer than the keep-alive interval of any client (FreeRDP's is
  /// 5 s), which is no silence that anything forgets over.
  static let forgottenSilence = 6.0

  /// Whether a reset answers a word that broke a silence; one that nobody asked for is a timer's.
  private func isPrompted(_ reset: ResetObservation, after silence: Moment) -> Bool {
    tcp.half(reset.side.peer).last.map { silence.time < $0.time } == true
  }

  private func collectStaleness(_ reset: ResetObservation, _ found: inout Findings) {
    let isForgotten = knowsNothing(reset)
    let threshold = isForgotten ? Self.forgottenSilence : Self.staleSilence
    guard let pause = tcp.longestPause,
      facts.deepest >= .mcs || !connection.sawBeginning || facts.firstGap != nil,
      threshold <= pause.to.time.seconds(since: pause.from.time),
      reset.moment.time.seconds(since: pause.to.time) < threshold,
      // What was said after a reset did not bring it about.
      pause.to.frame <= reset.moment.frame,
      isPrompted(reset, after: pause.from) || found.has(.resetForged),
      // Who woke is not who resets: the reset answers the first word after the silence.
      let own = reset.secondsSincePreviousFromSender,
      reset.moment.time.seconds(since: pause.to.time) <= own,
      // A number beyond what was captured shows that it had said something else before.
      reset.sequenceDistance <= 0
    else {
      if isForgotten { collectGivingUp(before: reset, &found) }
      return
    }
    let silence = pause.to.time.seconds(since: pause.from.time)
    found.add(
      .silenceBeforeReset,
      pause.from,
      pause.to,
      reset.moment,
      text: "after \(duration(silence)) of silence "
        + (isPrompted(reset, after: pause.from)
          ? "the first packets are answered by the reset" : "the reset comes by itself")
        + (isForgotten ? ", as by one that does not know the connection" : "")
    )
    collectClientsSilence(from: pause.from, to: pause.to, &found)
  }

  /// A client's host that says nothing at all during a silence.
  private func collectClientsSilence(
    from start: Moment,
    to end: Moment,
    _ found: inout Findings
  ) {
    guard let client = hosts.host(connection.client.address),
      !client.wasHeard(after: start.time, until: end.time)
    else { return }
    found.add(
      .clientWasSilent,
      start,
      end,
      text: "the client's host was silent on every protocol meanwhile"
    )
    collectWaking(of: client, as: .clientWoke, around: end, &found)
  }
}

extension TCPConversation {
  /// Whether a reset is the end of a connection and not the answer to a SYN.
  var isEstablishedForReset: Bool {
    established != nil || client.synchronization == nil
      // A capture may hold the handshake out of order.
      || server.synchronization != nil && 0 < client.byteCount
  }
}
