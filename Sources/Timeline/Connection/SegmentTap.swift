package import Packets
package import Streams

/// Every segment of the followed connections, kept so that two captures of them can be compared.
///
/// A class, because the connections of one capture share it.
package final class SegmentTap {
  /// Segments kept, of all connections together: 64 MB of them.
  package static let maximumSegments = 1_000_000

  /// What tells one segment from another, and when it was seen.
  package struct Segment: Sendable {
    package let moment: Moment
    package let sequence: UInt32
    package let acknowledgment: UInt32
    package let payloadLength: UInt32
    package let flags: TCPFlags
    package let identification: UInt16?
    package let isFromClient: Bool
  }

  /// By stream, in the order of the capture; second copies of a packet are left out.
  package private(set) var segments: [Int: [Segment]] = [:]
  /// Whether there were more than ``maximumSegments``.
  package private(set) var isIncomplete = false
  private var count = 0

  package init() {}

  func note(_ observed: ObservedSegment, of stream: Int) {
    guard count < Self.maximumSegments else {
      isIncomplete = true
      return
    }
    count += 1
    segments[stream, default: []].append(
      Segment(
        moment: observed.moment,
        sequence: observed.segment.sequence,
        acknowledgment: observed.segment.acknowledgment,
        payloadLength: UInt32(clamping: observed.segment.payloadLength),
        flags: observed.segment.flags,
        identification: observed.identification,
        isFromClient: observed.side == .client
      )
    )
  }
}
