/// How a server answers an MCS request (Result); unknown values are kept. T.125 §7
package struct MCSResult: RawRepresentable, Hashable, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) { self.rawValue = rawValue }

  package static let successful = Self(rawValue: 0)

  /// The specification's name, or the number.
  package var name: String {
    Self.names.indices.contains(Int(rawValue)) ? "rt-" + Self.names[Int(rawValue)] : "\(rawValue)"
  }

  private static let names = [
    "successful", "domain-merging", "domain-not-hierarchical", "no-such-channel", "no-such-domain",
    "no-such-user", "not-admitted", "other-user-id", "parameters-unacceptable",
    "token-not-available", "token-not-possessed", "too-many-channels", "too-many-tokens",
    "too-many-users", "unspecified-failure", "user-rejected",
  ]
}
