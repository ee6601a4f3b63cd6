internal import CProcessor
import Streams
import Wire

/// A tracker as the thread sees it that feeds it: no reference is counted for a segment.
///
/// Whoever keeps one keeps the tracker.
@safe struct FollowedConnection {
  private let tracker: Unmanaged<ConnectionTracker>
  private let decoder: UnsafeRawPointer

  init(_ tracker: ConnectionTracker) {
    unsafe self.tracker = .passUnretained(tracker)
    unsafe decoder = UnsafeRawPointer(Unmanaged.passUnretained(tracker.decoder).toOpaque())
  }

  /// Has the memory fetched that nearly every segment touches.
  ///
  /// - Parameters:
  ///   - side: The segment's sender.
  ///   - octets: Whether it brings octets.
  @inline(__always)
  func approach(_ side: Side, octets: Bool) {
    let tracker = unsafe UnsafeRawPointer(tracker.toOpaque())
    unsafe Self.approach(tracker, Self.clientLines)
    unsafe Self.approach(tracker, Self.serverLines)
    guard octets else { return }
    unsafe Self.approach(decoder, Self.decoderLines)
    switch side {
    case .client: unsafe Self.approach(decoder, Self.clientFramingLines)
    case .server: unsafe Self.approach(decoder, Self.serverFramingLines)
    }
    unsafe Self.approach(decoder, Self.factsLines)
  }

  @inline(__always)
  private static func approach(_ start: UnsafeRawPointer, _ lines: Range<Int>) {
    for line in lines { unsafe rdpscope_prefetch(start + line * lineLength) }
  }

  @inline(__always)
  func observe(_ observed: ObservedSegment, in octets: Span<UInt8>) {
    unsafe tracker._withUnsafeGuaranteedRef { $0.observe(observed, in: octets) }
  }

  private static var lineLength: Int { 64 }
  // Lines of a tracker and of its decoder, which need not begin with one; `LayoutTests` holds them to it.
  static var clientLines: Range<Int> { 0..<7 }
  static var serverLines: Range<Int> { 10..<16 }
  private static var decoderLines: Range<Int> { 0..<2 }
  private static var clientFramingLines: Range<Int> { 2..<5 }
  private static var serverFramingLines: Range<Int> { 6..<9 }
  private static var factsLines: Range<Int> { 10..<14 }
}
