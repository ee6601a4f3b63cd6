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

  /// The digest of octets in several pieces.
  func hash(_ pieces: ArraySlice<UInt8>...) -> [UInt8] {
    func digest<Function: HashFunction>(_ function: Function) -> [UInt8] {
      var function = function
      for piece in pieces { function.update(data: piece) }
      return Array(function.finalize())
    }
    return switch self {
    case .md5: digest(Insecure.MD5())
    case .sha1: digest(Insecure.SHA1())
    case .sha256: digest(SHA256())
    case .sha384: digest(SHA384())
    }
  }

  /// The keyed digest of octets in several pieces. RFC 2104
  func hmac(_ pieces: ArraySlice<UInt8>..., key: SymmetricKey) -> [UInt8] {
    func code<Function: HashFunction>(_: Function.Type) -> [UInt8] {
      var function = HMAC<Function>(key: key)
      for piece in pieces { function.update(data: piece) }
      return Array(function.finalize())
    }
    return switch self {
    case .md5: code(Insecure.MD5.self)
    case .sha1: code(Insecure.SHA1.self)
    case .sha256: code(SHA256.self)
    case .sha384: code(SHA384.self)
    }
  }
}
