/// What a TLS record carries (TLS ContentType registry); unknown values are kept.
///
/// RFC 8446 §5.1, RFC 6520 §3
package struct TLSContentType: RawRepresentable, Hashable, Sendable {
  package let rawValue: UInt8

  @inlinable @inline(__always)
  package init(rawValue: UInt8) { self.rawValue = rawValue }

  @inlinable @inline(__always) package static var changeCipherSpec: Self { Self(rawValue: 20) }
  @inlinable @inline(__always) package static var alert: Self { Self(rawValue: 21) }
  @inlinable @inline(__always) package static var handshake: Self { Self(rawValue: 22) }
  @inlinable @inline(__always) package static var applicationData: Self { Self(rawValue: 23) }
  @inlinable @inline(__always) package static var heartbeat: Self { Self(rawValue: 24) }

  /// The registry's name, or the number in hexadecimal.
  package var name: String {
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
