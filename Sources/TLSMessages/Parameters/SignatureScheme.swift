/// A signature algorithm of the handshake (TLS SignatureScheme registry); unknown values are kept.
///
/// RFC 8446 §4.2.3; TLS 1.2 reads the same number as a hash and a signature (RFC 5246 §7.4.1.4.1).
package struct SignatureScheme: RawRepresentable, Hashable, Sendable {
  package let rawValue: UInt16

  package init(rawValue: UInt16) { self.rawValue = rawValue }

  /// The registry's name, `rsa_pss_rsae_sha256`, or the number in hexadecimal.
  package var name: String {
    Self.names[rawValue] ?? legacyName ?? registryNumber(rawValue)
  }

  /// `sha1_dsa`: TLS 1.2's pair of hash and signature.
  private var legacyName: String? {
    let hash = Int(rawValue >> 8)
    let signature = Int(rawValue & 0xff)
    guard Self.hashes.indices ~= hash, Self.signatures.indices ~= signature else { return nil }
    return Self.hashes[hash] + "_" + Self.signatures[signature]
  }

  private static let hashes = ["none", "md5", "sha1", "sha224", "sha256", "sha384", "sha512"]
  private static let signatures = ["anonymous", "rsa", "dsa", "ecdsa"]

  private static let names: [UInt16: String] = [
    0x0201: "rsa_pkcs1_sha1", 0x0203: "ecdsa_sha1", 0x0401: "rsa_pkcs1_sha256",
    0x0403: "ecdsa_secp256r1_sha256", 0x0501: "rsa_pkcs1_sha384",
    0x0503: "ecdsa_secp384r1_sha384", 0x0601: "rsa_pkcs1_sha512",
    0x0603: "ecdsa_secp521r1_sha512", 0x0704: "eccsi_sha256", 0x0708: "sm2sig_sm3",
    0x0709: "gostr34102012_256a", 0x070a: "gostr34102012_256b", 0x070b: "gostr34102012_256c",
    0x070c: "gostr34102012_256d", 0x070d: "gostr34102012_512a", 0x070e: "gostr34102012_512b",
    0x070f: "gostr34102012_512c", 0x0804: "rsa_pss_rsae_sha256", 0x0805: "rsa_pss_rsae_sha384",
    0x0806: "rsa_pss_rsae_sha512", 0x0807: "ed25519", 0x0808: "ed448",
    0x0809: "rsa_pss_pss_sha256", 0x080a: "rsa_pss_pss_sha384", 0x080b: "rsa_pss_pss_sha512",
    0x081a: "ecdsa_brainpoolP256r1tls13_sha256", 0x081b: "ecdsa_brainpoolP384r1tls13_sha384",
    0x081c: "ecdsa_brainpoolP512r1tls13_sha512", 0x0904: "mldsa44", 0x0905: "mldsa65",
    0x0906: "mldsa87",
  ]
}
