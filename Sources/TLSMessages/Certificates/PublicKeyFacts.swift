import SwiftASN1

/// Type and size of a public key. RFC 3279 §2.3, RFC 5480 §2.1.1, RFC 8410
struct PublicKeyFacts {
  /// `rsa`, `ec`, `ed25519`, `ed448`, `dsa`, or the algorithm's object identifier.
  let type: String
  let bitCount: Int?
  let curve: String?

  /// - Parameters:
  ///   - algorithm: The algorithm's object identifier.
  ///   - parameters: Its parameters: a curve, or the primes of DSA.
  ///   - key: The key's octets.
  init(algorithm: String, parameters: ASN1Node?, key: ArraySlice<UInt8>?) {
    type = Self.types[algorithm] ?? algorithm
    let named = parameters?.objectIdentifier
    curve = type == "ec" ? named.map { Self.curves[$0]?.name ?? $0 } : nil
    switch type {
    case "rsa":
      // RSAPublicKey: modulus, publicExponent (RFC 8017 §A.1.1).
      let node = key.flatMap { try? BER.parse($0) }
      bitCount = node?.children?.first?.integerBitCount
    case "dsa": bitCount = parameters?.children?.first?.integerBitCount
    case "ec":
      // An uncompressed point is 04, x, y (SEC 1 §2.3.3).
      let pointBits = key.flatMap { $0.first == 4 ? ($0.count - 1) / 2 * 8 : nil }
      bitCount = named.flatMap { Self.curves[$0]?.bitCount } ?? pointBits
    case "ed25519": bitCount = 256
    case "ed448": bitCount = 456
    default: bitCount = nil
    }
  }

  private static let types = [
    "1.2.840.113549.1.1.1": "rsa", "1.2.840.113549.1.1.10": "rsa", "1.2.840.113549.1.1.7": "rsa",
    "1.2.840.10045.2.1": "ec", "1.2.840.10040.4.1": "dsa", "1.3.101.112": "ed25519",
    "1.3.101.113": "ed448",
  ]

  private static let curves: [String: (name: String, bitCount: Int)] = [
    "1.2.840.10045.3.1.1": ("secp192r1", 192), "1.3.132.0.33": ("secp224r1", 224),
    "1.2.840.10045.3.1.7": ("secp256r1", 256), "1.3.132.0.10": ("secp256k1", 256),
    "1.3.132.0.34": ("secp384r1", 384), "1.3.132.0.35": ("secp521r1", 521),
    "1.3.36.3.3.2.8.1.1.7": ("brainpoolP256r1", 256),
    "1.3.36.3.3.2.8.1.1.11": ("brainpoolP384r1", 384),
    "1.3.36.3.3.2.8.1.1.13": ("brainpoolP512r1", 512),
  ]
}

extension ASN1Node {
  /// Significant bits of a positive integer.
  fileprivate var integerBitCount: Int? {
    guard let digits = octets?.drop(while: { $0 == 0 }), let first = digits.first else {
      return nil
    }
    return digits.count * 8 - first.leadingZeroBitCount
  }
}
