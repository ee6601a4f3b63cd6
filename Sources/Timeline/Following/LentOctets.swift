internal import CProcessor

/// Octets that stay where they are for a while: those of a packet in its source's window.
///
/// Whoever keeps one sees to it that it is used only as long as the source promises.
@safe struct LentOctets {
  private let start: UnsafePointer<UInt8>?

  /// Octets in place.
  @inline(__always)
  init(_ octets: Span<UInt8>) {
    unsafe start = octets.withUnsafeBufferPointer { $0.baseAddress }
  }

  /// Looks at the first `count` of them, of which there are no fewer.
  @inline(__always)
  func withSpan(of count: Int, _ body: (Span<UInt8>) -> Void) {
    let octets = unsafe UnsafeBufferPointer(start: start, count: count)
    body(unsafe Span(_unsafeElements: octets))
  }

  /// Has the memory fetched at an offset, and what comes next.
  @inline(__always)
  func approach(_ offset: Int) {
    guard let start = unsafe start else { return }
    unsafe rdpscope_prefetch(UnsafeRawPointer(start) + offset)
  }
}
