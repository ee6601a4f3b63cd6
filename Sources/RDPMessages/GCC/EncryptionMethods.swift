/// The encryption of standard RDP security, offered or chosen; unknown bits are kept.
/// [MS-RDPBCGR] 2.2.1.3.3, 2.2.1.4.3
package struct EncryptionMethods: OptionSet, Hashable, Sendable {
  package let rawValue: UInt32

  package init(rawValue: UInt32) { self.rawValue = rawValue }

  /// RC4 with a key of 40, 128 or 56 bits.
  package static let rc4With40Bits = Self(rawValue: 0x01)
  package static let rc4With128Bits = Self(rawValue: 0x02)
  package static let rc4With56Bits = Self(rawValue: 0x08)
  /// Triple DES and SHA-1 (FIPS 140-1).
  package static let fips = Self(rawValue: 0x10)

  /// The methods by name; `["none"]` when no bit is set.
  package var names: [String] {
    guard !isEmpty else { return ["none"] }
    let known: [(Self, String)] = [
      (.rc4With40Bits, "40bit"), (.rc4With56Bits, "56bit"), (.rc4With128Bits, "128bit"),
      (.fips, "fips"),
    ]
    let unknown = subtracting([.rc4With40Bits, .rc4With56Bits, .rc4With128Bits, .fips])
    return known.filter { contains($0.0) }.map(\.1)
      + (unknown.isEmpty ? [] : ["0x" + String(unknown.rawValue, radix: 16)])
  }
}

/// How much of the session is encrypted (encryptionLevel); unknown values are kept.
/// [MS-RDPBCGR] 2.2.1.4.3
package struct EncryptionLevel: RawRepresentable, Hashable, Sendable {
  package let rawValue: UInt32

  package init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Nothing is encrypted: TLS does it, or nobody.
  package static let none = Self(rawValue: 0)

  /// `none`, `low` (the client's data only), `client compatible`, `high`, `fips`, or the number.
  package var name: String {
    let names = ["none", "low", "client compatible", "high", "fips"]
    return Int(rawValue) < names.count ? names[Int(rawValue)] : "\(rawValue)"
  }
}
