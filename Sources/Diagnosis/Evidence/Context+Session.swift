import RDPMessages
import Wire
import Streams
import Timeline

extension Context {
  /// A retry this soon after a login is the client's own fallback, not a person's; in seconds.
  static let fallbackPause = 0.5

  func collectLogin(_ found: inout Findings) {
    guard facts.deepest == .credssp else { return }
    if let error = facts.encrypted.credSSPError, facts.encrypted.clientTokens >= 2 {
      found.add(
        .loginRefusedByShape,
        error,
        text: "the server's last record has the length of a CredSSP error, and the client leaves"
      )
      if let next, let refused = next.facts.confirm, next.facts.refusal == .hybridRequiredByServer,
        next.start.time.seconds(since: connection.tcp.last.time) < Self.fallbackPause
      {
        found.add(
          .ntlmFallbackFollows,
          next.start,
          refused.moment,
          text: "at once the client tries again without NLA (stream \(next.stream)), as it does "
            + "when the server takes no NTLM"
        )
      }
    } else if serverLeft, facts.encrypted.clientTokens >= 2 {
      found.add(
        .serverLeftDuringCredSSP,
        facts.encrypted.last,
        ending.moment,
        text: "the server closes during the login, after the client's credentials"
      )
    } else if clientLeft {
      found.add(
        .clientLeftDuringCredSSP,
        facts.encrypted.last,
        ending.moment,
        text: "the client leaves during the login"
      )
    }
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
    collectPrelude(&found)
    switch ending.kind {
    case .fin:
      found.add(.finished, ending.moment, text: "the \(ending.actor.rawValue) closes with FIN")
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
  }

  private func collectPrelude(_ found: inout Findings) {
    if let ultimatum = facts.ultimatum,
      facts.deepest >= .mcs || facts.tls.firstRecord == nil && facts.deepest > .x224
    {
      found.add(
        .orderlyPrelude,
        ultimatum.moment,
        text: "the \(ultimatum.side) ends the session with the ultimatum \(ultimatum.message.name)"
      )
    } else if let ultimatum = facts.encrypted.finalUltimatum {
      found.add(
        .orderlyPrelude,
        ultimatum,
        text: "the server's last record has the length of the disconnect ultimatum"
      )
    } else if let alert = facts.tls.alerts.last, alert.alert == nil, facts.encrypted.first != nil,
      facts.deepest >= .mcs
    {
      found.add(
        .orderlyPrelude,
        alert.moment,
        text: "the \(alert.side) closes TLS before it leaves"
      )
    }
  }

  private func collectReset(_ found: inout Findings) {
    guard let reset = tcp.resets.first, tcp.isEstablishedForReset else { return }
    if reset.isForeign {
      let why =
        reset.isIgnoredBySender
        ? "its apparent sender goes on as if it had sent none"
        : "its time to live \(reset.timeToLive) is not that of the sender's other packets"
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
    collectStaleness(reset, &found)
    let others = siblings.filter { sibling in
      guard let other = sibling.tcp.resets.first, other.side == .server else { return false }
      return abs(other.moment.time.seconds(since: reset.moment.time)) < 1
    }
    if reset.side == .server, others.count >= 2 {
      found.add(
        .manyResetAtOnce,
        reset.moment,
        others.first?.tcp.resets.first?.moment,
        text: "the server resets \(others.count + 1) connections within a second"
      )
    }
  }

  /// Longer than any pause of a working session, which says something every second; in seconds.
  static let staleSilence = 20.0
  /// The same where the reset itself says that its sender no longer knows the connection.
  static let forgottenSilence = 5.0

  private func collectStaleness(_ reset: ResetObservation, _ found: inout Findings) {
    // RFC 9293 §3.10.7.1: a host that does not know the connection answers without ACK.
    let isForgotten = !reset.hasAcknowledgment && tcp.half(reset.side).finish == nil
    let threshold = isForgotten ? Self.forgottenSilence : Self.staleSilence
    guard let pause = tcp.longestPause, facts.deepest >= .mcs || !connection.sawBeginning,
      threshold <= pause.to.time.seconds(since: pause.from.time),
      reset.moment.time.seconds(since: pause.to.time) < threshold
    else { return }
    let silence = pause.to.time.seconds(since: pause.from.time)
    found.add(
      .silenceBeforeReset,
      pause.from,
      pause.to,
      reset.moment,
      text: "after \(duration(silence)) of silence the first packets are answered by the reset"
        + (isForgotten ? ", as by a host that no longer knows the connection" : "")
    )
    let client = hosts.host(connection.client.address)
    if let client, !client.wasHeard(after: pause.from.time, until: pause.to.time) {
      found.add(
        .clientWasSilent,
        pause.from,
        pause.to,
        text: "the client's host was silent on every protocol meanwhile"
      )
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

  /// How long a closed window is a stall and not a moment's load; in seconds.
  static let stall = 3.0

  /// A side that stopped reading and never began again.
  func collectStall(_ found: inout Findings) {
    for side in Side.allCases {
      let half = tcp.half(side)
      guard let since = half.zeroWindowSince, Self.stall <= half.longestZeroWindow else { continue }
      found.add(
        .windowStaysClosed,
        since,
        half.last,
        text:
          "the \(side) takes no more data for \(duration(half.longestZeroWindow)) (zero window), "
          + "until the connection ends"
      )
    }
  }

  private func collectTimeout(_ found: inout Findings) {
    for side in Side.allCases where tcp.half(side.peer).first != nil {
      let half = tcp.half(side)
      guard let lost = half.lostRanges.last(where: { $0.repeats.count >= 2 }) else { continue }
      found.add(
        side == .client ? .clientUnanswered : .serverUnanswered,
        lost.original,
        lost.repeats.last,
        text: "the \(side) sends the same octets \(lost.repeats.count + 1) times without an answer"
      )
    }
  }

  /// What is said of large segments and small ones.
  func collectLoss(_ found: inout Findings) {
    for side in Side.allCases {
      let half = tcp.half(side)
      let lost = half.lostRanges.filter {
        $0.byteCount >= Self.largeSegment && $0.repeats.count >= 2
      }
      guard let first = lost.first, half.largestAcknowledgedPayload < first.byteCount else {
        continue
      }
      found.add(
        .largeSegmentsLost,
        first.original,
        first.repeats.last,
        text: "segments of \(first.byteCount) octets from the \(side) never arrive, "
          + "repeated \(first.repeats.count) times"
      )
      let peer = tcp.half(side.peer)
      if let heard = peer.last, let sent = first.original, sent.frame < heard.frame {
        found.add(
          .smallSegmentsPass,
          heard,
          text:
            "smaller segments pass in both directions (up to \(half.largestAcknowledgedPayload) octets)"
        )
      }
    }
  }

  /// Payload that only a path with a small MTU loses, in octets: IPv6's least MTU (RFC 8200 §5)
  /// less its headers.
  static let largeSegment = 1220
}

extension TCPConversation {
  /// Whether a reset is the end of a connection and not the answer to a SYN.
  var isEstablishedForReset: Bool { established != nil || client.synchronization == nil }
}
