import Wire

/// The server's NTLM message (CHALLENGE_MESSAGE): who it is.
///
/// After the type: TargetNameFields 8, NegotiateFlags 4, ServerChallenge 8, Reserved 8,
/// TargetInfoFields 8, Version 8. [MS-NLMP] 2.2.1.2
package struct NTLMChallenge: Hashable, Sendable {
  package let flags: NTLMFlags
  /// The server's domain, or its own name outside of one.
  package let targetName: String?
  /// What the server tells of itself.
  package let target: NTLMTargetInformation
  package let version: NTLMVersion?

  init(decoding reader: inout ByteReader) throws(DecodeError) {
    let nameFields = try NTLMPayload(decoding: &reader, "TargetNameFields")
    flags = NTLMFlags(rawValue: try reader.uint32LittleEndian("NegotiateFlags"))
    try reader.skipSecret(8, "ServerChallenge")
    try reader.skip(8, "Reserved")
    let targetFields = try NTLMPayload(decoding: &reader, "TargetInfoFields")
    version = flags.contains(.version) ? try NTLMVersion(decoding: &reader) : nil
    targetName = try nameFields.text(
      in: reader,
      isUnicode: flags.contains(.unicode),
      "TargetName"
    )
    var pairs = try targetFields.reader(in: reader, "TargetInfo")
    target = try NTLMTargetInformation(decoding: &pairs)
  }
}
