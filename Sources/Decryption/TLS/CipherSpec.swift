import TLSMessages

/// What a cipher suite does to records: which cipher, which keys, which message authentication.
struct CipherSpec: Hashable, Sendable {
  let cipher: BulkCipher
  /// Octets of a key of the cipher.
  let keyByteCount: Int
  /// The hash of the MAC; `nil` for a cipher that authenticates by itself.
  let mac: HashAlgorithm?
  /// The suite's own hash, for what TLS 1.2 and 1.3 derive.
  let hash: HashAlgorithm

  /// The ciphers that records are encrypted with.
  enum BulkCipher: Hashable, Sendable {
    case aesGCM
    case chaCha20Poly1305
  }

  /// What a suite means; `nil` for one that is not decrypted here.
  init?(_ suite: CipherSuite) {
    let name = suite.name
    hash = name.hasSuffix("_SHA384") ? .sha384 : .sha256
    let is256 = name.contains("_256_")
    if name.contains("AES_"), name.contains("_GCM_") {
      (cipher, keyByteCount, mac) = (.aesGCM, is256 ? 32 : 16, nil)
    } else if name.contains("CHACHA20_POLY1305") {
      (cipher, keyByteCount, mac) = (.chaCha20Poly1305, 32, nil)
    } else {
      return nil
    }
  }
}
