package import Wire

/// A message of RDSTLS, by which a redirected client logs in; passwords are passed over.
///
/// All begin with Version 2, PduType 2, DataType 2, little-endian. [MS-RDPBCGR] 2.2.17
package enum RDSTLSMessage: WireDecodable, Hashable {
  /// The versions that the server knows. 2.2.17.1
  case capabilities(versions: UInt16)
  /// User, domain and password. 2.2.17.2
  case passwordCredentials(user: String, domain: String, passwordByteCount: Int)
  /// The cookie of an automatic reconnection. 2.2.17.3
  case autoReconnectCookie(sessionID: UInt32)
  /// Whether the login is taken. 2.2.17.4
  case result(RDSTLSResult)

  /// Decodes the message.
  ///
  /// - Throws: ``DecodeError`` if it breaks off, or is of no known type.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    reader.layer = .rdstls
    let start = reader.offset
    let version = try reader.uint16LittleEndian("Version")
    guard version == 1 else {
      throw reader.invalid("Version", at: start, expected: "1", found: version)
    }
    let typeOffset = reader.offset
    let type = try reader.uint16LittleEndian("PduType")
    let kind = try reader.uint16LittleEndian("DataType")
    switch (type, kind) {
    case (1, 1):
      self = .capabilities(versions: try reader.uint16LittleEndian("SupportedVersions"))
    case (2, 1): self = try Self.password(&reader)
    case (2, 2):
      let session = try reader.uint32LittleEndian("SessionID")
      let byteCount = Int(try reader.uint16LittleEndian("cbAutoReconnectCookie"))
      try reader.skipSecret(byteCount, "AutoReconnectCookie")
      self = .autoReconnectCookie(sessionID: session)
    case (4, 1):
      self = .result(RDSTLSResult(rawValue: try reader.uint32LittleEndian("ResultCode")))
    default:
      throw reader.invalid(
        "PduType",
        at: typeOffset,
        expected: "1, 2 or 4 with a known DataType",
        found: "\(type) with \(kind)"
      )
    }
  }

  private static func password(_ reader: inout ByteReader) throws(DecodeError) -> RDSTLSMessage {
    let guidByteCount = Int(try reader.uint16LittleEndian("cbRedirectionGuid"))
    try reader.skipSecret(guidByteCount, "RedirectionGuid")
    let userByteCount = Int(try reader.uint16LittleEndian("cbUserName"))
    let user = try reader.utf16(userByteCount, "UserName")
    let domainByteCount = Int(try reader.uint16LittleEndian("cbDomain"))
    let domain = try reader.utf16(domainByteCount, "Domain")
    let passwordByteCount = Int(try reader.uint16LittleEndian("cbPassword"))
    try reader.skipSecret(passwordByteCount, "Password")
    return .passwordCredentials(
      user: user.withoutTerminator,
      domain: domain.withoutTerminator,
      passwordByteCount: passwordByteCount
    )
  }
}

/// How a server answers an RDSTLS login; unknown codes are kept. [MS-RDPBCGR] 2.2.17.4
package struct RDSTLSResult: RawRepresentable, Hashable, Sendable {
  package let rawValue: UInt32

  package init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Whether the login is taken.
  package var isSuccess: Bool { rawValue == 0 }

  /// The NTSTATUS that says the same; `nil` for success and unknown codes.
  package var status: LoginStatus? {
    Self.known[rawValue].map { LoginStatus(rawValue: $0.status) }
  }

  /// The specification's name, or the number in hexadecimal.
  package var name: String {
    if isSuccess { return "RDSTLS_RESULT_SUCCESS" }
    return Self.known[rawValue].map { "RDSTLS_RESULT_\($0.name)" }
      ?? "0x" + String(rawValue, radix: 16, uppercase: true)
  }

  private static let known: [UInt32: (name: String, status: UInt32)] = [
    0x005: ("ACCESS_DENIED", 0xC000_0022), 0x52E: ("LOGON_FAILURE", 0xC000_006D),
    0x530: ("INVALID_LOGON_HOURS", 0xC000_006F), 0x532: ("PASSWORD_EXPIRED", 0xC000_0071),
    0x533: ("ACCOUNT_DISABLED", 0xC000_0072), 0x773: ("PASSWORD_MUST_CHANGE", 0xC000_0224),
    0x775: ("ACCOUNT_LOCKED_OUT", 0xC000_0234),
  ]
}

extension String {
  /// The text before its first zero character.
  var withoutTerminator: String { String(prefix { $0 != "\0" }) }
}
