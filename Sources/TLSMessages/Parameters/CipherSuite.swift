/// A cipher suite (TLS Cipher Suites registry); unknown values are kept.
package struct CipherSuite: RawRepresentable, Hashable, Sendable {
  package let rawValue: UInt16

  package init(rawValue: UInt16) { self.rawValue = rawValue }

  /// The registry's name, or the number.
  package var name: String { cipherSuiteNames[rawValue] ?? registryNumber(rawValue) }

  /// How many octets of plaintext a record may hold.
  ///
  /// - Parameters:
  ///   - recordLength: The length field of the record.
  ///   - version: The version of the connection.
  /// - Returns: One length for a stream or AEAD cipher; a band for a block cipher, whose padding
  ///   hides up to a block. `nil` for an unknown suite or a record too short for it.
  package func plaintextRange(recordLength: Int, version: TLSVersion) -> ClosedRange<Int>? {
    guard let protection = protection(version) else { return nil }
    switch protection {
    case .exact(let overhead):
      let length = recordLength - overhead
      return 0 <= length ? length...length : nil
    case .block(let size, let mac, let explicitIV):
      // Padding is 1 to `size` octets, its length octet included (RFC 5246 §6.2.3.2).
      let longest = recordLength - explicitIV - mac - 1
      guard 0 <= longest else { return nil }
      return max(0, longest - size + 1)...longest
    }
  }

  private enum Protection {
    case exact(overhead: Int)
    case block(size: Int, mac: Int, explicitIV: Int)
  }

  private func protection(_ version: TLSVersion) -> Protection? {
    // RFC 8446 §5.2: content type 1 and an authentication tag of 16, of 8 for CCM_8.
    let name = self.name
    if version == .tls13 { return .exact(overhead: name.hasSuffix("CCM_8_SHA256") ? 9 : 17) }
    guard name.hasPrefix("TLS_") else { return nil }
    if name.contains("_GCM_") || name.hasSuffix("_CCM") { return .exact(overhead: 8 + 16) }
    if name.hasSuffix("_CCM_8") { return .exact(overhead: 8 + 8) }
    if name.contains("CHACHA20") { return .exact(overhead: 16) }
    guard let mac = macByteCount(name) else { return nil }
    if name.contains("RC4") || name.contains("_NULL_") { return .exact(overhead: mac) }
    guard name.contains("_CBC") else { return nil }
    let size = name.contains("AES") || name.contains("CAMELLIA") ? 16 : 8
    return .block(size: size, mac: mac, explicitIV: version < .tls11 ? 0 : size)
  }

  private func macByteCount(_ name: String) -> Int? {
    if name.hasSuffix("SHA384") { return 48 }
    if name.hasSuffix("SHA256") { return 32 }
    if name.hasSuffix("SHA") { return 20 }
    return name.hasSuffix("MD5") ? 16 : nil
  }
}
