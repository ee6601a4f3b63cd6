import Wire

/// BER as MCS's connect PDUs use it: definite lengths, short integers. X.690 §8
extension ByteReader {
  /// Octets that a BER length may take after the first: no PDU is longer than 2^32.
  private static var maximumBERLengthByteCount: Int { 4 }

  /// Cuts out the contents of the next element, which must have this one-octet tag.
  mutating func berElement(_ tag: UInt8, _ field: StaticString) throws(DecodeError) -> ByteReader {
    let start = offset
    let found = try uint8(field)
    guard found == tag else {
      throw invalid(field, at: start, expected: "tag \(tag)", found: found)
    }
    return try subReader(try berLength(field), field)
  }

  /// Reads a definite length.
  mutating func berLength(_ field: StaticString) throws(DecodeError) -> Int {
    let start = offset
    let first = try uint8(field)
    guard first & 0x80 != 0 else { return Int(first) }
    let count = Int(first & 0x7F)
    guard 1...Self.maximumBERLengthByteCount ~= count else {
      throw invalid(field, at: start, expected: "a length of 1 to 4 octets", found: count)
    }
    var length = 0
    for _ in 0..<count { length = length << 8 | Int(try uint8(field)) }
    return length
  }

  /// Reads an INTEGER or ENUMERATED that is not negative.
  mutating func berUnsigned(_ tag: UInt8, _ field: StaticString) throws(DecodeError) -> UInt32 {
    var contents = try berElement(tag, field)
    let start = contents.offset
    let octets = contents.remaining.drop { $0 == 0 }
    guard !contents.isAtEnd, octets.count <= 4 else {
      throw contents.invalid(
        field,
        at: start,
        expected: "a number below 2^32",
        found: "\(contents.remainingCount) octets"
      )
    }
    try contents.skip(contents.remainingCount, field)
    return octets.reduce(0) { $0 << 8 | UInt32($1) }
  }
}
