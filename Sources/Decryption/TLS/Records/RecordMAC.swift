import Crypto
import TLSMessages

/// The message authentication of the suites whose cipher has none.
///
/// RFC 5246 §6.2.3.1: over the record's number, type, version, length and contents.
struct RecordMAC {
  private let algorithm: HashAlgorithm
  private let key: SymmetricKey

  init(_ algorithm: HashAlgorithm, key: [UInt8]) {
    self.algorithm = algorithm
    self.key = SymmetricKey(data: key)
  }

  /// Octets of a code.
  var byteCount: Int { algorithm.byteCount }

  /// The code of a record.
  func code(
    _ header: TLSRecordHeader,
    _ sequence: UInt64,
    _ contents: ArraySlice<UInt8>
  ) -> [UInt8] {
    let start = sequence.bigEndianOctets + header.octets(length: contents.count)
    return algorithm.hmac(start[...], contents, key: key)
  }
}
