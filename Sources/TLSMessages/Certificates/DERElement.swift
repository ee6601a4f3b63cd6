import Wire

/// One element of DER or of definite-length BER: what is read of a certificate before its parts go
/// to swift-asn1, so that a damaged or cut part leaves the others. X.690 §8.1
struct DERElement {
  /// The identifier octet: class, constructed bit and a tag number below 31.
  let identifier: UInt8
  /// Identifier, length and contents.
  let encoded: ArraySlice<UInt8>
  /// Over the contents.
  let contents: ByteReader

  static let integer: UInt8 = 0x02
  static let utcTime: UInt8 = 0x17
  static let generalizedTime: UInt8 = 0x18
  static let sequence: UInt8 = 0x30
  /// The tag of `version [0]`.
  static let version: UInt8 = 0xa0
  /// The tag of `extensions [3]`.
  static let extensions: UInt8 = 0xa3
}

extension ByteReader {
  /// Reads one element.
  ///
  /// - Throws: ``DecodeError`` for a tag number above 30, an indefinite length or one of more than
  ///   four octets (none of which X.509 has here), and for contents that are not all there.
  mutating func derElement(_ field: StaticString) throws(DecodeError) -> DERElement {
    let start = offset
    let identifier = try uint8(field)
    guard identifier & 0x1f != 0x1f else {
      throw invalid(field, at: start, expected: "a tag below 31", found: identifier)
    }
    let count = try derLength(field)
    let contents = try subReader(count, field)
    return DERElement(
      identifier: identifier,
      encoded: bytes[start..<offset],
      contents: contents
    )
  }

  /// Opens a constructed element and takes what is there of its contents.
  ///
  /// - Parameters:
  ///   - field: The field, in the specification's spelling.
  ///   - problems: Receives the truncation, when the contents end early.
  /// - Returns: A reader over the contents, or over what is there of them.
  /// - Throws: ``DecodeError`` if the identifier and length are not all there or not of a
  ///   constructed element.
  mutating func derContents(
    _ field: StaticString,
    problems: inout [DecodeError]
  ) throws(DecodeError) -> ByteReader {
    let start = offset
    let identifier = try uint8(field)
    guard identifier & 0x20 != 0 else {
      throw invalid(field, at: start, expected: "a constructed element", found: identifier)
    }
    let count = try derLength(field)
    do throws(DecodeError) {
      return try subReader(count, field)
    } catch {
      problems.append(error)
      return try subReader(remainingCount, field)
    }
  }

  private mutating func derLength(_ field: StaticString) throws(DecodeError) -> Int {
    let start = offset
    let first = try uint8(field)
    guard first & 0x80 != 0 else { return Int(first) }
    let octetCount = Int(first & 0x7f)
    guard 1...4 ~= octetCount else {
      throw invalid(field, at: start, expected: "a length of 1 to 4 octets", found: octetCount)
    }
    var length = 0
    for _ in 0..<octetCount { length = length << 8 | Int(try uint8(field)) }
    return length
  }
}
