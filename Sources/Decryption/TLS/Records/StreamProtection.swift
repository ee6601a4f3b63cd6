import TLSMessages
import Wire

/// Records under a stream cipher, or under none, with a MAC.
///
/// RFC 5246 §6.2.3.1
struct StreamProtection {
  /// `nil` for the suites that encrypt nothing.
  var cipher: RC4?
  let mac: RecordMAC

  /// Decrypts a record and checks its MAC; the key stream goes on either way.
  mutating func open(
    _ header: TLSRecordHeader,
    _ payload: ArraySlice<UInt8>,
    sequence: UInt64
  ) throws(DecodeError) -> ArraySlice<UInt8> {
    var octets = Array(payload)
    cipher?.apply(to: &octets)
    var reader = ByteReader(octets, layer: .tls, boundedBy: .lengthField(.tls))
    let contents = try reader.bytes(octets.count - mac.byteCount, "GenericStreamCipher")
    guard mac.code(header, sequence, contents) == Array(reader.remaining) else {
      throw RecordCipher.notAuthentic("MAC", at: payload.startIndex + contents.count)
    }
    return contents
  }
}
