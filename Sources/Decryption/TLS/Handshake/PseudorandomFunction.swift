import Crypto
import TLSMessages

/// How TLS 1.0 to 1.2 stretch a secret: P_hash, and before TLS 1.2 two of them mixed.
///
/// RFC 5246 §5, RFC 2246 §5
enum PseudorandomFunction: Hashable, Sendable {
  /// TLS 1.0 and 1.1: MD5 over the first half of the secret, SHA-1 over the second.
  case md5AndSHA1
  /// TLS 1.2: the hash that the suite names, SHA-256 unless it names a stronger one.
  case hash(HashAlgorithm)

  /// The hash of a handshake's messages that Finished and the extended master secret are made of.
  func transcriptHash(_ octets: [UInt8]) -> [UInt8] {
    switch self {
    case .md5AndSHA1: HashAlgorithm.md5.hash(octets[...]) + HashAlgorithm.sha1.hash(octets[...])
    case .hash(let algorithm): algorithm.hash(octets[...])
    }
  }

  /// Stretches a secret.
  ///
  /// - Parameters:
  ///   - secret: The secret.
  ///   - label: What the octets are for, ASCII.
  ///   - seed: What makes them those of this connection.
  ///   - count: Octets wanted.
  /// - Returns: That many octets.
  func callAsFunction(
    _ secret: [UInt8],
    label: String,
    seed: [UInt8],
    count: Int
  ) -> [UInt8] {
    let seed = Array(label.utf8) + seed
    switch self {
    case .hash(let algorithm): return Self.expand(secret[...], seed, count, algorithm)
    case .md5AndSHA1:
      let half = (secret.count + 1) / 2
      let left = Self.expand(secret.prefix(half), seed, count, .md5)
      let right = Self.expand(secret.suffix(half), seed, count, .sha1)
      return zip(left, right).map { $0 ^ $1 }
    }
  }

  private static func expand(
    _ secret: ArraySlice<UInt8>,
    _ seed: [UInt8],
    _ count: Int,
    _ algorithm: HashAlgorithm
  ) -> [UInt8] {
    let key = SymmetricKey(data: Array(secret))
    var output: [UInt8] = []
    var chain = seed
    while output.count < count {
      chain = algorithm.hmac(chain[...], key: key)
      output += algorithm.hmac(chain[...], seed[...], key: key)
    }
    return Array(output.prefix(count))
  }
}
