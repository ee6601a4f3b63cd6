import Foundation
import Testing

@testable import Decryption

struct RSAPrivateKeyTests {
  private static let suites = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Differential/Suites")

  private func key(_ name: String) throws -> RSAPrivateKey {
    let url = Self.suites.appending(path: name)
    return try RSAPrivateKey(reading: String(contentsOf: url, encoding: .utf8))
  }

  @Test func bothFormsOfAKeyAreTheSame() throws {
    #expect(try key("rsa.pem") == key("rsa-pkcs8.pem"))
    #expect(try key("rsa.pem") != key("another.pem"))
    #expect(try key("rsa.pem").byteCount == 256)
  }

  /// Two primes of 128 bits; 65537 undone.
  @Test func numbersOfIniFilesAreReadFromTheirLowEnd() throws {
    let modulus = "0x07,0x00,0x00,0x00" + String(repeating: ",0xff", count: 60)
    let text = """
      [keys]
      pub_exp=0x01,0x00,0x01,0x00
      pub_mod=\(modulus)
      pub_sig=0x00
      pri_exp=0x03,0x00

      """
    let key = try RSAPrivateKey(reading: text)
    #expect(key.byteCount == 64)
    #expect(key.decrypt([2]) == [UInt8](repeating: 0, count: 63) + [8])
    #expect(key.hasModulus([7, 0, 0, 0] + [UInt8](repeating: 0xFF, count: 60)))
  }

  @Test(arguments: [
    ("", KeyFileError.unknownForm), ("ssh-rsa AAAA", .unknownForm),
    ("pub_mod=0x03\npri_exp=0x01", .malformed), ("pri_exp=zz", .malformed),
    ("-----BEGIN RSA PRIVATE KEY-----\nMAA=\n-----END RSA PRIVATE KEY-----\n", .malformed),
    ("-----BEGIN RSA PRIVATE KEY-----\nMAMC", .malformed),
    ("-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n", .malformed),
    (
      "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMAA=\n-----END ENCRYPTED PRIVATE KEY-----\n",
      .encrypted
    ),
    ("-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n", .notRSA("certificate")),
    (
      "-----BEGIN EC PRIVATE KEY-----\nMAA=\n-----END EC PRIVATE KEY-----\n",
      .notRSA("ec private key")
    ),
  ])
  func whatIsNoKeySaysWhy(_ text: String, _ error: KeyFileError) {
    #expect(throws: error) { try RSAPrivateKey(reading: text) }
  }

  @Test func everyPrefixOfAKeyIsRefused() throws {
    let text = try String(contentsOf: Self.suites.appending(path: "rsa.pem"), encoding: .utf8)
    for count in stride(from: 0, to: text.count - 10, by: 23) {
      #expect(throws: KeyFileError.self) { try RSAPrivateKey(reading: String(text.prefix(count))) }
    }
  }
}
