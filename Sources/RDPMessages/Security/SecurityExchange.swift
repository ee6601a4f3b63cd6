package import Wire

/// Client Security Exchange: the client's random, encrypted with the server's key.
///
/// After the security header: length 4 little-endian, encryptedClientRandom, 8 octets of padding
/// included. [MS-RDPBCGR] 2.2.1.10.1
package struct SecurityExchange: WireDecodable, Hashable {
  /// The random as encrypted, padding included; whoever has the server's key can read it.
  package let encryptedClientRandom: [UInt8]

  /// Decodes what follows the security header.
  ///
  /// - Throws: ``DecodeError`` if the length does not fit.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    let length = Int(try reader.uint32LittleEndian("length"))
    encryptedClientRandom = Array(try reader.bytes(length, "encryptedClientRandom"))
  }
}
