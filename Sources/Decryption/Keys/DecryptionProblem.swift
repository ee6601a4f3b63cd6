/// Why a connection stays closed although keys were given.
package enum DecryptionProblem: String, Hashable, Sendable, CaseIterable {
  /// The secrets that a key log has for the connection do not open its records.
  case wrongSecrets = "wrong_secrets"
  /// The client's secret was encrypted with none of the RSA keys.
  case wrongRSAKey = "wrong_rsa_key"
  /// The keys were agreed on in another way than by RSA, so that no private key opens them.
  case notRSAKeyExchange = "not_rsa_key_exchange"
  /// The secrets are known, and the suite or the version is not decrypted here.
  case unsupportedCipher = "unsupported_cipher"
}
