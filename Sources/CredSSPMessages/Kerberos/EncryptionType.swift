/// A type of Kerberos encryption; unknown numbers are kept. RFC 3961 §8, RFC 4757, RFC 8009
package struct EncryptionType: RawRepresentable, Hashable, Sendable {
  package let rawValue: Int32

  package init(rawValue: Int32) { self.rawValue = rawValue }

  /// The registry's name, or the number.
  package var name: String {
    switch rawValue {
    case 1: "des-cbc-crc"
    case 3: "des-cbc-md5"
    case 16: "des3-cbc-sha1"
    case 17: "aes128-cts-hmac-sha1-96"
    case 18: "aes256-cts-hmac-sha1-96"
    case 19: "aes128-cts-hmac-sha256-128"
    case 20: "aes256-cts-hmac-sha384-192"
    case 23: "rc4-hmac"
    case 24: "rc4-hmac-exp"
    case -133: "rc4-hmac-old"
    case -135: "rc4-hmac-old-exp"
    default: "\(rawValue)"
    }
  }
}
