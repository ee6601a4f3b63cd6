import RDPMessages
import Wire

/// Cuts one direction of a gateway's tunnel into packets.
struct GatewayPacketFramer {
  /// Random octets before the first packet that are searched through.
  private static let maximumSeed = 256
  /// How a Handshake Response begins: its type and its size.
  private static let handshake: [UInt8] = [2, 0, 0, 0, 18, 0, 0, 0]

  private var pending: ArraySlice<UInt8> = []
  /// Whether the first packet stands behind random octets.
  var skipsToHandshake = false

  /// Takes the octets that come next.
  mutating func append(_ octets: ArraySlice<UInt8>) {
    // A copy of its own from index 0: the record's buffer is not kept alive.
    pending = Array(pending + octets)[...]
  }

  /// Returns the next complete packet, or nil when more octets are needed.
  ///
  /// - Throws: ``DecodeError`` where the octets begin none.
  mutating func next() throws(DecodeError) -> GatewayPacket? {
    if skipsToHandshake {
      let start = pending.indices.first { pending[$0...].starts(with: Self.handshake) }
      guard let start else {
        if Self.maximumSeed < pending.count { skipsToHandshake = false }
        return nil
      }
      pending = pending[start...]
      skipsToHandshake = false
    }
    guard let count = try GatewayPacket.byteCount(startOf: pending), count <= pending.count else {
      return nil
    }
    defer { pending = pending.dropFirst(count) }
    return try GatewayPacket(pending.prefix(count))
  }
}
