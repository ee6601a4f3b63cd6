import SwiftASN1
package import Wire

/// CertificateRequest: the server wants the client to show a certificate.
///
/// RFC 5246 §7.4.4, and in TLS 1.3 RFC 8446 §4.3.2.
package struct CertificateRequest: Hashable, Sendable {
  /// Authorities taken from one request; domains list a few dozen.
  package static let maximumAuthorityCount = 256

  /// Kinds of certificates that are accepted, by number; empty in TLS 1.3.
  package let certificateTypes: [UInt8]
  /// Signature algorithms that are accepted; empty before TLS 1.2.
  package let signatureAlgorithms: [SignatureScheme]
  /// Names of the authorities that are accepted, `CN=…`; empty for any.
  package var authorities: [String]

  /// Decodes the body of the handshake message.
  ///
  /// - Parameters:
  ///   - reader: Positioned at the first octet.
  ///   - version: The version of the connection.
  /// - Throws: ``DecodeError`` if a length does not fit or there are too many authorities.
  package init(decoding reader: inout ByteReader, version: TLSVersion) throws(DecodeError) {
    self = try version == .tls13 ? Self.ofTLS13(&reader) : Self.before13(&reader, version)
  }

  private init(_ types: [UInt8], _ signatures: [SignatureScheme], _ authorities: [String]) {
    certificateTypes = types
    signatureAlgorithms = signatures
    self.authorities = authorities
  }

  private static func before13(
    _ reader: inout ByteReader,
    _ version: TLSVersion
  ) throws(DecodeError) -> Self {
    let types = Array(try reader.vector8("certificate_types").remaining)
    let signatures = .tls12 <= version ? try Self.signatures(&reader) : []
    var list = try reader.vector16("certificate_authorities")
    return Self(types, signatures, try names(&list))
  }

  /// Layout: context length 1, context, then extensions, of which two tell something:
  /// signature_algorithms and certificate_authorities. RFC 8446 §4.3.2, §4.2.4
  private static func ofTLS13(_ reader: inout ByteReader) throws(DecodeError) -> Self {
    _ = try reader.vector8("certificate_request_context")
    var extensions = try reader.vector16("extensions")
    var accepted: [SignatureScheme] = []
    var authorities: [String] = []
    while !extensions.isAtEnd {
      let type = ExtensionType(rawValue: try extensions.uint16BigEndian("extension_type"))
      var body = try extensions.vector16("extension_data")
      switch type {
      case .signatureAlgorithms: accepted = try signatures(&body)
      case .certificateAuthorities:
        var list = try body.vector16("authorities")
        authorities = try names(&list)
      default: break
      }
    }
    return Self([], accepted, authorities)
  }

  private static func signatures(
    _ reader: inout ByteReader
  ) throws(DecodeError) -> [SignatureScheme] {
    var list = try reader.vector16("supported_signature_algorithms")
    return try list.values16("SignatureScheme").map { SignatureScheme(rawValue: $0) }
  }

  private static func names(_ list: inout ByteReader) throws(DecodeError) -> [String] {
    var authorities: [String] = []
    while !list.isAtEnd {
      guard authorities.count < maximumAuthorityCount else {
        throw list.limitExceeded(
          "certificate_authorities",
          at: list.offset,
          limit: maximumAuthorityCount,
          found: authorities.count + 1
        )
      }
      let name = try list.vector16("DistinguishedName").remaining
      // A name that is no name still counts as one.
      authorities.append((try? BER.parse(name))?.distinguishedName ?? "#" + name.hex)
    }
    return authorities
  }
}
