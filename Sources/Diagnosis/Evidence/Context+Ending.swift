import RDPMessages
import Streams
import TLSMessages
import Timeline
import Wire

// How far a connection got and how it ended.
extension Context {
  /// Whether the client closed, or nobody but it can have.
  var clientLeft: Bool { ending.actor == .client || clientClosedTLSFirst }
  var serverLeft: Bool { ending.actor == .server && !clientClosedTLSFirst }

  /// A client that says in TLS that it leaves has left, whoever's FIN is the first.
  private var clientClosedTLSFirst: Bool {
    guard ending.kind == .fin, ending.actor == .server, facts.deepest == .tls,
      let first = facts.tls.alerts.first
    else { return false }
    return first.side == .client && first.moment.frame < ending.moment.frame
      && first.alert.map { $0.description == .closeNotify } ?? true
  }

  func collectSession(_ found: inout Findings) {
    let phase = facts.deepest
    if phase >= .session {
      found.add(
        .reachedSession,
        facts.phases.last?.start,
        text: "the connection reached the session"
      )
    } else if phase >= .mcs {
      found.add(
        .reachedCapabilities,
        facts.phases.last?.start,
        text: "the connection got as far as \(phase.name)"
      )
    }
    collectServersWords(&found)
    collectPrelude(&found)
    switch ending.kind {
    case .fin: collectFinish(&found)
    case .open:
      found.add(
        .stillOpen,
        tcp.last,
        text: "the connection is still open when the capture ends"
      )
    case .reset: collectReset(&found)
    case .timeout: collectTimeout(&found)
    case .icmp: break
    }
    collectUnheard(&found)
    collectUnfinished(&found)
    collectManyAtOnce(&found)
    collectSameSilence(&found)
  }

  /// Seconds within which a Set Error Info belongs to the ultimatum after it; observed 0.05 to 0.25.
  private static let wordsToUltimatum = 2.0
  /// Seconds of session within which somebody is logged on who came with credentials; observed 1.
  private static let logonTime = 60.0

  private func collectServersWords(_ found: inout Findings) {
    if let info = facts.errorInfo {
      let text =
        "the server says why: \(info.message.meaning) (\(info.message.name), "
        + "\(info.message.rawValue))"
      found.add(.said(info.message.kind), info.moment, text: text)
    } else if let words = facts.encrypted.lastErrorInfo, let end = facts.encrypted.finalUltimatum,
      facts.deepest >= .mcs, end.time.seconds(since: words.time) < Self.wordsToUltimatum
    {
      found.add(
        .saidUnreadable,
        words,
        end,
        text:
          "the server's last records have the lengths of Set Error Info, which says why, and of "
          + "the disconnect ultimatum"
      )
    }
    collectRestrictedAdmin(&found)
  }

  /// A server that does not allow restricted admin mode starts a session all the same, and ends it
  /// before anyone is logged on.
  private func collectRestrictedAdmin(_ found: inout Findings) {
    guard let request = facts.request,
      request.message.negotiation?.flags.contains(.restrictedAdminModeRequired) == true,
      found.has(.saidUnreadable) || found.has(.said(.user)), facts.loggedOn == nil,
      let session = facts.phases.last, session.phase == .session, connection.sawBeginning,
      ending.moment.time.seconds(since: session.start.time) < Self.logonTime
    else { return }
    found.add(
      .restrictedAdminRefused,
      request.moment,
      session.start,
      ending.moment,
      text: "the client asks for restricted admin mode, and the server ends the session after "
        + "\(duration(ending.moment.time.seconds(since: session.start.time))) with nobody logged on: "
        + (facts.session.isRead
          ? "no Save Session Info comes" : "no record has the length of its Save Session Info")
    )
  }

  /// Seconds before the end within which a server says why it ends the session.
  private static let lastWords = 2.0
  /// Octets within which it does, with the ultimatum and the alert that follow and what ciphers add.
  private static let lastWordOctets = 256

  /// A session that nothing heard of one side shows to be alive, and words that the capture lost.
  private func collectUnheard(_ found: inout Findings) {
    if let pause = tcp.longestPause,
      Self.forgottenSilence <= pause.to.time.seconds(since: pause.from.time),
      let unheard = [tcp.client, tcp.server].compactMap(\.last).first(where: {
        $0.time < pause.to.time
      })
    {
      found.add(
        .unheardSincePause,
        unheard,
        pause.to,
        text:
          "after \(duration(pause.to.time.seconds(since: pause.from.time))) of silence only one "
          + "side is heard"
      )
    }
    if let gap = facts.lastServerGap,
      abs(ending.moment.time.seconds(since: gap.moment.time)) < Self.lastWords,
      // A large hole is one in pictures; last words are short, and nothing follows them.
      gap.octets.count < Self.lastWordOctets,
      (tcp.server.sequence?.end ?? 0) - gap.octets.upperBound < Self.lastWordOctets
    {
      found.add(
        .lastWordsMissing,
        gap.moment,
        ending.moment,
        text: "octets of the server's last words are not in the capture"
      )
    }
  }

  /// What one says before one closes in order; after the close it is only an answer.
  private func collectPrelude(_ found: inout Findings) {
    func precedesEnd(_ moment: Moment) -> Bool { moment.time <= ending.moment.time }
    if let ultimatum = facts.ultimatum, precedesEnd(ultimatum.moment),
      facts.deepest >= .mcs || facts.tls.firstRecord == nil && facts.deepest > .x224
    {
      found.add(
        .orderlyPrelude,
        ultimatum.moment,
        text: "the \(ultimatum.side) ends the session with the ultimatum \(ultimatum.message.name)"
      )
    } else if let ultimatum = facts.encrypted.finalUltimatum, precedesEnd(ultimatum) {
      found.add(
        .orderlyPrelude,
        ultimatum,
        text: "the server's last record has the length of the disconnect ultimatum"
      )
    } else if let alert = facts.tls.alerts.last, alert.alert == nil, precedesEnd(alert.moment),
      facts.encrypted.first != nil, facts.deepest >= .mcs
    {
      found.add(
        .orderlyPrelude,
        alert.moment,
        text: "the \(alert.side) closes TLS before it leaves"
      )
    }
  }

  private func collectFinish(_ found: inout Findings) {
    let leaver = serverLeft ? "server" : "client"
    found.add(
      serverLeft ? .finishedByServer : .finishedByClient,
      ending.moment,
      text: ending.actor.rawValue == leaver
        ? "the \(leaver) closes with FIN"
          + (serverLeft && !found.has(.orderlyPrelude) ? ", and says nothing before it" : "")
        : "the \(leaver) has closed TLS, and the \(ending.actor.rawValue) answers with FIN"
    )
  }

  /// Seconds by which the silences before two endings by the same timer differ.
  private static let timerJitter = 0.5

  /// An end without a word after a silence, and another one after the same: a timer's.
  private func collectSameSilence(_ found: inout Findings) {
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

  /// A server that ends what has not begun.
  private func collectUnfinished(_ found: inout Findings) {
    let isServersUltimatum =
      facts.ultimatum?.side == .server || facts.encrypted.finalUltimatum != nil
    guard serverLeft || isServersUltimatum, ending.kind == .fin || ending.kind == .reset,
      .mcs <= facts.deepest, facts.deepest < .session
    else { return }
    let exchange = facts.phases.first { $0.phase == .security || $0.phase == .licensing }
    if facts.deepest == .security || facts.deepest == .licensing, facts.tls.firstRecord == nil,
      facts.phases.contains(where: { $0.phase == .security }), let exchange
    {
      found.add(
        .endedAfterSecurityExchange,
        exchange.start,
        facts.ultimatum?.moment ?? ending.moment,
        text: "the server ends the connection on the client's first encrypted PDU"
      )
    }
    found.add(
      .serverEndedBeforeSession,
      facts.phases.last?.start,
      ending.moment,
      text: "the server ends the connection in the phase \(facts.deepest.name), before the session"
    )
    collectStaleSession(&found)
  }

  /// The client's session of before, lost and not ended, stands in the way of the new one.
  private func collectStaleSession(_ found: inout Findings) {
    let own = siblings.filter { $0.client.address == connection.client.address }
    let lost = own.last { other in
      other.phase == .session && other.start.frame < connection.start.frame
        && other.tcp.client.finish == nil && other.tcp.server.finish == nil
        && other.facts.ultimatum == nil && other.facts.encrypted.finalUltimatum == nil
    }
    let refused = own.filter { other in
      .mcs <= other.phase && other.phase < .session && other.ending.actor == .server
    }
    guard let lost, !refused.isEmpty else { return }
    found.add(
      .staleSessionBefore,
      lost.tcp.last,
      ending.moment,
      text: "the same client's session of stream \(lost.stream) was lost without being ended, and "
        + "since then \(refused.count + 1) connections are closed before their session"
    )
  }

  private func collectReset(_ found: inout Findings) {
    guard let reset = tcp.firstReset, tcp.isEstablishedForReset else { return }
    let isAimed = aimsAtSeveralNumbers(reset)
    if reset.isForeign || isAimed {
      let why =
        if reset.isIgnoredBySender {
          "its apparent sender goes on as if it had sent none"
        } else if isAimed {
          "more follow at once, each at another number that the sender has not reached"
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
    } else {
      collectStaleness(reset, &found)
    }
  }

  /// What the client repeated in vain until it gave up: its reset answers a server that was away.
  private func vainRepeats(before reset: ResetObservation) -> Retransmission? {
    guard reset.side == .client, let pause = tcp.longestPause,
      Self.forgottenSilence <= pause.to.time.seconds(since: pause.from.time)
    else { return nil }
    return tcp.client.lostRanges.last {
      $0.repeats.count >= 2 && $0.repeats.last?.frame == pause.from.frame
    }
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
  /// what follows the pause is lost.
  static let forgottenSilence = 5.0

  private func collectStaleness(_ reset: ResetObservation, _ found: inout Findings) {
    // RFC 9293 §3.10.7.1: a host that does not know the connection answers without ACK.
    let sender = tcp.half(reset.side)
    let isForgotten =
      !reset.hasAcknowledgment && sender.finish == nil && sender.unseenFinish == nil
    let threshold = isForgotten ? Self.forgottenSilence : Self.staleSilence
    guard let pause = tcp.longestPause,
      facts.deepest >= .mcs || !connection.sawBeginning || facts.firstGap != nil,
      threshold <= pause.to.time.seconds(since: pause.from.time),
      reset.moment.time.seconds(since: pause.to.time) < threshold,
      // Who woke is not who resets: the reset answers the first word after the silence.
      let own = reset.secondsSincePreviousFromSender,
      reset.moment.time.seconds(since: pause.to.time) <= own,
      // A number beyond what was captured shows that it had said something else before.
      reset.sequenceDistance <= 0
    else { return }
    let silence = pause.to.time.seconds(since: pause.from.time)
    found.add(
      .silenceBeforeReset,
      pause.from,
      pause.to,
      reset.moment,
      text: "after \(duration(silence)) of silence the first packets are answered by the reset"
        + (isForgotten ? ", as by one that does not know the connection" : "")
    )
    let client = hosts.host(connection.client.address)
    if let client, !client.wasHeard(after: pause.from.time, until: pause.to.time) {
      found.add(
        .clientWasSilent,
        pause.from,
        pause.to,
        text: "the client's host was silent on every protocol meanwhile"
      )
      collectWaking(of: client, as: .clientWoke, around: pause.to, &found)
    }
  }

  /// Seconds within which one event ends several connections.
  private static let sameInstant = 1.0

  /// Connections that the server ends without a word at the same time.
  private func collectManyAtOnce(_ found: inout Findings) {
    guard endsWithoutAWord(connection), !found.has(.orderlyPrelude) else { return }
    let others = siblings.filter { sibling in
      endsWithoutAWord(sibling)
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
    guard connection.ending.actor == .server, connection.facts.deepest >= .mcs else { return false }
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
    guard serverLeft, !found.has(.orderlyPrelude), facts.deepest >= .mcs else { return }
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

extension TCPConversation {
  /// Whether a reset is the end of a connection and not the answer to a SYN.
  var isEstablishedForReset: Bool { established != nil || client.synchronization == nil }
}
