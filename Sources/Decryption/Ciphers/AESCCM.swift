import Crypto
import CryptoExtras

/// AES in counter mode with CBC-MAC, from swift-crypto's CTR and CBC; with the nonce of twelve octets
/// and the tags that TLS uses.
///
/// Tested against NIST SP 800-38C and RFC 3610's way of counting. RFC 3610 §2
struct AESCCM {
  private static let blockByteCount = 16
  /// Octets of the length field: what a nonce of twelve leaves.
  private static let lengthByteCount = 3

  private let key: SymmetricKey

  init(key: SymmetricKey) { self.key = key }

  /// Decrypts and checks the tag.
  ///
  /// - Parameters:
  ///   - ciphertext: At most 2^24 octets.
  ///   - tag: 4 to 16 octets, an even number.
  ///   - nonce: Twelve octets.
  ///   - data: Fewer than 65 280 octets that are authenticated only.
  /// - Returns: The plaintext; `nil` if it is not authentic.
  func open(
    _ ciphertext: ArraySlice<UInt8>,
    tag: ArraySlice<UInt8>,
    nonce: [UInt8],
    authenticating data: [UInt8]
  ) -> ArraySlice<UInt8>? {
    let counterStart = [UInt8(Self.lengthByteCount - 1)] + nonce
    // Block 0 of the key stream covers the tag, those after it the text.
    let zeros = [UInt8](repeating: 0, count: Self.blockByteCount)
    guard let counter = try? AES._CTR.Nonce(nonceBytes: counterStart + [0, 0, 0]),
      let opened = try? AES._CTR.decrypt(zeros + ciphertext, using: key, nonce: counter)
    else { return nil }
    let stream = Array(opened)
    let plaintext = stream[Self.blockByteCount...]
    guard let mac = mac(plaintext, tagByteCount: tag.count, nonce: nonce, data) else { return nil }
    let expected = zip(mac, stream).prefix(tag.count).map { $0 ^ $1 }
    return expected == Array(tag) ? plaintext : nil
  }

  /// The last block of the CBC encryption of everything that is authenticated. RFC 3610 §2.2
  private func mac(
    _ plaintext: ArraySlice<UInt8>,
    tagByteCount: Int,
    nonce: [UInt8],
    _ data: [UInt8]
  ) -> ArraySlice<UInt8>? {
    let hasData: UInt8 = data.isEmpty ? 0 : 0x40
    let flags =
      hasData | UInt8(truncatingIfNeeded: (tagByteCount - 2) / 2) << 3
      | UInt8(Self.lengthByteCount - 1)
    let count = plaintext.count
    var blocks = [flags] + nonce
    blocks += [16, 8, 0].map { UInt8(truncatingIfNeeded: count >> $0) }
    if !data.isEmpty {
      blocks += [8, 0].map { UInt8(truncatingIfNeeded: data.count >> $0) } + data
      blocks.pad(to: Self.blockByteCount)
    }
    blocks += plaintext
    blocks.pad(to: Self.blockByteCount)
    let zeros = [UInt8](repeating: 0, count: Self.blockByteCount)
    guard let iv = try? AES._CBC.IV(ivBytes: zeros),
      let chain = try? AES._CBC.encrypt(blocks, using: key, iv: iv, noPadding: true)
    else { return nil }
    return Array(chain)[...].suffix(Self.blockByteCount)
  }
}

extension [UInt8] {
  /// Adds zeros up to a whole block.
  fileprivate mutating func pad(to blockByteCount: Int) {
    let over = count % blockByteCount
    if 0 < over { append(contentsOf: repeatElement(0, count: blockByteCount - over)) }
  }
}
