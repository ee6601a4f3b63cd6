package import Wire

/// Whether the user may log on to this host, said right after CredSSP where HYBRID_EX was chosen.
///
/// Layout: authorizationResult 4, little-endian. [MS-RDPBCGR] 2.2.10.2
package struct EarlyUserAuthorization: WireDecodable, Hashable {
  /// 0 for a permitted user, 5 for one who is not.
  package let result: UInt32

  /// Decodes the message.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    result = try reader.uint32LittleEndian("authorizationResult")
  }

  /// Whether the user is let in.
  package var isPermitted: Bool { result == 0 }

  /// The specification's name, or the number in hexadecimal.
  package var name: String {
    switch result {
    case 0: "AUTHZ_SUCCESS"
    case 5: "AUTHZ_ACCESS_DENIED"
    default: "0x" + String(result, radix: 16, uppercase: true)
    }
  }
}
