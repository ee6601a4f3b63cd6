/// A server's RSA key: what a client sent it encrypted can be read with it.
package struct RSAPrivateKey: Sendable, Hashable {
  /// The largest modulus in use, in octets; beyond it a file is a mistake.
  package static let maximumByteCount = 2048
  /// The smallest: standard RDP security has 512 bits.
  private static let minimumByteCount = 32

  private let modulus: MontgomeryModulus
  /// Most significant octet first.
  private let exponent: [UInt8]

  /// Creates a key; `nil` for numbers that are none.
  ///
  /// - Parameters:
  ///   - modulus: Most significant octet first.
  ///   - exponent: The private exponent, most significant octet first.
  package init?(modulus: ArraySlice<UInt8>, exponent: ArraySlice<UInt8>) {
    let modulus = modulus.drop { $0 == 0 }
    let exponent = exponent.drop { $0 == 0 }
    guard Self.minimumByteCount...Self.maximumByteCount ~= modulus.count, !exponent.isEmpty,
      exponent.count <= modulus.count, let prepared = MontgomeryModulus(modulus)
    else { return nil }
    self.modulus = prepared
    self.exponent = Array(exponent)
  }

  /// Octets of the modulus.
  package var byteCount: Int { modulus.byteCount }

  /// Whether this is the key of a public one.
  ///
  /// - Parameter octets: The modulus, least significant octet first.
  /// - Returns: Whether it is the same.
  package func hasModulus(_ octets: [UInt8]) -> Bool {
    MontgomeryModulus(Array(octets.reversed())[...]) == modulus
  }

  /// Decrypts a number.
  ///
  /// - Parameter octets: The number, most significant octet first.
  /// - Returns: As many octets as the modulus has; `nil` for a number that it cannot have made.
  package func decrypt(_ octets: ArraySlice<UInt8>) -> [UInt8]? {
    modulus.power(octets, exponent)
  }

  /// The pre-master secret of a TLS client; `nil` if it was encrypted with another key.
  ///
  /// PKCS #1 v1.5: 0, 2, random octets that are not 0, 0, and the 48 octets. RFC 5246 §7.4.7.1
  func decryptedPremaster(_ encrypted: ArraySlice<UInt8>) -> [UInt8]? {
    guard encrypted.count == byteCount, let padded = decrypt(encrypted),
      padded.starts(with: [0, 2])
    else { return nil }
    let premaster = padded.suffix(Self.premasterByteCount)
    let padding = padded.dropFirst(2).dropLast(Self.premasterByteCount)
    guard padding.last == 0, !padding.dropLast().contains(0), premaster.first == 3 else {
      return nil
    }
    return Array(premaster)
  }

  private static let premasterByteCount = 48
}
