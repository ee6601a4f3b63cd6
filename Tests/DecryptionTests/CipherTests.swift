import Crypto
import Testing

@testable import Decryption

/// The ciphers that swift-crypto lacks, by published vectors.
struct CipherTests {
  struct KeyStream: Sendable {
    let key: String
    let offset: Int
    let octets: String

    /// Some of RFC 6229 §2.
    static let all = [
      Self(key: "0102030405", offset: 0, octets: "b2396305f03dc027ccc3524a0a1118a8"),
      Self(key: "0102030405", offset: 4096, octets: "ff25b58995996707e51fbdf08b34d875"),
      Self(
        key: "0102030405060708090a0b0c0d0e0f10",
        offset: 0,
        octets: "9ac7cc9a609d1ef7b2932899cde41b97"
      ),
      Self(
        key: "0102030405060708090a0b0c0d0e0f10",
        offset: 240,
        octets: "065902e4b620f6cc36c8589f66432f2b"
      ),
    ]
  }

  @Test(arguments: KeyStream.all)
  func rc4HasTheKeyStreamOfRFC6229(_ sample: KeyStream) throws {
    var cipher = RC4(key: try octets(sample.key))
    // In two pieces, as records come.
    var skipped = [UInt8](repeating: 0, count: sample.offset)
    cipher.apply(to: &skipped)
    var stream = [UInt8](repeating: 0, count: 16)
    cipher.apply(to: &stream)
    #expect(stream == (try octets(sample.octets)))
  }

  /// NIST SP 800-67, appendix B: "The qufck brown fox jump", a block at a time.
  @Test(arguments: [
    ("a826fd8ce53b855f", "5468652071756663"), ("cce21c8112256fe6", "6b2062726f776e20"),
    ("68d5c05dd9b6b900", "666f78206a756d70"),
  ])
  func tripleDESDecryptsTheExampleOfNIST(_ encrypted: String, _ plain: String) throws {
    let cipher = TripleDES(
      key: try octets("0123456789abcdef23456789abcdef01456789abcdef0123")
    )
    let iv = [UInt8](repeating: 0, count: 8)
    #expect(cipher.decrypt(try octets(encrypted)[...], iv: iv[...]) == (try octets(plain)))
    // The second block is mixed with the first one's ciphertext.
    let twice = try octets(encrypted + encrypted)
    let mixed = zip(try octets(plain), try octets(encrypted)).map { $0 ^ $1 }
    #expect(cipher.decrypt(twice[...], iv: iv[...]).suffix(8) == mixed[...])
  }

  /// NIST SP 800-38C, example 3: the nonce of twelve octets that TLS has.
  @Test func ccmOpensTheExampleOfNIST() throws {
    let cipher = AESCCM(key: SymmetricKey(data: try octets("404142434445464748494a4b4c4d4e4f")))
    let text = try octets("e3b201a9f5b71a7a9b1ceaeccd97e70b6176aad9a4428aa5")
    let tag = try octets("484392fbc1b09951")
    let nonce = try octets("101112131415161718191a1b")
    let data = (0..<20).map { UInt8($0) }
    let plain = cipher.open(text[...], tag: tag[...], nonce: nonce, authenticating: data)
    #expect(plain.map(Array.init) == (0x20..<0x38).map { UInt8($0) })
    for changed in [text, data, tag].indices {
      var parts = [text, data, tag]
      parts[changed][3] ^= 1
      let opened = cipher.open(
        parts[0][...],
        tag: parts[2][...],
        nonce: nonce,
        authenticating: parts[1]
      )
      #expect(opened == nil)
    }
  }

  /// Every power of every base against plain multiplication, for odd moduli of one limb, and
  /// Fermat's theorem for a prime of several.
  @Test func powersModuloANumber() throws {
    var seed: UInt64 = 20
    for _ in 0..<200 {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let modulus = seed >> 33 | 1
      let base = (seed >> 7) % modulus
      let exponent = UInt64(seed & 0x3FF)
      var expected = 1 % modulus
      for _ in 0..<exponent { expected = expected * base % modulus }
      let prepared = try #require(MontgomeryModulus(modulus.bigEndianOctets[...]))
      let power = prepared.power(base.bigEndianOctets[...], exponent.bigEndianOctets)
      #expect(
        power?.reduce(0) { $0 << 8 | UInt64($1) } == expected,
        "\(base)^\(exponent) mod \(modulus)"
      )
    }
    // 2^521 - 1 is prime: whatever is raised to it is itself again.
    let prime = [1] + [UInt8](repeating: 0xFF, count: 65)
    let prepared = try #require(MontgomeryModulus(prime[...]))
    let base = [UInt8](repeating: 0, count: 10) + (1...56).map { UInt8($0) }
    #expect(prepared.power(base[...], prime) == base)
    #expect(prepared.power(prime[...], [2]) == nil)
    #expect(MontgomeryModulus([4]) == nil)
    #expect(MontgomeryModulus([]) == nil)
  }
}

/// Octets of hexadecimal digits.
func octets(_ digits: String) throws -> [UInt8] {
  try #require([UInt8](hexadecimal: Array(digits.utf8)))
}
