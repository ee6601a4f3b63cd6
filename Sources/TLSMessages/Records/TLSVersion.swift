/// A protocol version as TLS writes it on the wire; unknown values are kept.
///
/// RFC 8446 §4.1.2 and §4.2.1; DTLS counts downwards (RFC 6347 §4.1).
public struct TLSVersion: RawRepresentable, Hashable, Sendable {
  /// The two octets as a number.
  public let rawValue: UInt16

  /// Keeps any value.
  @inlinable
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  package static let ssl2 = Self(rawValue: 0x0002)
  package static let ssl3 = Self(rawValue: 0x0300)
  package static let ssl30 = ssl3
  package static let tls10 = Self(rawValue: 0x0301)
  package static let tls11 = Self(rawValue: 0x0302)
  package static let tls12 = Self(rawValue: 0x0303)
  package static let tls13 = Self(rawValue: 0x0304)
  package static let dtls10 = Self(rawValue: 0xfeff)
  package static let dtls12 = Self(rawValue: 0xfefd)
  package static let dtls13 = Self(rawValue: 0xfefc)

  /// The name that reports show, `TLSv1.2`, or the number in hexadecimal.
  public var name: String {
    switch self {
    case .ssl2: "SSLv2"
    case .ssl3: "SSLv3"
    case .tls10: "TLSv1.0"
    case .tls11: "TLSv1.1"
    case .tls12: "TLSv1.2"
    case .tls13: "TLSv1.3"
    case .dtls10: "DTLSv1.0"
    case .dtls12: "DTLSv1.2"
    case .dtls13: "DTLSv1.3"
    default: registryNumber(rawValue)
    }
  }

  /// Whether the version is one of DTLS.
  package var isDatagram: Bool { 0xfe00 <= rawValue }

  /// Whether the value is one that clients make up to keep servers tolerant (RFC 8701).
  public var isGREASE: Bool { rawValue.isGREASE }
}

extension TLSVersion: Comparable {
  /// Orders TLS versions from old to new; DTLS versions, which count downwards, come after all.
  public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
