import Wire

/// Where a Kerberos message over TCP ends: length 4, big-endian, its high bit 0. RFC 4120 §7.2.2
package enum KerberosFraming: Hashable, Sendable {
  /// A message of so many octets, the length before it included.
  case message(byteCount: Int)
  case needsMoreBytes(atLeast: Int)
  case notKerberos

  /// Octets of the length.
  package static let headerByteCount = 4
  /// Octets of one message: a ticket of the largest token size that Windows takes, with room.
  package static let maximumByteCount = 128 * 1024

  /// Measures the message that starts with `bytes`.
  package init(startOf bytes: ArraySlice<UInt8>) {
    var reader = ByteReader(bytes, layer: .kerberos)
    guard let length = try? reader.uint32BigEndian("length") else {
      self = .needsMoreBytes(atLeast: Self.headerByteCount)
      return
    }
    let isPlausible = 2...UInt32(Self.maximumByteCount) ~= length
    self = isPlausible ? .message(byteCount: Int(length) + Self.headerByteCount) : .notKerberos
  }
}
