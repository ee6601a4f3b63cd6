/// Names of what a key may be used for. RFC 5280 §4.2.1.3 and §4.2.1.12
enum CertificateUsage {
  /// The names of the bits that are set in a KeyUsage bit string.
  ///
  /// - Parameter octets: The bit string's contents: unused bits 1, then the bits, first bit highest.
  /// - Returns: The names, in the order of the bits.
  static func keyUsages(_ octets: ArraySlice<UInt8>) -> [String] {
    let bits = Array(octets.dropFirst().prefix(2))
    return keyUsageBits.indices.filter { index in
      index / 8 < bits.count && bits[index / 8] & 0x80 >> (index % 8) != 0
    }.map { keyUsageBits[$0] }
  }

  private static let keyUsageBits = [
    "digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement",
    "keyCertSign", "cRLSign", "encipherOnly", "decipherOnly",
  ]

  static let extendedKeyUsages = [
    "2.5.29.37.0": "anyExtendedKeyUsage", "1.3.6.1.5.5.7.3.1": "serverAuth",
    "1.3.6.1.5.5.7.3.2": "clientAuth", "1.3.6.1.5.5.7.3.3": "codeSigning",
    "1.3.6.1.5.5.7.3.4": "emailProtection", "1.3.6.1.5.5.7.3.8": "timeStamping",
    "1.3.6.1.5.5.7.3.9": "OCSPSigning", "1.3.6.1.5.2.3.5": "kerberosKDC",
    "1.3.6.1.4.1.311.20.2.2": "smartCardLogon",
    "1.3.6.1.4.1.311.54.1.2": "remoteDesktopAuthentication",
  ]
}
