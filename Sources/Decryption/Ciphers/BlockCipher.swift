import Crypto
import CryptoExtras

/// A block cipher with its key, in CBC mode without padding.
enum BlockCipher {
  case aes(SymmetricKey)
  case tripleDES(TripleDES)

  /// Octets of a block.
  var blockByteCount: Int {
    switch self {
    case .aes: 16
    case .tripleDES: TripleDES.blockByteCount
    }
  }

  /// Decrypts whole blocks.
  ///
  /// - Parameters:
  ///   - octets: The blocks, at least one.
  ///   - iv: What the first is mixed with, one block.
  /// - Returns: `nil` unless there are whole blocks.
  func decrypt(_ octets: ArraySlice<UInt8>, iv: ArraySlice<UInt8>) -> [UInt8]? {
    guard !octets.isEmpty, octets.count.isMultiple(of: blockByteCount),
      iv.count == blockByteCount
    else { return nil }
    switch self {
    case .aes(let key):
      guard let iv = try? AES._CBC.IV(ivBytes: iv),
        let plaintext = try? AES._CBC.decrypt(octets, using: key, iv: iv, noPadding: true)
      else { return nil }
      return Array(plaintext)
    case .tripleDES(let cipher): return cipher.decrypt(octets, iv: iv)
    }
  }
}
