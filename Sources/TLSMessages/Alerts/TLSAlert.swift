package import Wire

/// A TLS alert sent in the clear.
///
/// Layout, 2 octets: level 1, description 1. An encrypted alert has a record of another length and
/// its contents cannot be told without the key. RFC 8446 §6
package struct TLSAlert: WireDecodable, Hashable {
  /// Size of an alert, in octets.
  package static let byteCount = 2

  /// How serious the sender says it is.
  package let level: AlertLevel
  /// What the sender says happened.
  package let description: AlertDescription

  /// Creates an alert.
  package init(level: AlertLevel, description: AlertDescription) {
    self.level = level
    self.description = description
  }

  /// Decodes the whole payload of an alert record.
  ///
  /// - Parameter reader: Over the payload and nothing else.
  /// - Throws: ``DecodeError`` if the payload is not 2 octets (as when it is encrypted) or the
  ///   level is neither warning nor fatal.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    let levelOffset = reader.offset
    level = AlertLevel(rawValue: try reader.uint8("level"))
    description = AlertDescription(rawValue: try reader.uint8("description"))
    try reader.requireEmpty("alert")
    guard level == .warning || level == .fatal else {
      throw reader.invalid("level", at: levelOffset, expected: "1 or 2", found: level.rawValue)
    }
  }

  /// Whether the sender says that the connection ends here.
  package var isFatal: Bool { level == .fatal }
}

/// The level of a ``TLSAlert``; unknown values are kept.
package struct AlertLevel: RawRepresentable, Hashable, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) { self.rawValue = rawValue }

  package static let warning = Self(rawValue: 1)
  package static let fatal = Self(rawValue: 2)

  /// `warning`, `fatal`, or the number in hexadecimal.
  package var name: String {
    switch self {
    case .warning: "warning"
    case .fatal: "fatal"
    default: registryNumber(rawValue)
    }
  }
}
