import Crypto
import TLSMessages

/// What a cipher suite does to records: which cipher, which keys, which message authentication.
struct CipherSpec: Hashable, Sendable {
  let cipher: Cipher
  /// Octets of a key of the cipher.
  let keyByteCount: Int
  /// The hash of the MAC; `nil` for a cipher that authenticates by itself.
  let mac: HashAlgorithm?
  /// The suite's own hash, for what TLS 1.2 and 1.3 derive.
  let hash: HashAlgorithm

  /// The ciphers that records are encrypted with.
  enum Cipher: Hashable, Sendable {
    case aead(AEADProtection.Cipher)
    case aesCBC
    case tripleDESCBC
    case rc4
    /// Authenticated only.
    case null
  }

  /// What a suite means; `nil` for one that is not decrypted here.
  init?(_ suite: CipherSuite) {
    let name = suite.name
    guard name.hasPrefix("TLS_"), let (cipher, keyByteCount) = Self.cipher(name) else { return nil }
    self.cipher = cipher
    self.keyByteCount = keyByteCount
    hash = name.hasSuffix("_SHA384") ? .sha384 : .sha256
    if case .aead = cipher {
      mac = nil
    } else {
      guard let mac = Self.macs.first(where: { name.hasSuffix($0.0) })?.1 else { return nil }
      self.mac = mac
    }
  }

  private static func cipher(_ name: String) -> (Cipher, Int)? {
    if name.contains("_AES_") {
      let keyByteCount = name.contains("_AES_256_") ? 32 : 16
      if name.contains("_GCM_") { return (.aead(.aesGCM), keyByteCount) }
      if name.contains("_CCM_8") { return (.aead(.aesCCM8), keyByteCount) }
      if name.contains("_CCM") { return (.aead(.aesCCM), keyByteCount) }
      return name.contains("_CBC_") ? (.aesCBC, keyByteCount) : nil
    }
    if name.contains("_CHACHA20_POLY1305_") { return (.aead(.chaCha20Poly1305), 32) }
    if name.contains("_3DES_EDE_CBC_") { return (.tripleDESCBC, 24) }
    if name.contains("_RC4_128_") { return (.rc4, 16) }
    return name.contains("_WITH_NULL_") ? (.null, 0) : nil
  }

  private static let macs: [(String, HashAlgorithm)] = [
    ("_SHA384", .sha384), ("_SHA256", .sha256), ("_SHA", .sha1), ("_MD5", .md5),
  ]

  /// How TLS 1.2 and before stretch this suite's secrets.
  func pseudorandomFunction(_ version: TLSVersion) -> PseudorandomFunction {
    version < .tls12 ? .md5AndSHA1 : .hash(hash)
  }

  /// Octets that are derived to begin a nonce, or a chain of blocks.
  private func ivByteCount(_ version: TLSVersion) -> Int {
    switch cipher {
    case .aead(.chaCha20Poly1305): AEADProtection.nonceByteCount
    case .aead: version == .tls13 ? AEADProtection.nonceByteCount : 4
    // RFC 4346 §6.2.3.2: an IV for each record since TLS 1.1.
    case .aesCBC: version < .tls11 ? 16 : 0
    case .tripleDESCBC: version < .tls11 ? TripleDES.blockByteCount : 0
    case .rc4, .null: 0
    }
  }
}

extension CipherSpec {
  /// The keys of one direction.
  struct Keys {
    let mac: [UInt8]
    let cipher: [UInt8]
    let iv: [UInt8]
  }

  /// Derives the keys of TLS 1.2 and before from the master secret. RFC 5246 §6.3
  ///
  /// - Parameters:
  ///   - master: The master secret.
  ///   - seed: The server's random, then the client's.
  ///   - version: The version of the connection.
  ///   - isClient: Whether those of the client's records are wanted.
  /// - Returns: The keys.
  func keys(
    master: [UInt8],
    seed: [UInt8],
    version: TLSVersion,
    isClient: Bool
  ) -> Keys {
    let sizes = [mac?.byteCount ?? 0, keyByteCount, ivByteCount(version)]
    var block = pseudorandomFunction(version)(
      master,
      label: "key expansion",
      seed: seed,
      count: 2 * sizes.reduce(0, +)
    )[...]
    // In turn for each size: the client's, the server's.
    let parts = sizes.map { size in
      defer { block = block.dropFirst(2 * size) }
      return Array(isClient ? block.prefix(size) : block.dropFirst(size).prefix(size))
    }
    return Keys(mac: parts[0], cipher: parts[1], iv: parts[2])
  }

  /// Derives the keys of TLS 1.3 from one side's secret. RFC 8446 §7.3
  func keys(_ secret: TrafficSecret) -> Keys {
    Keys(
      mac: [],
      cipher: secret.expand(label: "key", count: keyByteCount),
      iv: secret.expand(label: "iv", count: ivByteCount(.tls13))
    )
  }

  /// The cipher of one direction; `nil` for one that the version does not have.
  func recordCipher(
    _ keys: Keys,
    version: TLSVersion,
    encryptThenMAC: Bool
  ) -> RecordCipher? {
    if case .aead(let cipher) = cipher {
      return .aead(
        AEADProtection(
          cipher: cipher,
          key: SymmetricKey(data: keys.cipher),
          iv: keys.iv,
          isTLS13: version == .tls13
        )
      )
    }
    guard let algorithm = mac, version < .tls13 else { return nil }
    let mac = RecordMAC(algorithm, key: keys.mac)
    let block: BlockCipher
    switch cipher {
    case .aesCBC: block = .aes(SymmetricKey(data: keys.cipher))
    case .tripleDESCBC: block = .tripleDES(TripleDES(key: keys.cipher))
    case .rc4: return .stream(StreamProtection(cipher: RC4(key: keys.cipher), mac: mac))
    case .null, .aead: return .stream(StreamProtection(cipher: nil, mac: mac))
    }
    return .block(
      BlockProtection(
        cipher: block,
        mac: mac,
        iv: version < .tls11 ? keys.iv : nil,
        encryptThenMAC: encryptThenMAC
      )
    )
  }
}
