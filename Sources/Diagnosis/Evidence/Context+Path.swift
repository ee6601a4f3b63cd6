import Packets
import Streams
import Timeline
import Wire

// What the path between the two ends does to their packets.
extension Context {
  /// How long a closed window is a stall and not a moment's load; in seconds.
  static let stall = 3.0

  /// A side that stopped reading and never began again.
  func collectStall(_ found: inout Findings) {
    guard tcp.client.zeroWindowSince != nil || tcp.server.zeroWindowSince != nil else { return }
    // A busy program takes a moment; one in the middle of which the capture ends may have been short.
    let threshold = ending.kind == .open ? Self.staleSilence : Self.stall
    for side in Side.allCases {
      let half = tcp.half(side)
      guard let since = half.zeroWindowSince, threshold <= half.longestZeroWindow else { continue }
      found.add(
        .windowStaysClosed,
        since,
        half.last,
        text:
          "the \(side) takes no more data for \(duration(half.longestZeroWindow)) (zero window), "
          + "until the \(ending.kind == .open ? "capture" : "connection") ends"
      )
    }
  }

  /// Octets that were repeated until nobody tried any more.
  func collectTimeout(_ found: inout Findings) {
    for side in Side.allCases where tcp.half(side.peer).first != nil {
      guard let lost = tcp.lostRanges(of: side).last(where: { $0.repeats.count >= 2 }) else {
        collectVainProbes(of: side, &found)
        continue
      }
      found.add(
        side == .client ? .clientUnanswered : .serverUnanswered,
        lost.original,
        lost.repeats.last,
        text: "the \(side) sends the same octets \(lost.repeats.count + 1) times without an answer"
      )
      collectDeafness(of: side.peer, to: lost, &found)
      collectSilenceBefore(lost, &found)
      collectLife(of: side.peer, after: lost, &found)
      if let host = hosts.host(tcp.half(side.peer).endpoint.address),
        let silence = host.silences.last,
        lost.firstSeen.map({ $0.frame < silence.to.frame }) == true
      {
        let kind: EvidenceKind = side == .client ? .hostWoke : .clientWoke
        collectWaking(of: host, as: kind, around: silence.to, &found)
      }
    }
  }

  /// Keep-alive probes in a row without an answer from which on their peer is gone: the reset after
  /// them says that their sender thinks so.
  static let vainProbes = 2

  /// A side that goes on speaking in the connection and acknowledges nothing of what is repeated to
  /// it: one direction of the way is broken, and not its host.
  private func collectDeafness(
    of side: Side,
    to lost: Retransmission,
    _ found: inout Findings
  ) {
    guard let heard = tcp.repeatInVain(of: side, to: lost) else { return }
    found.add(
      .heardInVain,
      lost.firstSeen,
      heard,
      lost.repeats.last,
      text: "the \(side) is heard meanwhile, repeating what the \(side.peer) has acknowledged, and "
        + "acknowledges nothing: what the \(side.peer) sends does not arrive"
    )
  }

  /// Keep-alive probes (RFC 9293 §3.8.4) that nobody answers.
  private func collectVainProbes(of side: Side, _ found: inout Findings) {
    let probes = tcp.half(side).unansweredKeepAlives
    guard Self.vainProbes <= probes.count, let first = probes.first, let last = probes.last else {
      return
    }
    found.add(
      side == .client ? .clientUnanswered : .serverUnanswered,
      first,
      last,
      text: "the \(side) asks \(probes.count) times whether its peer is still there (keep-alive), "
        + "without an answer"
    )
    collectLife(of: side.peer, since: first, lastTry: last, &found)
  }

  /// Whoever was alive and said nothing, and then is not heard, has been forgotten on the way.
  private func collectSilenceBefore(_ lost: Retransmission, _ found: inout Findings) {
    guard let pause = tcp.longestPause, let original = lost.firstSeen,
      pause.to.frame <= original.frame,
      original.time.seconds(since: pause.to.time) < Self.forgottenSilence,
      Self.forgottenSilence <= pause.to.time.seconds(since: pause.from.time)
    else { return }
    found.add(
      .silenceBeforeLoss,
      pause.from,
      pause.to,
      text: "nothing was said for \(duration(pause.to.time.seconds(since: pause.from.time))), and "
        + "what is said then gets no answer"
    )
  }

  private func collectLife(
    of side: Side,
    after lost: Retransmission,
    _ found: inout Findings
  ) {
    guard let first = lost.firstSeen, let last = lost.repeats.last else { return }
    collectLife(of: side, since: first, lastTry: last, &found)
  }

  /// Whether a side's host is heard outside of the connection while it is called in vain, or about when
  /// the caller gives up: systems wait twice as long before each try.
  private func collectLife(
    of side: Side,
    since moment: Moment,
    lastTry: Moment,
    _ found: inout Findings
  ) {
    let patience = 2 * lastTry.time.seconds(since: moment.time) + Self.unansweredThreshold
    let address = tcp.half(side).endpoint.address
    let host = hosts.host(address)
    let other = siblings.lazy.compactMap { $0.tcp.half(side) }
      .filter { $0.endpoint.address == address }.compactMap(\.last)
      .first { moment.time < $0.time }
    let sign = [ActivityKind.icmp, .tcp, .udp].compactMap { host?.last($0) }
      .first { moment.time < $0.time }
    guard let sign = sign ?? other,
      host?.wasHeard(
        after: moment.time,
        until: lastTry.time.advanced(bySeconds: patience)
      ) == true
    else { return }
    found.add(
      .peerAlive,
      sign,
      text: "\(address) is alive all the while: it is heard outside this connection"
    )
  }

  /// What is said of large segments and small ones.
  func collectLoss(_ found: inout Findings) {
    for side in Side.allCases {
      collectUnheededMTU(of: side, &found)
      let first = tcp.lostRanges(of: side).first {
        $0.byteCount >= Self.largeSegment && $0.repeats.count >= 2
      }
      if let first,
        tcp.half(side).largestAcknowledgedPayload < first.byteCount
          || isLostAlone(first, of: side)
      {
        found.add(
          .largeSegmentsLost,
          first.original,
          first.repeats.last,
          text: "segments of \(first.byteCount) octets from the \(side) never arrive, "
            + "repeated \(first.repeats.count) times"
        )
        collectSmallSegments(side, after: first.firstSeen, &found)
      } else {
        collectHole(side, &found)
      }
    }
    collectHeavyLoss(&found)
  }

  /// Octets of the shortest headers of IPv4 and TCP.
  private static let shortestHeaders = 40

  /// A router says that a packet is too large, and its sender goes on sending it: the message does not
  /// reach it, or is not heeded.
  private func collectUnheededMTU(of side: Side, _ found: inout Findings) {
    for error in tcp.errors where error.side == side {
      guard case .fragmentationNeeded(let mtu) = error.meaning else { continue }
      let room = mtu.map { Int($0) - Self.shortestHeaders } ?? Self.largeSegment - 1
      let lost = tcp.half(side).lostRanges.last { lost in
        room < lost.byteCount && 2 <= lost.repeats.count
          && lost.repeats.last.map { error.moment.frame < $0.frame } == true
      }
      guard let lost else { continue }
      found.add(
        .tooLargeByICMP,
        error.moment,
        lost.repeats.last,
        text: "\(error.reporter) reports that a packet of the \(side)'s is too large"
          + (mtu.map { ", \($0) octets would pass" } ?? "")
          + "; the \(side) sends the same \(lost.byteCount) octets again \(lost.repeats.count) times"
      )
      return
    }
  }

  /// Whether a segment is lost each time while the conversation goes on around it, as where a way
  /// that took it before has become narrower.
  private func isLostAlone(_ lost: Retransmission, of side: Side) -> Bool {
    let peer = tcp.half(side.peer)
    guard Self.vainRepeats <= lost.repeats.count, let last = lost.repeats.last,
      let said = peer.lastData
    else { return false }
    let wait = last.time.seconds(since: lost.repeats[0].time)
    return lost.repeats[lost.repeats.count / 2].frame < said.frame && Self.stall <= wait
      && peer.unacknowledgedCount == 0
  }

  private func collectSmallSegments(_ side: Side, after sent: Moment?, _ found: inout Findings) {
    guard let sent, let heard = tcp.half(side.peer).last, sent.frame < heard.frame else { return }
    let largest = tcp.half(side).largestAcknowledgedPayload
    found.add(
      .smallSegmentsPass,
      heard,
      text: "smaller segments pass in both directions "
        + (largest < Self.largeSegment ? "(up to \(largest) octets)" : "meanwhile")
    )
  }

  /// The same seen from the other end: a full segment that never comes, before smaller ones that do.
  private func collectHole(_ side: Side, _ found: inout Findings) {
    let missing = side == .client ? facts.missingOctets.client : facts.missingOctets.server
    guard Self.largeSegment <= missing, facts.firstGap?.message != .snapLength else { return }
    let half = tcp.half(side)
    guard half.largestPayload < Self.largeSegment, 0 < half.largestPayload,
      // The receiver never acknowledged beyond the hole, so it is not the capture's.
      missing < half.unacknowledgedCount, let gap = facts.firstGap?.moment,
      Self.stall <= tcp.last.time.seconds(since: gap.time)
    else { return }
    found.add(
      .largeSegmentMissing,
      gap,
      tcp.half(side.peer).last,
      text: "\(missing) octets of the \(side)'s never arrive in "
        + "\(duration(tcp.last.time.seconds(since: gap.time))), and the "
        + "\(side.peer) goes on asking for them"
    )
    if let heard = half.last, gap.frame < heard.frame {
      found.add(
        .smallSegmentsPass,
        gap,
        heard,
        text: "segments of up to \(half.largestPayload) octets after them do arrive"
      )
    }
  }

  /// Payload that only a path with a small MTU loses, in octets: IPv6's least MTU (RFC 8200 §5)
  /// less its headers.
  static let largeSegment = 1220

  /// Repeats in vain that no ordinary loss explains while other segments pass.
  private static let vainRepeats = 5

  /// Repeats of one range that a path with ordinary loss does not need: with one packet in twenty
  /// lost, one range in eight thousand.
  private static let manyRepeats = 3
  /// Ranges that needed so many.
  private static let manyRanges = 2

  /// A path that loses packet after packet, up to the connection's end.
  private func collectHeavyLoss(_ found: inout Findings) {
    // Nearly every connection: nothing is copied to be counted.
    guard Self.manyRanges <= tcp.client.retransmissions.count + tcp.server.retransmissions.count
    else { return }
    let open = Side.allCases.flatMap(tcp.lostRanges).filter { $0.repeats.count >= 2 }
    guard !open.isEmpty else { return }
    let ranges = (tcp.client.retransmissions + tcp.server.retransmissions).filter {
      Self.manyRepeats <= $0.repeats.count && 0 <= $0.offset && !$0.isSpurious
        && $0.byteCount < Self.largeSegment
    }
    // Heard in between: neither end has vanished.
    guard Self.manyRanges <= ranges.count, ranges.contains(where: \.isAcknowledged)
    else { return }
    found.add(
      .lossToTheEnd,
      ranges.first?.original,
      ranges.first?.repeats.last,
      open.last?.repeats.last,
      text: "\(ranges.count) ranges had to be sent \(Self.manyRepeats + 1) times or more, and "
        + "what is sent last still gets no answer"
    )
  }
}
