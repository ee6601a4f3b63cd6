import SwiftASN1
package import Wire

/// CertificateRequest: the server wants the client to show a certificate.
///
/// RFC 5246 §7.4.4; the form of TLS 1.3 is encrypted and not decoded here.
package struct CertificateRequest: Hashable, Sendable {
  /// Authorities taken from one request; domains list a few dozen.
  package static let maximumAuthorityCount = 256

  /// Kinds of certificates that are accepted, by number.
  package let certificateTypes: [UInt8]
  /// Signature algorithms that are accepted; empty before TLS 1.2.
  package let signatureAlgorithms: [SignatureScheme]
  /// Names of the authorities that are accepted, `CN=…`; empty for any.
  package var authorities: [String]

  /// Decodes the body of the handshake message of TLS 1.2 and before.
  ///
  /// - Parameters:
  ///   - reader: Positioned at `certificate_types`.
  ///   - version: The version of the connection.
  /// - Throws: ``DecodeError`` if a length does not fit or there are too many authorities.
  package init(decoding reader: inout ByteReader, version: TLSVersion) throws(DecodeError) {
    certificateTypes = Array(try reader.vector8("certificate_types").remaining)
    if .tls12 <= version {
      var list = try reader.vector16("supported_signature_algorithms")
      signatureAlgorithms = try list.values16("SignatureScheme").map {
        SignatureScheme(rawValue: $0)
      }
    } else {
      signatureAlgorithms = []
    }
    var list = try reader.vector16("certificate_authorities")
    var authorities: [String] = []
    while !list.isAtEnd {
      guard authorities.count < Self.maximumAuthorityCount else {
        throw list.limitExceeded(
          "certificate_authorities",
          at: list.offset,
          limit: Self.maximumAuthorityCount,
          found: authorities.count + 1
        )
      }
      let name = try list.vector16("DistinguishedName").remaining
      // A name that is no name still counts as one.
      authorities.append((try? BER.parse(name))?.distinguishedName ?? "#" + name.hex)
    }
    self.authorities = authorities
  }
}
