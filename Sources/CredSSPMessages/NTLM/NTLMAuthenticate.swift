import Wire

/// The client's second NTLM message (AUTHENTICATE_MESSAGE): who logs in, and the proof.
///
/// After the type: LmChallengeResponseFields 8, NtChallengeResponseFields 8, DomainNameFields 8,
/// UserNameFields 8, WorkstationFields 8, EncryptedRandomSessionKeyFields 8, NegotiateFlags 4,
/// Version 8, MIC 16. [MS-NLMP] 2.2.1.3
package struct NTLMAuthenticate: Hashable, Sendable {
  package let flags: NTLMFlags
  /// `nil` where the client sends none.
  package let domain: String?
  /// `nil` for an anonymous login.
  package let user: String?
  package let workstation: String?
  package let version: NTLMVersion?
  /// Whether the proof is of NTLM version 2.
  package let isVersion2: Bool
  /// The service that the client means, as it signs it; `nil` in version 1 and from old clients.
  package let serviceName: String?

  /// Octets of a proof of version 1; one of version 2 is longer.
  private static let version1ByteCount = 24
  /// Octets of a proof of version 2 before its list: NTProofStr 16, RespType 2, Reserved 6,
  /// TimeStamp 8, ChallengeFromClient 8, Reserved 4. [MS-NLMP] 2.2.2.8
  private static let beforeListByteCount = 44

  init(decoding reader: inout ByteReader) throws(DecodeError) {
    let lmFields = try NTLMPayload(decoding: &reader, "LmChallengeResponseFields")
    let ntFields = try NTLMPayload(decoding: &reader, "NtChallengeResponseFields")
    let domainFields = try NTLMPayload(decoding: &reader, "DomainNameFields")
    let userFields = try NTLMPayload(decoding: &reader, "UserNameFields")
    let workstationFields = try NTLMPayload(decoding: &reader, "WorkstationFields")
    let keyFields = try NTLMPayload(decoding: &reader, "EncryptedRandomSessionKeyFields")
    flags = NTLMFlags(rawValue: try reader.uint32LittleEndian("NegotiateFlags"))
    version = flags.contains(.version) ? try NTLMVersion(decoding: &reader) : nil

    let isUnicode = flags.contains(.unicode)
    domain = try domainFields.text(in: reader, isUnicode: isUnicode, "DomainName")
    user = try userFields.text(in: reader, isUnicode: isUnicode, "UserName")
    workstation = try workstationFields.text(in: reader, isUnicode: isUnicode, "Workstation")
    try lmFields.skipSecret(in: reader, "LmChallengeResponse")
    try keyFields.skipSecret(in: reader, "EncryptedRandomSessionKey")
    isVersion2 = Self.version1ByteCount < ntFields.byteCount
    serviceName = try Self.serviceName(ntFields, in: reader)
  }

  private static func serviceName(
    _ fields: NTLMPayload,
    in message: ByteReader
  ) throws(DecodeError) -> String? {
    guard beforeListByteCount < fields.byteCount else {
      try fields.skipSecret(in: message, "NtChallengeResponse")
      return nil
    }
    var proof = try fields.reader(in: message, "NtChallengeResponse")
    try proof.skipSecret(beforeListByteCount, "NtChallengeResponse")
    return try NTLMTargetInformation(decoding: &proof).serviceName
  }
}
