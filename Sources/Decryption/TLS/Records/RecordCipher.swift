import TLSMessages
import Wire

/// A cipher with its keys, as it protects the records of one direction.
enum RecordCipher {
  case aead(AEADProtection)
  case block(BlockProtection)
  case stream(StreamProtection)

  /// Decrypts the next record and checks that it is authentic.
  ///
  /// - Parameters:
  ///   - header: Its header.
  ///   - payload: What follows it.
  ///   - sequence: Records before it under the same keys.
  /// - Returns: The plaintext.
  /// - Throws: ``DecodeError`` for a record that these keys have not made.
  mutating func open(
    _ header: TLSRecordHeader,
    _ payload: ArraySlice<UInt8>,
    sequence: UInt64
  ) throws(DecodeError) -> ArraySlice<UInt8> {
    switch self {
    case .aead(let protection): return try protection.open(header, payload, sequence: sequence)
    case .block(var protection):
      defer { self = .block(protection) }
      return try protection.open(header, payload, sequence: sequence)
    case .stream(var protection):
      defer { self = .stream(protection) }
      return try protection.open(header, payload, sequence: sequence)
    }
  }

  /// The error of a record whose authentication does not fit.
  static func notAuthentic(_ field: String, at offset: Int) -> DecodeError {
    DecodeError(
      layer: .tls,
      field: field,
      offset: offset,
      reason: .foreign("the record is not authentic under the key")
    )
  }
}
