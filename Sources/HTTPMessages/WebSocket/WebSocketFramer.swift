package import Wire

/// Cuts one direction of a WebSocket into frames and takes off their masks.
///
/// Layout, big-endian: FIN and opcode 1, mask bit and length 1, extended length 0, 2 or 8, key 0 or 4,
/// payload. RFC 6455 §5.2
package struct WebSocketFramer: Hashable, Sendable {
  /// Longest frame that is put together: a gateway's packets have at most 64 KiB.
  package static let maximumPayloadByteCount = 1 << 20

  private var pending: [UInt8] = []

  /// A frame with its payload in the clear.
  package struct Frame: Hashable, Sendable {
    package let opcode: UInt8
    package let payload: [UInt8]

    /// Continuation, text or binary: what the application says.
    package var isData: Bool { opcode < 8 }
    /// Whether the sender ends the WebSocket.
    package var isClose: Bool { opcode == 8 }
  }

  /// Creates a framer at the first frame.
  package init() {}

  /// Takes the octets that come next.
  package mutating func append(_ octets: ArraySlice<UInt8>) { pending += octets }

  /// Returns the next complete frame, or nil when more octets are needed.
  ///
  /// - Throws: ``DecodeError`` for a frame beyond ``maximumPayloadByteCount``.
  package mutating func next() throws(DecodeError) -> Frame? {
    var reader = ByteReader(pending, layer: .webSocket)
    guard 2 <= pending.count else { return nil }
    let opcode = try reader.uint8("opcode") & 0x0F
    let second = try reader.uint8("Payload length")
    let extendedCount = [126: 2, 127: 8][second & 0x7F] ?? 0
    let keyCount = second & 0x80 == 0 ? 0 : 4
    guard 2 + extendedCount + keyCount <= pending.count else { return nil }
    var count = Int(second & 0x7F)
    if extendedCount == 2 { count = Int(try reader.uint16BigEndian("Extended payload length")) }
    if extendedCount == 8 {
      count = Int(clamping: try reader.uint64BigEndian("Extended payload length"))
    }
    guard count <= Self.maximumPayloadByteCount else {
      throw reader.limitExceeded(
        "Payload length",
        at: 1,
        limit: Self.maximumPayloadByteCount,
        found: count
      )
    }
    let key = Array(try reader.bytes(keyCount, "Masking-key"))
    guard count <= reader.remainingCount else { return nil }
    var payload = Array(try reader.bytes(count, "Payload data"))
    if !key.isEmpty {
      for index in payload.indices { payload[index] ^= key[index % key.count] }
    }
    pending.removeFirst(reader.offset)
    return Frame(opcode: opcode, payload: payload)
  }
}
