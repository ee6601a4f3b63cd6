import Crypto
import TLSMessages
import Wire

/// Records under a block cipher in CBC mode, with a MAC.
///
/// RFC 5246 §6.2.3.2; RFC 2246 §6.2.3.2 without an IV in the record; RFC 7366 with the MAC over
/// what is encrypted.
struct BlockProtection {
  let cipher: BlockCipher
  let mac: RecordMAC
  /// What the first block is mixed with in TLS 1.0; `nil` where each record has its own.
  var iv: [UInt8]?
  let encryptThenMAC: Bool

  /// Decrypts a record, checks its padding and its MAC.
  mutating func open(
    _ header: TLSRecordHeader,
    _ payload: ArraySlice<UInt8>,
    sequence: UInt64
  ) throws(DecodeError) -> ArraySlice<UInt8> {
    var reader = ByteReader(payload, layer: .tls, boundedBy: .lengthField(.tls))
    let macByteCount = encryptThenMAC ? mac.byteCount : 0
    let encrypted = try reader.bytes(reader.remainingCount - macByteCount, "GenericBlockCipher")
    if encryptThenMAC, mac.code(header, sequence, encrypted) != Array(reader.remaining) {
      throw RecordCipher.notAuthentic("MAC", at: reader.offset)
    }
    let plaintext = try decrypt(encrypted)
    guard let padding = plaintext.last, Int(padding) < plaintext.count,
      plaintext.suffix(Int(padding) + 1).allSatisfy({ $0 == padding })
    else { throw RecordCipher.notAuthentic("padding", at: payload.endIndex - 1) }
    let padded = plaintext.dropLast(Int(padding) + 1)
    guard !encryptThenMAC else { return padded }
    let contents = padded.dropLast(mac.byteCount)
    guard padded.count == contents.count + mac.byteCount,
      mac.code(header, sequence, contents) == Array(padded.suffix(mac.byteCount))
    else { throw RecordCipher.notAuthentic("MAC", at: payload.startIndex + contents.count) }
    return contents
  }

  private mutating func decrypt(
    _ encrypted: ArraySlice<UInt8>
  ) throws(DecodeError) -> ArraySlice<UInt8> {
    var reader = ByteReader(encrypted, layer: .tls, boundedBy: .lengthField(.tls))
    let blockByteCount = cipher.blockByteCount
    let start: ArraySlice<UInt8>
    if let iv {
      start = iv[...]
      // The next record goes on where this one ends, whatever becomes of this one.
      if blockByteCount <= encrypted.count { self.iv = Array(encrypted.suffix(blockByteCount)) }
    } else {
      start = try reader.bytes(blockByteCount, "IV")
    }
    guard let plaintext = cipher.decrypt(reader.remaining, iv: start) else {
      throw reader.invalid(
        "GenericBlockCipher",
        at: reader.offset,
        expected: "a multiple of \(blockByteCount)",
        found: reader.remainingCount
      )
    }
    return plaintext[...]
  }
}
