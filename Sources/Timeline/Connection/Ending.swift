package import Packets
import Wire
package import Streams

/// How a connection ended, as far as its segments tell.
package struct Ending: Hashable, Sendable {
  /// What ended it.
  package let kind: Kind
  /// Who did.
  package let actor: Actor
  /// The packet that ended it; for a timeout the last one sent in vain, for an open connection its
  /// last.
  package let moment: Moment

  /// What ended a connection.
  package enum Kind: String, Hashable, Sendable, CaseIterable {
    case fin, reset, timeout, icmp, open
  }

  /// Who ended a connection.
  package enum Actor: String, Hashable, Sendable, CaseIterable {
    case client, server, middlebox, unknown

    init(_ side: Side) { self = side == .client ? .client : .server }
  }
}

extension TCPConversation {
  /// Seconds without an answer after which silence is an ending and not the end of the capture:
  /// beyond the pause before any stack's second repeat.
  static let silenceThreshold = 3.0
  /// Repeats in vain that make silence an ending.
  static let minimumRepeats = 2

  /// How the connection ended.
  ///
  /// - Parameters:
  ///   - captureEnd: The capture's last packet, on any connection.
  ///   - serverHops: How far the server's own packets travel, where any were seen.
  /// - Returns: The first close, or what kind of silence stands in its place.
  func ending(captureEnd: Moment, serverHops: ClosedRange<UInt8>?) -> Ending {
    if let close = firstClose(serverHops) { return close }
    if let error = errors.last(where: { $0.meaning.endsConnection && last.time <= $0.moment.time })
    {
      let isOwn = error.reporter == server.endpoint.address
      return Ending(kind: .icmp, actor: isOwn ? .server : .middlebox, moment: error.moment)
    }
    if isUnanswered(at: captureEnd) {
      return Ending(kind: .timeout, actor: .unknown, moment: last)
    }
    return Ending(kind: .open, actor: .unknown, moment: last)
  }

  /// The reset or FIN that ended it, whichever was first.
  ///
  /// A FIN that came before is the end even
  /// when a reset follows: late data answered by a host that has already closed.
  private func firstClose(_ serverHops: ClosedRange<UInt8>?) -> Ending? {
    let reset = firstReset.map { reset in
      Ending(
        kind: .reset,
        actor: reset.isForeign(serverHops) ? .middlebox : .init(reset.side),
        moment: reset.moment
      )
    }
    let farewell = (client.finish ?? client.unseenFinish).map {
      Ending(kind: .fin, actor: .client, moment: $0)
    }
    let dismissal = (server.finish ?? server.unseenFinish).map {
      Ending(kind: .fin, actor: .server, moment: $0)
    }
    return [reset, farewell, dismissal].compactMap(\.self).min {
      // By time: a capture with several queues may hold a packet before an earlier one.
      ($0.moment.time, $0.moment.frame) < ($1.moment.time, $1.moment.frame)
    }
  }

  private func isUnanswered(at captureEnd: Moment) -> Bool {
    let quiet = captureEnd.time.seconds(since: last.time)
    if server.first == nil, client.firstAfterSYN == nil, let syn = client.synchronization {
      return captureEnd.time.seconds(since: syn.time) >= Self.silenceThreshold
    }
    return isUnanswered(client, .client, by: server, quiet)
      || isUnanswered(server, .server, by: client, quiet)
  }

  private func isUnanswered(
    _ sender: TCPHalf,
    _ side: Side,
    by receiver: TCPHalf,
    _ quiet: Double
  ) -> Bool {
    if sender.unansweredKeepAlives.count >= Self.minimumRepeats + 1 { return true }
    guard let lost = sender.retransmissions.last(where: { !$0.isAcknowledged }) else {
      return false
    }
    // The receiver may still send what it has; what counts is that this range never arrives.
    let wasHeardLast = (receiver.last?.frame ?? 0) > (lost.repeats.last?.frame ?? 0)
    return lost.repeats.count >= Self.minimumRepeats
      && (!wasHeardLast || quiet >= Self.silenceThreshold
        || repeatInVain(of: side.peer, to: lost) != nil)
  }

  /// The last thing that a side repeats while, for seconds, it acknowledges nothing of what is repeated
  /// to it: neither hears the other's answers, though the capture may hold both.
  package func repeatInVain(of side: Side, to lost: Retransmission) -> Moment? {
    let half = half(side)
    guard let first = lost.firstSeen, let last = lost.repeats.last, 0 <= lost.offset,
      Self.silenceThreshold <= last.time.seconds(since: first.time),
      // A closed window takes nothing, and says so.
      let heard = half.lastRepeat, half.zeroWindowSince == nil,
      first.frame < heard.frame,
      Self.silenceThreshold <= heard.time.seconds(since: first.time)
    else { return nil }
    return heard
  }
}

extension ResetObservation {
  /// Whether something else than its apparent sender made it: by its own marks, or, for the answer
  /// to a SYN, by the distance of that host's other packets.
  func isForeign(_ serverHops: ClosedRange<UInt8>?) -> Bool {
    if isForeign { return true }
    guard answersSYN, side == .server, let serverHops else { return false }
    return !serverHops.contains(Host.hops(timeToLive: timeToLive))
  }
}

extension ICMPMessage.Meaning {
  /// Whether a connection attempt fails on it.
  package var endsConnection: Bool {
    switch self {
    case .netUnreachable, .hostUnreachable, .portUnreachable, .protocolUnreachable,
      .adminProhibited, .timeExceeded:
      true
    case .fragmentationNeeded, .echoRequest, .echoReply, .other: false
    }
  }
}
