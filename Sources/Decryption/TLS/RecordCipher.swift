import Crypto
import TLSMessages
import Wire

/// A cipher with its key, as it protects records.
struct RecordCipher {
  /// Octets of the nonce of every AEAD cipher of TLS.
  static let nonceByteCount = 12
  private static let tagByteCount = 16

  private let cipher: CipherSpec.BulkCipher
  private let key: SymmetricKey
  /// The part of the nonce that is derived: all of it, or in TLS 1.2's AES-GCM four octets.
  private let iv: [UInt8]

  /// Creates a cipher of its key.
  init(_ cipher: CipherSpec.BulkCipher, key: [UInt8], iv: [UInt8]) {
    self.cipher = cipher
    self.key = SymmetricKey(data: key)
    self.iv = iv
  }

  /// Decrypts a record and checks that it is authentic.
  func open(
    _ header: TLSRecordHeader,
    _ payload: ArraySlice<UInt8>,
    sequence: UInt64,
    isTLS13: Bool
  ) throws(DecodeError) -> ArraySlice<UInt8> {
    var reader = ByteReader(payload, layer: .tls, boundedBy: .lengthField(.tls))
    // RFC 5288 §3: TLS 1.2 sends the rest of the nonce; RFC 7905 §2 and RFC 8446 §5.3 count.
    let explicitByteCount = Self.nonceByteCount - iv.count
    let explicit = try reader.bytes(explicitByteCount, "nonce_explicit")
    let ciphertext = try reader.bytes(reader.remainingCount - Self.tagByteCount, "AEADEncrypted")
    let tagOffset = reader.offset
    let tag = try reader.bytes(Self.tagByteCount, "tag")
    let nonce = explicitByteCount == 0 ? counted(sequence) : iv + explicit
    let data = Self.additionalData(
      header,
      plaintextByteCount: ciphertext.count,
      sequence: sequence,
      isTLS13: isTLS13
    )
    do {
      switch cipher {
      case .aesGCM:
        let box = try AES.GCM.SealedBox(
          nonce: AES.GCM.Nonce(data: nonce),
          ciphertext: ciphertext,
          tag: tag
        )
        return Array(try AES.GCM.open(box, using: key, authenticating: data))[...]
      case .chaCha20Poly1305:
        let box = try ChaChaPoly.SealedBox(
          nonce: ChaChaPoly.Nonce(data: nonce),
          ciphertext: ciphertext,
          tag: tag
        )
        return Array(try ChaChaPoly.open(box, using: key, authenticating: data))[...]
      }
    } catch {
      throw DecodeError(
        layer: .tls,
        field: "tag",
        offset: tagOffset,
        reason: .foreign("the record is not authentic under the key")
      )
    }
  }

  private func counted(_ sequence: UInt64) -> [UInt8] {
    var nonce = iv
    for index in 0..<8 {
      nonce[iv.count - 1 - index] ^= UInt8(truncatingIfNeeded: sequence >> (8 * index))
    }
    return nonce
  }

  /// RFC 5246 §6.2.3.3; RFC 8446 §5.2: the header as it was sent.
  private static func additionalData(
    _ header: TLSRecordHeader,
    plaintextByteCount: Int,
    sequence: UInt64,
    isTLS13: Bool
  ) -> [UInt8] {
    let count = isTLS13 ? header.length : plaintextByteCount
    let head = [
      header.type.rawValue, UInt8(header.version.rawValue >> 8),
      UInt8(truncatingIfNeeded: header.version.rawValue), UInt8(truncatingIfNeeded: count >> 8),
      UInt8(truncatingIfNeeded: count),
    ]
    guard !isTLS13 else { return head }
    return (0..<8).map { UInt8(truncatingIfNeeded: sequence >> (56 - 8 * $0)) } + head
  }
}
