package import Wire

/// NewSessionTicket: what the client may resume this session with.
///
/// Layout: ticket_lifetime_hint 4 big-endian, ticket length 2, ticket. RFC 5077 §3.3; the form of
/// TLS 1.3 is encrypted.
package struct NewSessionTicket: WireDecodable, Hashable {
  /// How long the server means to keep it; 0 does not say.
  package let lifetimeSeconds: UInt32
  /// The ticket, which only the server can read.
  package let ticket: [UInt8]

  /// Decodes the body of the handshake message.
  ///
  /// - Parameter reader: Positioned at `ticket_lifetime_hint`.
  /// - Throws: ``DecodeError`` if a length does not fit.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    lifetimeSeconds = try reader.uint32BigEndian("ticket_lifetime_hint")
    ticket = Array(try reader.vector16("ticket").remaining)
    try reader.requireEmpty("ticket")
  }
}
