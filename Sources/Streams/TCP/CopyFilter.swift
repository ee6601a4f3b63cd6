import Packets
import Wire

/// Recognises second copies of a packet: mirror ports that see it twice, and pktmon, which writes
/// each packet once for every layer that it passes.
///
/// A copy repeats the header to the bit, within milliseconds. A retransmission does not: the IPv4
/// identification moves on, and without one no stack repeats a segment this soon.
struct CopyFilter: Sendable {
  /// How long after the original a copy may come when the identification vouches for it, in
  /// nanoseconds: delay between two mirror ports, below any retransmission timeout.
  static let maximumDelay: Int64 = 100_000_000
  /// The same where there is no identification.
  static let maximumDelayWithoutIdentification: Int64 = 2_000_000
  /// Segments of one side that are compared.
  private static let depth = 4

  private var recent: [Fingerprint] = []
  private var index = 0

  fileprivate struct Fingerprint: Sendable, Equatable {
    let sequence: UInt32
    let acknowledgment: UInt32
    let flags: TCPFlags
    let window: UInt16
    let payloadLength: Int
    let identification: UInt16?
    let time: Int64
  }

  /// Whether the segment is a copy of one of the last; otherwise it is remembered.
  mutating func isCopy(_ observed: ObservedSegment) -> Bool {
    let segment = observed.segment
    let print = Fingerprint(
      sequence: segment.sequence,
      acknowledgment: segment.acknowledgment,
      flags: segment.flags,
      window: segment.window,
      payloadLength: segment.payloadLength,
      identification: observed.identification,
      time: observed.moment.time.nanoseconds
    )
    for other in recent where print.isCopy(of: other) { return true }
    if recent.count < Self.depth {
      recent.append(print)
    } else {
      recent[index] = print
      index = (index + 1) % Self.depth
    }
    return false
  }
}

extension CopyFilter.Fingerprint {
  fileprivate func isCopy(of other: Self) -> Bool {
    guard sequence == other.sequence, acknowledgment == other.acknowledgment, flags == other.flags,
      window == other.window, payloadLength == other.payloadLength,
      identification == other.identification
    else { return false }
    let (delay, overflow) = time.subtractingReportingOverflow(other.time)
    guard !overflow, 0 <= delay else { return false }
    let vouched = identification.map { $0 != 0 } ?? false
    return delay
      <= (vouched ? CopyFilter.maximumDelay : CopyFilter.maximumDelayWithoutIdentification)
  }
}
