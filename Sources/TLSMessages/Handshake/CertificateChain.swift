package import Wire

/// Certificate: the chain of one side, leaf first; a client without one sends an empty chain.
///
/// RFC 5246 §7.4.2, RFC 8446 §4.4.2
package struct CertificateChain: WireDecodable, Hashable {
  /// Certificates in one chain: beyond any real one.
  package static let maximumCount = 32

  /// The certificates in DER.
  package let certificates: [ArraySlice<UInt8>]

  /// Decodes the body of the handshake message of TLS 1.2 and before.
  ///
  /// - Parameter reader: Positioned at the list's length.
  /// - Throws: ``DecodeError`` if a length does not fit or there are more than ``maximumCount``.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    try self.init(decoding: &reader, version: .tls12)
  }

  /// Decodes the body of the handshake message.
  ///
  /// - Parameters:
  ///   - reader: Positioned at the first octet.
  ///   - version: The version of the connection; TLS 1.3 adds a context and extensions.
  /// - Throws: ``DecodeError`` if a length does not fit or there are more than ``maximumCount``.
  package init(decoding reader: inout ByteReader, version: TLSVersion) throws(DecodeError) {
    if version == .tls13 { _ = try reader.vector8("certificate_request_context") }
    var list = try reader.vector24("certificate_list")
    try reader.requireEmpty("certificate_list")
    var certificates: [ArraySlice<UInt8>] = []
    while !list.isAtEnd {
      guard certificates.count < Self.maximumCount else {
        throw list.limitExceeded(
          "certificate_list",
          at: list.offset,
          limit: Self.maximumCount,
          found: certificates.count + 1
        )
      }
      certificates.append(try list.vector24("ASN.1Cert").remaining)
      if version == .tls13 { _ = try list.vector16("extensions") }
    }
    self.certificates = certificates
  }
}
