/// What a TLS record carries (TLS ContentType registry); unknown values are kept.
///
/// RFC 8446 §5.1, RFC 6520 §3
package struct TLSContentType: RawRepresentable, Hashable, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) { self.rawValue = rawValue }

  package static let changeCipherSpec = Self(rawValue: 20)
  package static let alert = Self(rawValue: 21)
  package static let handshake = Self(rawValue: 22)
  package static let applicationData = Self(rawValue: 23)
  package static let heartbeat = Self(rawValue: 24)

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
