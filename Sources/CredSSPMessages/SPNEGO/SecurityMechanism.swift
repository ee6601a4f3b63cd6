/// A mechanism that SPNEGO negotiates; unknown identifiers are kept. RFC 4178 §4.1, [MS-SPNG] 1.9
package struct SecurityMechanism: RawRepresentable, Hashable, Sendable {
  /// The object identifier in dotted decimals.
  package let rawValue: String

  package init(rawValue: String) { self.rawValue = rawValue }

  package static let spnego = Self(rawValue: "1.3.6.1.5.5.2")
  package static let kerberos = Self(rawValue: "1.2.840.113554.1.2.2")
  /// The same with a bit lost, as Windows 2000 sent it and everyone still offers it.
  package static let microsoftKerberos = Self(rawValue: "1.2.840.48018.1.2.2")
  package static let kerberosUserToUser = Self(rawValue: "1.2.840.113554.1.2.2.3")
  package static let ntlm = Self(rawValue: "1.3.6.1.4.1.311.2.2.10")
  package static let negoEx = Self(rawValue: "1.3.6.1.4.1.311.2.2.30")
  package static let pku2u = Self(rawValue: "1.3.6.1.5.2.7")

  /// The mechanism's name, or its identifier.
  package var name: String {
    switch self {
    case .spnego: "SPNEGO"
    case .kerberos, .microsoftKerberos: "Kerberos"
    case .kerberosUserToUser: "Kerberos user-to-user"
    case .ntlm: "NTLM"
    case .negoEx: "NEGOEX"
    case .pku2u: "PKU2U"
    default: rawValue
    }
  }
}
