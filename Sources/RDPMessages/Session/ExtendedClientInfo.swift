package import Wire

/// What clients since RDP 5.0 add to Client Info (TS_EXTENDED_INFO_PACKET).
///
/// Little-endian: clientAddressFamily 2, cbClientAddress 2, clientAddress, cbClientDir 2, clientDir,
/// and, each only if those before it are there: clientTimeZone 172, clientSessionId 4,
/// performanceFlags 4, cbAutoReconnectCookie 2, autoReconnectCookie, and more.
/// [MS-RDPBCGR] 2.2.1.11.1.1.1
package struct ExtendedClientInfo: WireDecodable, Hashable {
  /// The client's own address, behind whatever translates it.
  package let clientAddress: String
  /// `nil` where the client leaves it out.
  package let timeZone: TimeZone?
  package let performanceFlags: UInt32?
  /// Whether the client asks for its session back without a password.
  package let hasAutoReconnectCookie: Bool

  /// The client's time zone, without its rules. [MS-RDPBCGR] 2.2.1.11.1.1.1.1
  package struct TimeZone: Hashable, Sendable {
    /// Minutes that its standard time is behind UTC; negative east of it.
    package let bias: Int32
    /// Its name in the client's language.
    package let standardName: String
  }

  /// Octets of a time zone's name.
  private static let nameByteCount = 64
  /// Octets of a SYSTEMTIME.
  private static let systemTimeByteCount = 16

  /// Decodes the fields that are there.
  ///
  /// - Throws: ``DecodeError`` if one breaks off.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    try reader.skip(2, "clientAddressFamily")
    let addressByteCount = Int(try reader.uint16LittleEndian("cbClientAddress"))
    clientAddress = try reader.text(addressByteCount, isUnicode: true, "clientAddress")
    let folderByteCount = Int(try reader.uint16LittleEndian("cbClientDir"))
    try reader.skip(folderByteCount, "clientDir")
    timeZone = reader.isAtEnd ? nil : try Self.timeZone(&reader)
    guard !reader.isAtEnd else {
      performanceFlags = nil
      hasAutoReconnectCookie = false
      return
    }
    try reader.skip(4, "clientSessionId")
    performanceFlags = reader.isAtEnd ? nil : try reader.uint32LittleEndian("performanceFlags")
    let cookieByteCount =
      reader.isAtEnd ? 0 : Int(try reader.uint16LittleEndian("cbAutoReconnectCookie"))
    try reader.skipSecret(cookieByteCount, "autoReconnectCookie")
    hasAutoReconnectCookie = cookieByteCount != 0
  }

  private static func timeZone(_ reader: inout ByteReader) throws(DecodeError) -> TimeZone {
    let bias = Int32(bitPattern: try reader.uint32LittleEndian("Bias"))
    let name = try reader.text(nameByteCount, isUnicode: true, "StandardName")
    try reader.skip(systemTimeByteCount + 4, "StandardDate and StandardBias")
    try reader.skip(nameByteCount + systemTimeByteCount + 4, "DaylightName to DaylightBias")
    return TimeZone(bias: bias, standardName: name)
  }
}

extension ByteReader {
  /// Reads text of so many octets and drops what follows its terminator.
  mutating func text(
    _ byteCount: Int,
    isUnicode: Bool,
    _ field: StaticString
  ) throws(DecodeError) -> String {
    let octets = try bytes(byteCount, field)
    // The code page is the client's; ASCII is part of every one.
    guard isUnicode else { return String(decoding: octets.prefix { $0 != 0 }, as: UTF8.self) }
    let text = String(utf16LittleEndian: octets)
    return String(text.prefix { $0 != "\0" })
  }
}
