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
  @inline(__always)
  func approach(octets: Bool) {
    let tracker = unsafe UnsafeRawPointer(tracker.toOpaque())
    for line in Self.trackerLines { unsafe rdpscope_prefetch(tracker + line * Self.lineLength) }
    guard octets else { return }
    for line in Self.decoderLines { unsafe rdpscope_prefetch(decoder + line * Self.lineLength) }
  }

  @inline(__always)
  func observe(_ observed: ObservedSegment, in octets: Span<UInt8>) {
    unsafe tracker._withUnsafeGuaranteedRef { $0.observe(observed, in: octets) }
  }

  private static let lineLength = 64
  // What is touched lies at the beginning of both.
  private static let trackerLines = 0..<19
  private static let decoderLines = 0..<15
}
