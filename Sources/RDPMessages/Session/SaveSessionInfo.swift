package import Wire

/// Save Session Info: somebody is logged on, or the logon has something to say.
///
/// After the Share Data Header, little-endian: infoType 4, and what the type says.
/// [MS-RDPBCGR] 2.2.10.1
package enum SaveSessionInfo: WireDecodable, Hashable {
  /// The user who is logged on, short or long. 2.2.10.1.1.1, 2.2.10.1.1.2
  case logon(domain: String, user: String, sessionID: UInt32)
  /// Somebody is logged on. 2.2.10.1.1.3
  case plainNotify
  /// 2.2.10.1.1.4
  case extended(ExtendedLogonInfo)
  case other(type: UInt32)

  /// Decodes what follows the Share Data Header.
  ///
  /// - Throws: ``DecodeError`` if it breaks off, or a string is longer than its field.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    let type = try reader.uint32LittleEndian("infoType")
    switch type {
    case 0: self = try Self.short(&reader)
    case 1: self = try Self.long(&reader)
    case 2: self = .plainNotify
    case 3: self = .extended(try ExtendedLogonInfo(decoding: &reader))
    default: self = .other(type: type)
    }
  }

  /// cbDomain 4, Domain 52, cbUserName 4, UserName 512, SessionId 4.
  private static func short(_ reader: inout ByteReader) throws(DecodeError) -> SaveSessionInfo {
    try reader.skip(4, "cbDomain")
    let domain = try reader.text(52, isUnicode: true, "Domain")
    try reader.skip(4, "cbUserName")
    let user = try reader.text(512, isUnicode: true, "UserName")
    let session = try reader.uint32LittleEndian("SessionId")
    return .logon(domain: domain, user: user, sessionID: session)
  }

  /// Version 2, Size 4, SessionId 4, cbDomain 4, cbUserName 4, Pad 558, Domain, UserName.
  private static func long(_ reader: inout ByteReader) throws(DecodeError) -> SaveSessionInfo {
    try reader.skip(2, "Version")
    try reader.skip(4, "Size")
    let session = try reader.uint32LittleEndian("SessionId")
    let domainByteCount = Int(try reader.uint32LittleEndian("cbDomain"))
    let userByteCount = Int(try reader.uint32LittleEndian("cbUserName"))
    try reader.skip(558, "Pad")
    let domain = try reader.text(domainByteCount, isUnicode: true, "Domain")
    let user = try reader.text(userByteCount, isUnicode: true, "UserName")
    return .logon(domain: domain, user: user, sessionID: session)
  }

  /// Whether it says that somebody is logged on.
  package var isLogon: Bool {
    switch self {
    case .logon, .plainNotify: true
    case .extended(let info): info.hasAutoReconnectCookie
    case .other: false
    }
  }
}

/// What a logon has to say (TS_LOGON_INFO_EXTENDED): Length 2, FieldsPresent 4, then for each
/// field cbFieldData 4 and the field, little-endian. [MS-RDPBCGR] 2.2.10.1.1.4
package struct ExtendedLogonInfo: WireDecodable, Hashable {
  /// Whether the server gives the client a cookie to come back with.
  package let hasAutoReconnectCookie: Bool
  /// What stands in the way of the logon, or only beside it.
  package let error: LogonError?

  /// Decodes the fields that are there.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    try reader.skip(2, "Length")
    let fields = try reader.uint32LittleEndian("FieldsPresent")
    hasAutoReconnectCookie = fields & 1 != 0
    if hasAutoReconnectCookie {
      let byteCount = Int(try reader.uint32LittleEndian("cbFieldData"))
      try reader.skipSecret(byteCount, "ArcRandomBits")
    }
    guard fields & 2 != 0 else {
      error = nil
      return
    }
    try reader.skip(4, "cbFieldData")
    error = LogonError(
      type: try reader.uint32LittleEndian("ErrorNotificationType"),
      data: try reader.uint32LittleEndian("ErrorNotificationData")
    )
  }
}
