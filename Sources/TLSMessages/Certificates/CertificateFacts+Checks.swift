// What a certificate is good for, by its own words.
extension CertificateFacts {
  /// The shortest RSA and DSA keys that clients accept today, in bits.
  ///
  /// CA/Browser Forum Baseline Requirements §6.1.5
  package static let shortestKey = 2048
  /// The shortest elliptic curve key, in bits.
  package static let shortestCurve = 224

  /// Whether the key is shorter than clients accept today.
  package var hasWeakKey: Bool {
    guard let keyBits else { return false }
    switch keyType {
    case "rsa", "dsa": return keyBits < Self.shortestKey
    case "ec": return keyBits < Self.shortestCurve
    default: return false
    }
  }

  /// Whether the signature is made with MD2, MD4, MD5 or SHA-1.
  package var hasWeakSignature: Bool {
    signature.map(weakAlgorithmNames.contains) ?? false
  }

  /// Whether the extended key usage, where there is one, allows a server or remote desktop.
  package var isForServers: Bool {
    let fitting: Set = ["anyExtendedKeyUsage", "serverAuth", "remoteDesktopAuthentication"]
    return extendedKeyUsages.isEmpty || !fitting.isDisjoint(with: extendedKeyUsages)
  }

  /// Whether the certificate is for a name or address.
  ///
  /// The alternative names decide where there are any, otherwise the common name does, as Windows'
  /// client has it. RFC 6125 §6.4: `*` stands for one whole label at the beginning.
  ///
  /// - Parameter name: A host name, or an address as text.
  /// - Returns: Whether one of its names is this one.
  package func isFor(_ name: String) -> Bool {
    let candidates = names.isEmpty ? [commonName].compactMap(\.self) : names
    let wanted = Self.canonical(name)
    return candidates.contains { candidate in
      let offered = Self.canonical(candidate)
      if offered == wanted { return true }
      guard offered.hasPrefix("*."), let dot = wanted.firstIndex(of: "."),
        !wanted[..<dot].isEmpty, !Self.isAddress(wanted)
      else { return false }
      return wanted[dot...] == offered.dropFirst()
    }
  }

  private static func canonical(_ name: String) -> String {
    let text = name.lowercased()
    return text.hasSuffix(".") ? String(text.dropLast()) : text
  }

  private static func isAddress(_ text: String) -> Bool {
    text.contains(":") || text.allSatisfy { $0 == "." || $0.isNumber }
  }
}
