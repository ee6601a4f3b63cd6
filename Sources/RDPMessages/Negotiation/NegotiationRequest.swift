package import Wire

/// RDP Negotiation Request (RDP_NEG_REQ), at the end of an X.224 Connection Request.
///
/// Layout, 8 octets little-endian: type 1 (0x01), flags 1, length 2 (8), requestedProtocols 4.
/// [MS-RDPBCGR] 2.2.1.1.1
package struct NegotiationRequest: WireDecodable, Hashable {
  /// What the client demands or announces.
  package let flags: Flags
  /// The security protocols that the client offers.
  package let requestedProtocols: SecurityProtocols

  /// Flags of the request; unknown bits are kept.
  package struct Flags: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The client will not send reusable credentials (Restricted Admin).
    package static let restrictedAdminModeRequired = Self(rawValue: 0x01)
    /// The client uses Remote Credential Guard.
    package static let redirectedAuthenticationModeRequired = Self(rawValue: 0x02)
    /// A correlation info structure follows.
    package static let correlationInfoPresent = Self(rawValue: 0x08)

    /// The flags by name, in the specification's spelling.
    package var names: [String] {
      let known: [(Self, String)] = [
        (.restrictedAdminModeRequired, "RESTRICTED_ADMIN_MODE_REQUIRED"),
        (.redirectedAuthenticationModeRequired, "REDIRECTED_AUTHENTICATION_MODE_REQUIRED"),
        (.correlationInfoPresent, "CORRELATION_INFO_PRESENT"),
      ]
      return known.filter { contains($0.0) }.map(\.1) + unknownFlags(rawValue, known: 0x0B)
    }
  }

  /// Decodes the fields after the type octet.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    flags = Flags(rawValue: try reader.uint8("flags"))
    try reader.negotiationLength()
    requestedProtocols = SecurityProtocols(
      rawValue: try reader.uint32LittleEndian("requestedProtocols")
    )
  }
}

/// RDP Negotiation Response (RDP_NEG_RSP), in an X.224 Connection Confirm.
///
/// Layout, 8 octets little-endian: type 1 (0x02), flags 1, length 2 (8), selectedProtocol 4.
/// [MS-RDPBCGR] 2.2.1.2.1
package struct NegotiationResponse: WireDecodable, Hashable {
  /// What the server supports.
  package let flags: Flags
  /// The one security protocol that the server chose.
  package let selectedProtocol: SecurityProtocols

  /// Flags of the response; unknown bits are kept.
  package struct Flags: OptionSet, Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The flags by name, in the specification's spelling.
    package var names: [String] {
      let known: [(UInt8, String)] = [
        (0x01, "EXTENDED_CLIENT_DATA_SUPPORTED"), (0x02, "DYNVC_GFX_PROTOCOL_SUPPORTED"),
        (0x04, "NEGRSP_FLAG_RESERVED"), (0x08, "RESTRICTED_ADMIN_MODE_SUPPORTED"),
        (0x10, "REDIRECTED_AUTHENTICATION_MODE_SUPPORTED"),
      ]
      return known.filter { rawValue & $0.0 != 0 }.map(\.1)
        + unknownFlags(rawValue, known: 0x1F)
    }
  }

  /// Decodes the fields after the type octet.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    flags = Flags(rawValue: try reader.uint8("flags"))
    try reader.negotiationLength()
    selectedProtocol = SecurityProtocols(
      rawValue: try reader.uint32LittleEndian("selectedProtocol")
    )
  }
}

/// RDP Negotiation Failure (RDP_NEG_FAILURE), in an X.224 Connection Confirm.
///
/// Layout, 8 octets little-endian: type 1 (0x03), flags 1, length 2 (8), failureCode 4.
/// [MS-RDPBCGR] 2.2.1.2.2
package struct NegotiationFailure: WireDecodable, Hashable {
  /// Why the server refused.
  ///
  /// Unknown codes are preserved.
  package let code: NegotiationFailureCode

  /// Decodes the fields after the type octet.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    try reader.skip(1, "flags")
    try reader.negotiationLength()
    code = NegotiationFailureCode(rawValue: try reader.uint32LittleEndian("failureCode"))
  }
}

/// Why a server refused to negotiate (failureCode). [MS-RDPBCGR] 2.2.1.2.2
package struct NegotiationFailureCode: RawRepresentable, Hashable, Sendable {
  package let rawValue: UInt32

  package init(rawValue: UInt32) { self.rawValue = rawValue }

  package static let sslRequiredByServer = Self(rawValue: 1)
  package static let sslNotAllowedByServer = Self(rawValue: 2)
  package static let sslCertificateNotOnServer = Self(rawValue: 3)
  package static let inconsistentFlags = Self(rawValue: 4)
  package static let hybridRequiredByServer = Self(rawValue: 5)
  package static let sslWithUserAuthenticationRequiredByServer = Self(rawValue: 6)

  /// The specification's name, or the number for a code it does not know.
  package var name: String {
    switch self {
    case .sslRequiredByServer: "SSL_REQUIRED_BY_SERVER"
    case .sslNotAllowedByServer: "SSL_NOT_ALLOWED_BY_SERVER"
    case .sslCertificateNotOnServer: "SSL_CERT_NOT_ON_SERVER"
    case .inconsistentFlags: "INCONSISTENT_FLAGS"
    case .hybridRequiredByServer: "HYBRID_REQUIRED_BY_SERVER"
    case .sslWithUserAuthenticationRequiredByServer: "SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER"
    default: "0x" + String(rawValue, radix: 16)
    }
  }
}

/// The bits without a name, as one number.
private func unknownFlags(_ value: UInt8, known: UInt8) -> [String] {
  value & ~known == 0 ? [] : ["0x" + String(value & ~known, radix: 16)]
}

extension ByteReader {
  /// Size of every negotiation structure, in octets; its `length` field must equal it.
  private static let negotiationByteCount = 8

  fileprivate mutating func negotiationLength() throws(DecodeError) {
    let start = offset
    let length = try uint16LittleEndian("length")
    guard Int(length) == Self.negotiationByteCount else {
      throw invalid("length", at: start, expected: "8", found: length)
    }
  }
}
