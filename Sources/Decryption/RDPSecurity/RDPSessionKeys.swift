import Crypto
package import RDPMessages

/// The keys of standard RDP security, derived from both sides' randoms.
///
/// [MS-RDPBCGR] 5.3.5
package struct RDPSessionKeys: Sendable {
  /// The client's random has 32 octets, as the server's.
  static let randomByteCount = 32

  /// How the session is encrypted.
  enum Method: Hashable, Sendable {
    /// RC4 with so many octets of key, of which the first are known where it is weakened.
    case rc4(keyByteCount: Int, salt: [UInt8])
    case fips
  }

  let method: Method
  /// Of what the client sends.
  let client: [UInt8]
  /// Of what the server sends.
  let server: [UInt8]
  let mac: [UInt8]

  /// Derives the keys; `nil` where no private key fits, or the method is unknown.
  ///
  /// - Parameters:
  ///   - exchange: The client's random, encrypted with the server's key.
  ///   - security: The server's random, and the method that it chose.
  ///   - ring: The server's key is one of its.
  package init?(_ exchange: SecurityExchange, _ security: ServerSecurityData, ring: KeyRing) {
    guard security.random.count == Self.randomByteCount,
      let client = Self.clientRandom(exchange.encryptedClientRandom, security, ring)
    else { return nil }
    if security.method == .fips {
      self.init(fips: client, security.random)
    } else if let method = Self.rc4(security.method) {
      self.init(method, client, security.random)
    } else {
      return nil
    }
  }

  /// Creates keys from what is already derived.
  private init(_ method: Method, client: [UInt8], server: [UInt8], mac: [UInt8]) {
    self.method = method
    self.client = client
    self.server = server
    self.mac = mac
  }

  /// Reads the client's random: the number least significant octet first, as everything of this
  /// exchange; eight octets of padding follow it.
  private static func clientRandom(
    _ encrypted: [UInt8],
    _ security: ServerSecurityData,
    _ ring: KeyRing
  ) -> [UInt8]? {
    for key in ring.serverKeys where key.byteCount <= encrypted.count {
      if case .proprietary(let shown) = security.certificate?.kind, !key.hasModulus(shown.modulus) {
        continue
      }
      let number = Array(encrypted.prefix(key.byteCount).reversed())
      guard let plain = key.decrypt(number[...]) else { continue }
      let random = Array(plain.reversed().prefix(randomByteCount))
      // The number is the random and nothing else; another key makes a number of its full size.
      guard plain.dropLast(randomByteCount).allSatisfy({ $0 == 0 }) else { continue }
      return random
    }
    return nil
  }

  private static func rc4(_ methods: EncryptionMethods) -> Method? {
    switch methods {
    case .rc4With128Bits: .rc4(keyByteCount: 16, salt: [])
    case .rc4With56Bits: .rc4(keyByteCount: 8, salt: [0xD1])
    case .rc4With40Bits: .rc4(keyByteCount: 8, salt: [0xD1, 0x26, 0x9E])
    default: nil
    }
  }
}

// MARK: - RC4

extension RDPSessionKeys {
  /// Derives the keys of RC4. [MS-RDPBCGR] 5.3.5.1
  init(_ method: Method, _ clientRandom: [UInt8], _ serverRandom: [UInt8]) {
    func salted(_ secret: [UInt8], _ input: [UInt8]) -> [UInt8] {
      let inner = HashAlgorithm.sha1.hash(
        input[...],
        secret[...],
        clientRandom[...],
        serverRandom[...]
      )
      return HashAlgorithm.md5.hash(secret[...], inner[...])
    }
    func stretched(_ secret: [UInt8], _ first: UInt8) -> [UInt8] {
      (0..<3).flatMap { index in
        salted(secret, [UInt8](repeating: first + UInt8(index), count: index + 1))
      }
    }
    let premaster = Array(clientRandom.prefix(24) + serverRandom.prefix(24))
    let blob = stretched(stretched(premaster, 0x41), 0x58)
    func final(_ part: ArraySlice<UInt8>) -> [UInt8] {
      let key = HashAlgorithm.md5.hash(part, clientRandom[...], serverRandom[...])
      return Self.weakened(key, method)
    }
    self.init(
      method,
      client: final(blob[32..<48]),
      server: final(blob[16..<32]),
      mac: Self.weakened(Array(blob[..<16]), method)
    )
  }

  /// The first eight octets with the known ones in place, for 40 and 56 bits.
  static func weakened(_ key: [UInt8], _ method: Method) -> [UInt8] {
    guard case .rc4(let keyByteCount, let salt) = method else { return key }
    return salt + key.prefix(keyByteCount).dropFirst(salt.count)
  }

  /// The key after 4096 packets. [MS-RDPBCGR] 5.3.7
  static func updated(_ current: [UInt8], initial: [UInt8], _ method: Method) -> [UInt8] {
    let inner = HashAlgorithm.sha1.hash(initial[...], pad1[...], current[...])
    let mixed = HashAlgorithm.md5.hash(initial[...], pad2[...], inner[...])
    var key = Array(mixed.prefix(current.count))
    var cipher = RC4(key: key)
    cipher.apply(to: &key)
    return weakened(key, method)
  }

  static let pad1 = [UInt8](repeating: 0x36, count: 40)
  static let pad2 = [UInt8](repeating: 0x5C, count: 48)
}

// MARK: - FIPS

extension RDPSessionKeys {
  /// Derives the keys of Triple DES. [MS-RDPBCGR] 5.3.5.2
  init(fips clientRandom: [UInt8], _ serverRandom: [UInt8]) {
    let client = HashAlgorithm.sha1.hash(clientRandom.suffix(16), serverRandom.suffix(16))
    let server = HashAlgorithm.sha1.hash(clientRandom.prefix(16), serverRandom.prefix(16))
    self.init(
      .fips,
      client: Self.expanded(client),
      server: Self.expanded(server),
      mac: HashAlgorithm.sha1.hash(server[...], client[...])
    )
  }

  /// Makes 24 octets of a Triple DES key from 160 bits and their first eight again: seven bits an
  /// octet, each octet's bits in reverse; DES passes over the parity bit.
  private static func expanded(_ digest: [UInt8]) -> [UInt8] {
    let bits = (digest + digest.prefix(1)).flatMap { octet in (0..<8).map { octet >> $0 & 1 } }
    return (0..<24).map { index in
      bits[(7 * index)..<(7 * index + 7)].enumerated().reduce(0) {
        $0 | $1.element << UInt8($1.offset)
      }
    }
  }
}
