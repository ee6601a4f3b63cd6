package import Wire

/// Client Info: who logs on, and with what; the password is passed over.
///
/// After the security header, little-endian: CodePage 4, flags 4, cbDomain 2, cbUserName 2,
/// cbPassword 2, cbAlternateShell 2, cbWorkingDir 2, the five strings with their terminators, and
/// extraInfo. [MS-RDPBCGR] 2.2.1.11.1.1
package struct ClientInfo: WireDecodable, Hashable {
  package let flags: Flags
  package let domain: String
  package let user: String
  /// Octets of the password; 0 where none is sent.
  package let passwordByteCount: Int
  /// A program to start in place of the shell.
  package let alternateShell: String
  /// `nil` from clients before RDP 5.0.
  package let extra: ExtendedClientInfo?

  /// Flags of the PDU; unknown bits are kept. [MS-RDPBCGR] 2.2.1.11.1.1
  package struct Flags: OptionSet, Hashable, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// The password is to be used without asking (INFO_AUTOLOGON).
    package static let autoLogon = Self(rawValue: 0x0000_0008)
    /// Strings are UTF-16 (INFO_UNICODE).
    package static let unicode = Self(rawValue: 0x0000_0010)
    /// Bulk compression is offered (INFO_COMPRESSION).
    package static let compression = Self(rawValue: 0x0000_0080)
    /// A RemoteApp is wanted (INFO_RAIL).
    package static let remoteApp = Self(rawValue: 0x0000_8000)
    /// The password is a smart card's PIN (INFO_PASSWORD_IS_SC_PIN).
    package static let passwordIsPIN = Self(rawValue: 0x0004_0000)
    /// Saved credentials are used (INFO_USING_SAVED_CREDS).
    package static let savedCredentials = Self(rawValue: 0x0010_0000)
  }

  /// Decodes what follows the security header.
  ///
  /// - Throws: ``DecodeError`` if a string or a field of a fixed place breaks off.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    try reader.skip(4, "CodePage")
    flags = Flags(rawValue: try reader.uint32LittleEndian("flags"))
    let domainByteCount = Int(try reader.uint16LittleEndian("cbDomain"))
    let userByteCount = Int(try reader.uint16LittleEndian("cbUserName"))
    passwordByteCount = Int(try reader.uint16LittleEndian("cbPassword"))
    let shellByteCount = Int(try reader.uint16LittleEndian("cbAlternateShell"))
    let folderByteCount = Int(try reader.uint16LittleEndian("cbWorkingDir"))
    // Each string has a terminator that its length leaves out.
    let isUnicode = flags.contains(.unicode)
    let terminator = isUnicode ? 2 : 1
    domain = try reader.text(domainByteCount + terminator, isUnicode: isUnicode, "Domain")
    user = try reader.text(userByteCount + terminator, isUnicode: isUnicode, "UserName")
    try reader.skipSecret(passwordByteCount + terminator, "Password")
    alternateShell = try reader.text(
      shellByteCount + terminator,
      isUnicode: isUnicode,
      "AlternateShell"
    )
    try reader.skip(folderByteCount + terminator, "WorkingDir")
    extra = reader.isAtEnd ? nil : try ExtendedClientInfo(decoding: &reader)
  }

  /// What the client brings to log on with.
  package var credentials: String {
    if passwordByteCount == 0 { return "no password" }
    return flags.contains(.passwordIsPIN) ? "a smart card's PIN" : "a password"
  }
}
