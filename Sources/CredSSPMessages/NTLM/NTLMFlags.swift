/// What the two sides of NTLM can do (NegotiateFlags); unknown bits are kept. [MS-NLMP] 2.2.2.5
package struct NTLMFlags: OptionSet, Hashable, Sendable {
  package let rawValue: UInt32

  package init(rawValue: UInt32) { self.rawValue = rawValue }

  package static let unicode = Self(rawValue: 0x0000_0001)
  package static let sign = Self(rawValue: 0x0000_0010)
  package static let seal = Self(rawValue: 0x0000_0020)
  package static let ntlm = Self(rawValue: 0x0000_0200)
  /// Nobody logs in: no name and no proof.
  package static let anonymous = Self(rawValue: 0x0000_0800)
  package static let targetIsDomain = Self(rawValue: 0x0001_0000)
  package static let targetIsServer = Self(rawValue: 0x0002_0000)
  package static let extendedSessionSecurity = Self(rawValue: 0x0008_0000)
  package static let targetInformation = Self(rawValue: 0x0080_0000)
  package static let version = Self(rawValue: 0x0200_0000)
  package static let key128 = Self(rawValue: 0x2000_0000)
  package static let keyExchange = Self(rawValue: 0x4000_0000)
  package static let key56 = Self(rawValue: 0x8000_0000)

  /// The names of the flags set that say something of the connection.
  package var names: [String] {
    Self.known.filter { contains($0.flag) }.map(\.name)
  }

  private static let known: [(flag: Self, name: String)] = [
    (.unicode, "unicode"), (.sign, "sign"), (.seal, "seal"), (.ntlm, "ntlm"),
    (.anonymous, "anonymous"), (.targetIsDomain, "target_domain"),
    (.targetIsServer, "target_server"), (.extendedSessionSecurity, "extended_session_security"),
    (.targetInformation, "target_info"), (.version, "version"), (.key128, "128"),
    (.keyExchange, "key_exchange"), (.key56, "56"),
  ]
}
