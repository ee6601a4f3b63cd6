import Crypto
import TLSMessages
import Wire

/// Records under a cipher that encrypts and authenticates at once.
///
/// RFC 5288, RFC 6655, RFC 7905, RFC 8446 §5.2
struct AEADProtection {
  /// Octets of the nonce of every AEAD cipher of TLS.
  static let nonceByteCount = 12
  /// Octets of the tag, but for the suites that end in CCM_8.
  private static let tagByteCount = 16

  let cipher: Cipher
  let key: SymmetricKey
  /// The part of the nonce that is derived: all of it, or the first four octets.
  let iv: [UInt8]
  let isTLS13: Bool

  enum Cipher: Hashable, Sendable {
    case aesGCM, chaCha20Poly1305, aesCCM
    /// With a tag of eight octets.
    case aesCCM8
  }

  /// Decrypts a record and checks its tag.
  func open(
    _ header: TLSRecordHeader,
    _ payload: ArraySlice<UInt8>,
    sequence: UInt64
  ) throws(DecodeError) -> ArraySlice<UInt8> {
    var reader = ByteReader(payload, layer: .tls, boundedBy: .lengthField(.tls))
    // RFC 5288 §3: TLS 1.2 sends the rest of the nonce; RFC 7905 §2 and RFC 8446 §5.3 count.
    let explicit = try reader.bytes(Self.nonceByteCount - iv.count, "nonce_explicit")
    let tagByteCount = cipher == .aesCCM8 ? 8 : Self.tagByteCount
    let ciphertext = try reader.bytes(reader.remainingCount - tagByteCount, "AEADEncrypted")
    let tagOffset = reader.offset
    let tag = try reader.bytes(tagByteCount, "tag")
    let data = additionalData(header, byteCount: ciphertext.count, sequence: sequence)
    let nonce = explicit.isEmpty ? counted(sequence) : iv + explicit
    guard let plaintext = open(ciphertext, tag, nonce: nonce, data) else {
      throw RecordCipher.notAuthentic("tag", at: tagOffset)
    }
    return plaintext
  }

  private func open(
    _ ciphertext: ArraySlice<UInt8>,
    _ tag: ArraySlice<UInt8>,
    nonce: [UInt8],
    _ data: [UInt8]
  ) -> ArraySlice<UInt8>? {
    switch cipher {
    case .aesGCM:
      guard let nonce = try? AES.GCM.Nonce(data: nonce),
        let box = try? AES.GCM.SealedBox(nonce: nonce, ciphertext: ciphertext, tag: tag),
        let plaintext = try? AES.GCM.open(box, using: key, authenticating: data)
      else { return nil }
      return Array(plaintext)[...]
    case .chaCha20Poly1305:
      guard let nonce = try? ChaChaPoly.Nonce(data: nonce),
        let box = try? ChaChaPoly.SealedBox(nonce: nonce, ciphertext: ciphertext, tag: tag),
        let plaintext = try? ChaChaPoly.open(box, using: key, authenticating: data)
      else { return nil }
      return Array(plaintext)[...]
    case .aesCCM, .aesCCM8:
      return AESCCM(key: key).open(ciphertext, tag: tag, nonce: nonce, authenticating: data)
    }
  }

  /// The nonce of a record that sends none: its number, mixed with the derived one.
  private func counted(_ sequence: UInt64) -> [UInt8] {
    var nonce = iv
    for index in 0..<8 {
      nonce[iv.count - 1 - index] ^= UInt8(truncatingIfNeeded: sequence >> (8 * index))
    }
    return nonce
  }

  /// RFC 8446 §5.2: the header as it was sent; RFC 5246 §6.2.3.3: with the number and the
  /// plaintext's length.
  private func additionalData(
    _ header: TLSRecordHeader,
    byteCount: Int,
    sequence: UInt64
  ) -> [UInt8] {
    isTLS13
      ? header.octets(length: header.length)
      : sequence.bigEndianOctets + header.octets(length: byteCount)
  }
}

extension TLSRecordHeader {
  /// The header as it is authenticated, with another length.
  func octets(length: Int) -> [UInt8] {
    [
      type.rawValue, UInt8(truncatingIfNeeded: version.rawValue >> 8),
      UInt8(truncatingIfNeeded: version.rawValue), UInt8(truncatingIfNeeded: length >> 8),
      UInt8(truncatingIfNeeded: length),
    ]
  }
}

extension UInt64 {
  /// Eight octets, most significant first.
  var bigEndianOctets: [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: self >> (56 - 8 * UInt64($0))) }
  }
}
