package import Wire

/// NewSessionTicket: what the client may resume this session with.
///
/// Layout: ticket_lifetime_hint 4 big-endian, ticket length 2, ticket (RFC 5077 §3.3). In TLS 1.3
/// ticket_lifetime 4, ticket_age_add 4, nonce length 1, nonce, ticket length 2, ticket, extensions
/// (RFC 8446 §4.6.1).
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

  /// Decodes the body of TLS 1.3's message.
  ///
  /// - Parameter reader: Positioned at `ticket_lifetime`.
  /// - Throws: ``DecodeError`` if a length does not fit.
  package init(decodingTLS13 reader: inout ByteReader) throws(DecodeError) {
    lifetimeSeconds = try reader.uint32BigEndian("ticket_lifetime")
    try reader.skip(4, "ticket_age_add")
    _ = try reader.vector8("ticket_nonce")
    ticket = Array(try reader.vector16("ticket").remaining)
    _ = try reader.vector16("extensions")
    try reader.requireEmpty("NewSessionTicket")
  }
}
