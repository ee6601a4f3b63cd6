package import Wire

/// The security header of standard RDP security; its flags stay readable when the rest is
/// encrypted.
///
/// Layout, 4 octets little-endian: flags 2, flagsHi 2. [MS-RDPBCGR] 2.2.8.1.1.2.1
package struct SecurityHeader: WireDecodable, Hashable {
  /// What follows.
  package let flags: Flags

  /// Flags of the header; unknown bits are kept.
  package struct Flags: OptionSet, Hashable, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) { self.rawValue = rawValue }

    /// The client's encrypted random follows (SEC_EXCHANGE_PKT).
    package static let exchange = Self(rawValue: 0x0001)
    /// The server asks for a UDP connection (SEC_TRANSPORT_REQ).
    package static let transportRequest = Self(rawValue: 0x0002)
    /// The client's answer to it (SEC_TRANSPORT_RSP).
    package static let transportResponse = Self(rawValue: 0x0004)
    /// The rest is encrypted (SEC_ENCRYPT).
    package static let encrypted = Self(rawValue: 0x0008)
    /// The Client Info PDU follows (SEC_INFO_PKT).
    package static let info = Self(rawValue: 0x0040)
    /// A licensing PDU follows (SEC_LICENSE_PKT).
    package static let license = Self(rawValue: 0x0080)
    /// A Server Redirection follows (SEC_REDIRECTION_PKT).
    package static let redirection = Self(rawValue: 0x0400)
    /// A question of the auto-detection follows (SEC_AUTODETECT_REQ).
    package static let autoDetectRequest = Self(rawValue: 0x1000)
    /// An answer of the auto-detection follows (SEC_AUTODETECT_RSP).
    package static let autoDetectResponse = Self(rawValue: 0x2000)
    /// A Heartbeat follows (SEC_HEARTBEAT).
    package static let heartbeat = Self(rawValue: 0x4000)
  }

  /// Decodes the header.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    flags = Flags(rawValue: try reader.uint16LittleEndian("flags"))
    try reader.skip(2, "flagsHi")
  }
}
