package import Wire

/// ServerKeyExchange: the server's key for this connection (TLS 1.2 and before).
///
/// RFC 8422 §5.4, RFC 5246 §7.4.3
package struct ServerKeyExchange: Hashable, Sendable {
  /// The elliptic curve or other named group; `nil` for Diffie-Hellman with its own prime.
  package let group: NamedGroup?
  /// Bits of the Diffie-Hellman prime; `nil` for a named group.
  package let primeBitCount: Int?
  /// How the key is signed; `nil` before TLS 1.2 and for anonymous suites.
  package let signatureScheme: SignatureScheme?

  /// Decodes the body of the handshake message.
  ///
  /// - Parameters:
  ///   - reader: Positioned at the parameters.
  ///   - keyExchange: That of the suite chosen: the message does not say which it is.
  ///   - version: The version of the connection.
  /// - Throws: ``DecodeError`` if a length does not fit, or the key exchange has no such message
  ///   or one that is not decoded.
  package init(
    decoding reader: inout ByteReader,
    keyExchange: KeyExchange,
    version: TLSVersion
  ) throws(DecodeError) {
    switch keyExchange {
    case .ecdhe, .ecdhAnonymous, .ecdhePSK:
      if keyExchange == .ecdhePSK { _ = try reader.vector16("psk_identity_hint") }
      let typeOffset = reader.offset
      let type = try reader.uint8("curve_type")
      guard type == Self.namedCurve else {
        throw reader.invalid("curve_type", at: typeOffset, expected: "3", found: type)
      }
      group = NamedGroup(rawValue: try reader.uint16BigEndian("namedcurve"))
      primeBitCount = nil
      _ = try reader.vector8("point")
    case .dhe, .dhAnonymous, .dhePSK:
      if keyExchange == .dhePSK { _ = try reader.vector16("psk_identity_hint") }
      let prime = try reader.vector16("dh_p").remaining.drop { $0 == 0 }
      _ = try reader.vector16("dh_g")
      _ = try reader.vector16("dh_Ys")
      group = nil
      primeBitCount = prime.first.map { prime.count * 8 - $0.leadingZeroBitCount } ?? 0
    default:
      throw reader.invalid(
        "ServerKeyExchange",
        at: reader.offset,
        expected: "an ephemeral key exchange",
        found: keyExchange.rawValue
      )
    }
    let isSigned = keyExchange == .ecdhe || keyExchange == .dhe
    guard isSigned, .tls12 <= version else {
      signatureScheme = nil
      return
    }
    signatureScheme = SignatureScheme(rawValue: try reader.uint16BigEndian("algorithm"))
    _ = try reader.vector16("signature")
  }

  /// The only curve type still in use (RFC 8422 §5.4).
  private static let namedCurve: UInt8 = 3
}
