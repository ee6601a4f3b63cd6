package import Wire

/// The server's certificate of standard RDP security (SERVER_CERTIFICATE).
///
/// dwVersion 4 little-endian: the version in the low 31 bits, the highest says that it is
/// temporary. [MS-RDPBCGR] 2.2.1.4.3.1
package struct ServerCertificate: WireDecodable, Hashable {
  /// Certificates in one X.509 chain: the specification sends two to some; this is beyond any.
  package static let maximumCount = 32

  /// Whether the licence server has not issued a permanent one yet.
  package let isTemporary: Bool
  /// What it consists of.
  package let kind: Kind

  /// The two forms.
  package enum Kind: Hashable, Sendable {
    /// A bare key, signed with a key that everyone knows. [MS-RDPBCGR] 2.2.1.4.3.1.1
    case proprietary(RSAPublicKey)
    /// A chain in DER, the root first. [MS-RDPELE] 2.2.1.4.2
    case x509([ArraySlice<UInt8>])
  }

  /// An RSA public key (RSA_PUBLIC_KEY). [MS-RDPBCGR] 2.2.1.4.3.1.1.1
  package struct RSAPublicKey: Hashable, Sendable {
    package let bitCount: Int
    package let exponent: UInt32
    /// Least significant octet first, without the padding behind it.
    package let modulus: [UInt8]
  }

  /// Decodes the certificate.
  ///
  /// - Parameter reader: Over the certificate and nothing else.
  /// - Throws: ``DecodeError`` if it breaks off or is of an unknown version.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    let start = reader.offset
    let version = try reader.uint32LittleEndian("dwVersion")
    isTemporary = version & 0x8000_0000 != 0
    switch version & 0x7FFF_FFFF {
    case 1: kind = .proprietary(try reader.proprietaryKey())
    case 2: kind = .x509(try reader.x509Chain())
    default:
      throw reader.invalid("dwVersion", at: start, expected: "1 or 2", found: version)
    }
  }
}

extension ByteReader {
  /// dwSigAlgId 4, dwKeyAlgId 4, wPublicKeyBlobType 2 (6), wPublicKeyBlobLen 2, the key,
  /// wSignatureBlobType 2 (8), wSignatureBlobLen 2, the signature.
  fileprivate mutating func proprietaryKey() throws(DecodeError) -> ServerCertificate.RSAPublicKey {
    try skip(8, "dwSigAlgId and dwKeyAlgId")
    try expectBlob(6, "wPublicKeyBlobType")
    let length = Int(try uint16LittleEndian("wPublicKeyBlobLen"))
    var blob = try subReader(length, "PublicKeyBlob")
    let magicOffset = blob.offset
    let magic = try blob.uint32BigEndian("magic")
    guard magic == 0x5253_4131 else {
      throw blob.invalid("magic", at: magicOffset, expected: "RSA1", found: magic)
    }
    let keyByteCount = Int(try blob.uint32LittleEndian("keylen"))
    let bitCount = Int(try blob.uint32LittleEndian("bitlen"))
    try blob.skip(4, "datalen")
    let exponent = try blob.uint32LittleEndian("pubExp")
    let modulus = try blob.bytes(keyByteCount, "modulus")
    try expectBlob(8, "wSignatureBlobType")
    try skip(Int(try uint16LittleEndian("wSignatureBlobLen")), "SignatureBlob")
    // Eight octets of padding end the modulus.
    return .init(bitCount: bitCount, exponent: exponent, modulus: Array(modulus.dropLast(8)))
  }

  private mutating func expectBlob(_ type: UInt16, _ field: StaticString) throws(DecodeError) {
    let start = offset
    let found = try uint16LittleEndian(field)
    guard found == type else {
      throw invalid(field, at: start, expected: "\(type)", found: found)
    }
  }

  /// NumCertBlobs 4, then cbCert 4 and the certificate for each; padding.
  fileprivate mutating func x509Chain() throws(DecodeError) -> [ArraySlice<UInt8>] {
    let count = try count("NumCertBlobs", limit: ServerCertificate.maximumCount)
    var chain: [ArraySlice<UInt8>] = []
    for _ in 0..<count {
      let length = Int(try uint32LittleEndian("cbCert"))
      chain.append(try bytes(length, "abCert"))
    }
    return chain
  }
}
