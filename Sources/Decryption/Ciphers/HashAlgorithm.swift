import Crypto

/// The hash functions of TLS and of standard RDP security.
enum HashAlgorithm: Hashable, Sendable {
  case md5, sha1, sha256, sha384

  /// Octets of a digest.
  var byteCount: Int {
    switch self {
    case .md5: 16
    case .sha1: 20
    case .sha256: 32
    case .sha384: 48
    }
  }

  /// The digest of some octets.
  func hash(_ octets: some Sequence<UInt8>) -> [UInt8] {
    let octets = Array(octets)
    return switch self {
    case .md5: Array(Insecure.MD5.hash(data: octets))
    case .sha1: Array(Insecure.SHA1.hash(data: octets))
    case .sha256: Array(SHA256.hash(data: octets))
    case .sha384: Array(SHA384.hash(data: octets))
    }
  }

  /// The keyed digest of some octets. RFC 2104
  func hmac(_ octets: [UInt8], key: SymmetricKey) -> [UInt8] {
    switch self {
    case .md5: Array(HMAC<Insecure.MD5>.authenticationCode(for: octets, using: key))
    case .sha1: Array(HMAC<Insecure.SHA1>.authenticationCode(for: octets, using: key))
    case .sha256: Array(HMAC<SHA256>.authenticationCode(for: octets, using: key))
    case .sha384: Array(HMAC<SHA384>.authenticationCode(for: octets, using: key))
    }
  }
}
