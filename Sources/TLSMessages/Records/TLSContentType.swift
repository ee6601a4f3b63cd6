/// What a TLS record carries (TLS ContentType registry); unknown values are kept.
///
/// RFC 8446 §5.1, RFC 6520 §3
public struct TLSContentType: RawRepresentable, Hashable, Sendable {
  /// The registry's number.
  public let rawValue: UInt8

  /// Keeps any value.
  @inlinable
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  @inlinable package static var changeCipherSpec: Self { Self(rawValue: 20) }
  @inlinable package static var alert: Self { Self(rawValue: 21) }
  @inlinable package static var handshake: Self { Self(rawValue: 22) }
  @inlinable package static var applicationData: Self { Self(rawValue: 23) }
  @inlinable package static var heartbeat: Self { Self(rawValue: 24) }

  /// The registry's name, or the number in hexadecimal.
  public var name: String {
    switch self {
    case .changeCipherSpec: "change_cipher_spec"
    case .alert: "alert"
    case .handshake: "handshake"
    case .applicationData: "application_data"
    case .heartbeat: "heartbeat"
    default: registryNumber(rawValue)
    }
  }
}
