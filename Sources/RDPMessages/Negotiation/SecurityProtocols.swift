/// Security protocols offered (requestedProtocols) or chosen (selectedProtocol); unknown bits are
/// kept. [MS-RDPBCGR] 2.2.1.1.1, 2.2.1.2.1
package struct SecurityProtocols: OptionSet, Hashable, Sendable {
  package let rawValue: UInt32

  package init(rawValue: UInt32) { self.rawValue = rawValue }

  /// TLS (PROTOCOL_SSL).
  package static let ssl = Self(rawValue: 0x01)
  /// CredSSP over TLS: network level authentication (PROTOCOL_HYBRID).
  package static let hybrid = Self(rawValue: 0x02)
  /// RDSTLS, used by redirection (PROTOCOL_RDSTLS).
  package static let rdstls = Self(rawValue: 0x04)
  /// CredSSP with the early user authorization result (PROTOCOL_HYBRID_EX).
  package static let hybridEx = Self(rawValue: 0x08)
  /// Entra ID authentication (PROTOCOL_RDSAAD).
  package static let rdsaad = Self(rawValue: 0x10)

  /// Whether no bit is set: standard RDP security (PROTOCOL_RDP).
  package var isStandardRDPSecurity: Bool { isEmpty }

  /// Whether TLS carries the rest of the connection under any of these protocols.
  package var usesTLS: Bool { !isEmpty }

  /// Whether any of these protocols is network level authentication.
  package var usesCredSSP: Bool { !isDisjoint(with: [.hybrid, .hybridEx]) }

  /// Whether a login of any kind follows the TLS handshake, before MCS: CredSSP, RDSTLS or RDS AAD
  /// Auth. [MS-RDPBCGR] 5.4.5.2, 5.4.5.3, 5.4.5.4
  package var hasLoginBeforeMCS: Bool {
    !isDisjoint(with: [.hybrid, .hybridEx, .rdstls, .rdsaad])
  }

  /// The names of the report's contract; `["rdp"]` when no bit is set.
  package var names: [String] {
    guard !isEmpty else { return ["rdp"] }
    let known: [(Self, String)] = [
      (.ssl, "ssl"), (.hybrid, "hybrid"), (.rdstls, "rdstls"), (.hybridEx, "hybrid_ex"),
      (.rdsaad, "rdsaad"),
    ]
    var names = known.filter { contains($0.0) }.map(\.1)
    let unknown = subtracting([.ssl, .hybrid, .rdstls, .hybridEx, .rdsaad])
    if !unknown.isEmpty { names.append("0x" + String(unknown.rawValue, radix: 16)) }
    return names
  }
}
