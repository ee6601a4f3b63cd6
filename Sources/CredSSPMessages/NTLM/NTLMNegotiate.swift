import Wire

/// The client's first NTLM message (NEGOTIATE_MESSAGE): what it can do.
///
/// After the type: NegotiateFlags 4, DomainNameFields 8, WorkstationFields 8, Version 8. Old clients
/// stop after the flags. [MS-NLMP] 2.2.1.1
package struct NTLMNegotiate: Hashable, Sendable {
  package let flags: NTLMFlags
  /// `nil` where the client does not tell.
  package let domain: String?
  package let workstation: String?
  package let version: NTLMVersion?

  init(decoding reader: inout ByteReader) throws(DecodeError) {
    flags = NTLMFlags(rawValue: try reader.uint32LittleEndian("NegotiateFlags"))
    guard !reader.isAtEnd else {
      domain = nil
      workstation = nil
      version = nil
      return
    }
    let domainFields = try NTLMPayload(decoding: &reader, "DomainNameFields")
    let workstationFields = try NTLMPayload(decoding: &reader, "WorkstationFields")
    version = flags.contains(.version) ? try NTLMVersion(decoding: &reader) : nil
    // Both are OEM whatever the flags say.
    domain = try domainFields.text(in: reader, isUnicode: false, "DomainName")
    workstation = try workstationFields.text(in: reader, isUnicode: false, "WorkstationName")
  }
}
