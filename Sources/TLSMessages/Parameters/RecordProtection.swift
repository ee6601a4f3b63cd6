/// What a cipher suite adds to the plaintext of a record.
public enum RecordProtection: Hashable, Sendable {
  /// A stream or AEAD cipher: always `overhead` octets more than the plaintext.
  case exact(overhead: Int)
  /// A block cipher: the plaintext's length is hidden in steps of `blockSize`.
  case block(blockSize: Int, macByteCount: Int, explicitIVByteCount: Int, encryptThenMAC: Bool)

  /// How many octets of plaintext a record may hold.
  ///
  /// One length for a stream or AEAD cipher; a band for a block cipher, whose padding is 1 to
  /// `blockSize` octets with its length octet: more is allowed (RFC 5246 §6.2.3.2), but neither
  /// Windows nor OpenSSL sends it.
  ///
  /// - Parameter recordLength: The length field of the record.
  /// - Returns: The lengths, or `nil` for a record that this protection cannot have made.
  @inlinable
  public func plaintextRange(recordLength: Int) -> ClosedRange<Int>? {
    switch self {
    case .exact(let overhead):
      let length = recordLength - overhead
      return 0 <= length ? length...length : nil
    case .block(let blockSize, let mac, let explicitIV, let encryptThenMAC):
      let encrypted = recordLength - explicitIV - (encryptThenMAC ? mac : 0)
      guard 0 < encrypted, encrypted % blockSize == 0 else { return nil }
      let longest = encrypted - (encryptThenMAC ? 0 : mac) - 1
      guard 0 <= longest else { return nil }
      return max(0, longest - blockSize + 1)...longest
    }
  }
}

extension CipherSuite {
  /// What the suite adds to a record; `nil` for a suite whose records are not known here.
  ///
  /// - Parameters:
  ///   - version: The version of the connection.
  ///   - encryptThenMAC: Whether the server agreed to RFC 7366, which only block ciphers heed.
  /// - Returns: The protection.
  package func protection(
    version: TLSVersion,
    encryptThenMAC: Bool = false
  ) -> RecordProtection? {
    let name = self.name
    // RFC 8446 §5.2: content type 1 and an authentication tag of 16, of 8 for CCM_8.
    if version == .tls13 { return .exact(overhead: name.hasSuffix("CCM_8_SHA256") ? 9 : 17) }
    // RFC 5288 §3, RFC 6655 §3: explicit nonce 8, tag 16 or 8. RFC 7905 §2: tag 16 alone.
    if name.contains("_GCM_") || name.contains("_CCM_SHA") || name.hasSuffix("_CCM") {
      return .exact(overhead: 8 + 16)
    }
    if name.contains("_CCM_8") { return .exact(overhead: 8 + 8) }
    if name.contains("_CHACHA20_") { return .exact(overhead: 16) }
    if let mac = gostMACByteCount(name) { return .exact(overhead: mac) }
    guard let mac = macByteCount(name) else { return nil }
    if name.contains("_RC4_") || name.contains("_NULL_") || name.contains("SALSA20") {
      return .exact(overhead: mac)
    }
    guard name.contains("_CBC") else { return nil }
    let isOf16 = ["AES_", "CAMELLIA_", "ARIA_", "SEED_", "SM4_"].contains { name.contains($0) }
    let blockSize = isOf16 ? 16 : 8
    return .block(
      blockSize: blockSize,
      macByteCount: mac,
      // RFC 4346 §6.2.3.2: an IV for each record since TLS 1.1.
      explicitIVByteCount: version < .tls11 ? 0 : blockSize,
      encryptThenMAC: encryptThenMAC
    )
  }

  /// How many octets of plaintext a record may hold; see
  /// ``RecordProtection/plaintextRange(recordLength:)``.
  ///
  /// - Parameters:
  ///   - recordLength: The length field of the record.
  ///   - version: The version of the connection.
  ///   - encryptThenMAC: Whether the server agreed to RFC 7366.
  /// - Returns: The lengths, or `nil` for an unknown suite or a record that it cannot have made.
  package func plaintextRange(
    recordLength: Int,
    version: TLSVersion,
    encryptThenMAC: Bool = false
  ) -> ClosedRange<Int>? {
    protection(version: version, encryptThenMAC: encryptThenMAC)?
      .plaintextRange(recordLength: recordLength)
  }

  /// RFC 9189 §4: the octets of the Russian suites' message authentication.
  private func gostMACByteCount(_ name: String) -> Int? {
    if name.hasSuffix("_28147_CNT_IMIT") { return 4 }
    if name.hasSuffix("_MAGMA_CTR_OMAC") { return 8 }
    return name.hasSuffix("_KUZNYECHIK_CTR_OMAC") ? 16 : nil
  }

  private func macByteCount(_ name: String) -> Int? {
    let sizes = [
      ("SHA384", 48), ("SHA256", 32), ("SM3", 32), ("SHA1", 20), ("SHA", 20), ("MD5", 16),
    ]
    return sizes.first { name.hasSuffix("_" + $0.0) }?.1
  }
}
