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
  // In place and small: they are compared for every segment, of one connection after another.
  /// What nearly every segment differs in: its numbers.
  private var numbers = InlineArray<4, UInt64>(repeating: 0)
  private var recent = InlineArray<4, Fingerprint>(repeating: Fingerprint())
  private var count = 0

  fileprivate struct Fingerprint: Sendable {
    var time: Int64 = 0
    var payloadLength: UInt32 = 0
    var flags: TCPFlags = []
    var window: UInt16 = 0
    var identification: UInt16?
  }

  /// Whether the segment is a copy of one of the last; otherwise it is remembered.
  mutating func isCopy(_ observed: ObservedSegment) -> Bool {
    let segment = observed.segment
    let both = UInt64(segment.sequence) << 32 | UInt64(segment.acknowledgment)
    let print = Fingerprint(
      time: observed.moment.time.nanoseconds,
      payloadLength: UInt32(clamping: segment.payloadLength),
      flags: segment.flags,
      window: segment.window,
      identification: observed.identification
    )
    for index in recent.indices
    where numbers[index] == both && index < count && print.isCopy(of: recent[index]) {
      return true
    }
    numbers[count % recent.count] = both
    recent[count % recent.count] = print
    count += 1
    return false
  }
}

extension CopyFilter.Fingerprint {
  fileprivate func isCopy(of other: Self) -> Bool {
    guard flags == other.flags, window == other.window, payloadLength == other.payloadLength,
      identification == other.identification
    else { return false }
    let (delay, overflow) = time.subtractingReportingOverflow(other.time)
    guard !overflow, 0 <= delay else { return false }
    let vouched = identification.map { $0 != 0 } ?? false
    return delay
      <= (vouched ? CopyFilter.maximumDelay : CopyFilter.maximumDelayWithoutIdentification)
  }
}
