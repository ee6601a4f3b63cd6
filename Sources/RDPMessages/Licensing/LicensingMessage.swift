package import Wire

/// What a licensing PDU begins with, and an error's contents.
///
/// Preamble, little-endian: bMsgType 1, flags 1, wMsgSize 2 (preamble included). An error goes on
/// with dwErrorCode 4, dwStateTransition 4. [MS-RDPBCGR] 2.2.1.12.1.1, 2.2.1.12.1.3
package struct LicensingMessage: WireDecodable, Hashable {
  package let type: MessageType
  /// The version of the licensing protocol: 2 for RDP 4.0, 3 since 5.0.
  package let version: UInt8
  /// What an error says; `nil` for the other messages.
  package let error: LicensingError?

  /// The type of a licensing message; unknown values are kept.
  package struct MessageType: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let errorAlert = Self(rawValue: 0xFF)

    /// The specification's name, or the number in hexadecimal.
    package var name: String {
      switch rawValue {
      case 0x01: "LICENSE_REQUEST"
      case 0x02: "PLATFORM_CHALLENGE"
      case 0x03: "NEW_LICENSE"
      case 0x04: "UPGRADE_LICENSE"
      case 0x12: "LICENSE_INFO"
      case 0x13: "NEW_LICENSE_REQUEST"
      case 0x15: "PLATFORM_CHALLENGE_RESPONSE"
      case 0xFF: "ERROR_ALERT"
      default: "0x" + String(rawValue, radix: 16)
      }
    }
  }

  /// Decodes what follows the security header of a licensing PDU that is not encrypted.
  ///
  /// - Throws: ``DecodeError`` if the preamble, or an error's code, breaks off.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    type = MessageType(rawValue: try reader.uint8("bMsgType"))
    version = try reader.uint8("flags") & 0x0F
    try reader.skip(2, "wMsgSize")
    guard type == .errorAlert else {
      error = nil
      return
    }
    error = LicensingError(
      code: try reader.uint32LittleEndian("dwErrorCode"),
      stateTransition: try reader.uint32LittleEndian("dwStateTransition")
    )
  }
}

/// A licensing error; a valid client is one too. [MS-RDPBCGR] 2.2.1.12.1.3
package struct LicensingError: Hashable, Sendable {
  package let code: UInt32
  /// What becomes of the connection: 1 abort, 2 go on, 3 start licensing anew, 4 repeat.
  package let stateTransition: UInt32

  /// Whether it says that the client needs no licence or has one.
  package var isValidClient: Bool { code == 7 }
  /// Whether the connection ends here.
  package var endsConnection: Bool { stateTransition == 1 }

  /// The specification's name, or the number in hexadecimal.
  package var name: String {
    switch code {
    case 1: "ERR_INVALID_SERVER_CERTIFICATE"
    case 2: "ERR_NO_LICENSE"
    case 3: "ERR_INVALID_MAC"
    case 4: "ERR_INVALID_SCOPE"
    case 6: "ERR_NO_LICENSE_SERVER"
    case 7: "STATUS_VALID_CLIENT"
    case 8: "ERR_INVALID_CLIENT"
    case 11: "ERR_INVALID_PRODUCTID"
    case 12: "ERR_INVALID_MESSAGE_LEN"
    default: "0x" + String(code, radix: 16)
    }
  }
}
