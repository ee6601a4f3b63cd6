public import Packets
import Wire

/// A segment together with what its packet says about its sender.
public struct ObservedSegment: Sendable {
  /// The TCP header and where its payload is.
  public var segment: TCPSegment
  /// Who sent it.
  public var side: Side
  /// Its frame and time.
  public var moment: Moment
  /// IPv4 time to live or IPv6 hop limit.
  public var timeToLive: UInt8
  /// IPv4 identification, `nil` for IPv6.
  public var identification: UInt16?

  /// Creates an observation.
  @inlinable
  public init(
    segment: TCPSegment,
    side: Side,
    moment: Moment,
    timeToLive: UInt8,
    identification: UInt16?
  ) {
    self.segment = segment
    self.side = side
    self.moment = moment
    self.timeToLive = timeToLive
    self.identification = identification
  }
}

/// A reset, with what tells whether its apparent sender made it.
package struct ResetObservation: Hashable, Sendable {
  /// Whose address it carries.
  package let side: Side
  /// Its frame and time.
  package let moment: Moment
  /// IPv4 time to live or IPv6 hop limit.
  package let timeToLive: UInt8
  /// The range seen on that sender's other segments; `nil` when it had sent none, or only a SYN.
  package let usualTimeToLive: ClosedRange<UInt8>?
  /// IPv4 identification, `nil` for IPv6.
  package let identification: UInt16?
  /// The sender's identification on its segment before, where there was one.
  package let previousIdentification: UInt16?
  /// The advertised window; Windows' own resets say 0.
  package let window: UInt16
  /// Whether the acknowledgment field is valid.
  package let hasAcknowledgment: Bool
  /// How far its sequence number is from the sender's next one: 0 is exact.
  package let sequenceDistance: Int
  /// Whether it answers a SYN.
  package let answersSYN: Bool
  /// Seconds since its apparent sender's segment before; `nil` without one.
  package let secondsSincePreviousFromSender: Double?
  /// Seconds since the segment before it from either side; `nil` without one.
  package let secondsSincePrevious: Double?
  /// The last segment of its receiver's before it; `nil` without one.
  package let lastFromReceiver: Moment?
  /// Segments that its apparent sender sent afterwards with new octets or acknowledgments, as if
  /// it knew nothing of the reset.
  package internal(set) var segmentsAfter = 0
  /// The first of those.
  package internal(set) var firstSegmentAfter: Moment?

  /// Whether the time to live differs from every other segment of its apparent sender: it came
  /// from another place on the way.
  package var hasForeignTimeToLive: Bool {
    guard let usual = usualTimeToLive, usual.count == 1 else { return false }
    return !usual.contains(timeToLive)
  }

  /// Whether its apparent sender went on as if it had never sent it.
  package var isIgnoredBySender: Bool { segmentsAfter > 0 }

  /// Whether something else than its apparent sender made it.
  package var isForeign: Bool { hasForeignTimeToLive || isIgnoredBySender }
}

/// One range of octets sent again and again.
package struct Retransmission: Hashable, Sendable {
  /// Offset of the first octet; -1 for a SYN.
  package let offset: Int
  /// Octets on the wire.
  package let byteCount: Int
  /// The first transmission, where it was captured.
  package let original: Moment?
  /// Each repeat, up to ``TCPHalf/maximumRepeats``.
  package internal(set) var repeats: [Moment]
  /// The first of its transmissions that was captured.
  package var firstSeen: Moment? { original ?? repeats.first }
  /// Whether the peer had acknowledged it before the first repeat: its sender has not heard so.
  package let isSpurious: Bool
  /// Whether the peer acknowledged it in the end.
  package internal(set) var isAcknowledged = false
}
