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
  /// What nearly every segment differs in: its sequence and acknowledgment numbers.
  private var numbers = InlineArray<4, UInt64>(repeating: 0)
  private var recent = InlineArray<4, Fingerprint>(repeating: Fingerprint())
  /// The oldest of the last, where the next one goes.
  private var oldest: UInt8 = 0

  /// What else a copy repeats.
  fileprivate struct Fingerprint: Sendable {
    /// Long before anything that a copy is of.
    var time = Int64.min
    var payloadLength: UInt16 = 0
    var window: UInt16 = 0
    var identification: UInt16 = 0
    /// Twelve bits of flags, and whether there is an identification.
    var control: UInt16 = 0

    static var hasIdentification: UInt16 { 0x8000 }
  }

  /// Whether the segment is a copy of one of the last; otherwise it is remembered.
  mutating func isCopy(_ observed: ObservedSegment) -> Bool {
    let segment = observed.segment
    let both = UInt64(segment.sequence) << 32 | UInt64(segment.acknowledgment)
    let print = Fingerprint(
      time: observed.moment.time.nanoseconds,
      // Longer ones are joined by a network card, and differ in their numbers.
      payloadLength: UInt16(clamping: segment.payloadLength),
      window: segment.window,
      identification: observed.identification ?? 0,
      control: segment.flags.rawValue
        | (observed.identification == nil ? 0 : Fingerprint.hasIdentification)
    )
    for index in recent.indices
    where numbers[index] == both && print.isCopy(of: recent[index]) { return true }
    let place = Int(oldest) % recent.count
    numbers[place] = both
    recent[place] = print
    oldest = UInt8((place + 1) % recent.count)
    return false
  }
}

extension CopyFilter.Fingerprint {
  fileprivate func isCopy(of other: Self) -> Bool {
    guard control == other.control, window == other.window,
      payloadLength == other.payloadLength, identification == other.identification
    else { return false }
    let (delay, overflow) = time.subtractingReportingOverflow(other.time)
    guard !overflow, 0 <= delay else { return false }
    // Zero vouches for nothing, and neither does none.
    return delay
      <= (identification != 0
        ? CopyFilter.maximumDelay : CopyFilter.maximumDelayWithoutIdentification)
  }
}
