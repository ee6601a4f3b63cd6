/// The part of the bytes that a layer may read.
///
/// Offsets are in the bytes being decoded.
struct Extent {
  // INVARIANT: 0 <= start <= capturedEnd <= wireEnd, and capturedEnd <= bytes.count.
  /// Where the layer begins.
  private(set) var start: Int
  /// Where the captured octets end.
  private(set) var capturedEnd: Int
  /// Where the layer ends on the wire, by the length fields around it.
  private(set) var wireEnd: Int

  /// Largest packet length believed, so that sums of offsets cannot overflow.
  static let maximumWireLength = 1 << 32

  /// The whole of a packet of which `captured` octets are at hand.
  init(captured: Int, original: Int) {
    start = 0
    capturedEnd = captured
    wireEnd = max(captured, min(original, Self.maximumWireLength))
  }

  /// Octets at hand.
  var capturedCount: Int { capturedEnd - start }
  /// Octets on the wire.
  var wireCount: Int { wireEnd - start }
  /// Whether the capture lacks octets of this layer.
  var isCut: Bool { capturedEnd < wireEnd }

  /// Moves past a header, which the caller has found captured.
  mutating func skip(_ count: Int) {
    precondition(0 <= count && count <= capturedCount)
    start += count
  }

  /// Ends the layer `length` octets after its start, if that is earlier.
  mutating func limit(to length: Int) {
    precondition(0 <= length && length <= Self.maximumWireLength)
    wireEnd = min(wireEnd, start + length)
    capturedEnd = min(capturedEnd, wireEnd)
  }

  /// Forgets where the layer ends on the wire: a mirror cut the packet and said so.
  mutating func forgetWireEnd() { wireEnd = max(wireEnd, start + 65_535 + 64) }
}

extension Packet {
  /// Whether a header of `count` octets is at hand; otherwise says why not.
  func has(
    _ count: Int,
    in extent: Extent,
    _ layer: PacketLayer,
    _ field: StaticString
  ) -> Bool {
    if count <= extent.capturedCount { return true }
    if count <= extent.wireCount {
      isCutByCapture = true
    } else {
      note(
        layer,
        field,
        at: extent.start,
        .truncated(needed: count, available: extent.wireCount)
      )
    }
    return false
  }
}
