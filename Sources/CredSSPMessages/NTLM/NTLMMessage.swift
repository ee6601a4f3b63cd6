package import Wire

/// A message of NTLM; responses, keys and hashes in it are passed over.
///
/// All begin with signature 8, MessageType 4, little-endian. [MS-NLMP] 2.2.1
package enum NTLMMessage: Hashable, Sendable {
  case negotiate(NTLMNegotiate)
  case challenge(NTLMChallenge)
  case authenticate(NTLMAuthenticate)

  /// `NTLMSSP` with a zero behind it.
  package static let signature: [UInt8] = Array("NTLMSSP\0".utf8)

  /// Decodes the message.
  ///
  /// - Parameter bytes: The whole message, to which its fields' offsets refer.
  /// - Throws: ``DecodeError`` if it breaks off, is of another type, or a field points outside.
  package init(_ bytes: ArraySlice<UInt8>) throws(DecodeError) {
    var reader = ByteReader(bytes, layer: .ntlm)
    let start = reader.offset
    guard try reader.bytes(8, "Signature").elementsEqual(Self.signature) else {
      throw reader.invalid("Signature", at: start, expected: "NTLMSSP", found: "other octets")
    }
    let typeOffset = reader.offset
    let type = try reader.uint32LittleEndian("MessageType")
    switch type {
    case 1: self = .negotiate(try NTLMNegotiate(decoding: &reader))
    case 2: self = .challenge(try NTLMChallenge(decoding: &reader))
    case 3: self = .authenticate(try NTLMAuthenticate(decoding: &reader))
    default: throw reader.invalid("MessageType", at: typeOffset, expected: "1 to 3", found: type)
    }
  }
}
