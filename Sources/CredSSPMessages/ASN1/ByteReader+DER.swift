import Wire

extension ByteReader {
  /// Octets that a length may take after the first: no message is longer than 2^32.
  private static var maximumLengthByteCount: Int { 4 }

  /// Reads a definite length. X.690 §8.1.3
  mutating func derLength(_ field: StaticString) throws(DecodeError) -> Int {
    let start = offset
    let first = try uint8(field)
    guard first & 0x80 != 0 else { return Int(first) }
    let count = Int(first & 0x7F)
    guard 1...Self.maximumLengthByteCount ~= count else {
      throw invalid(field, at: start, expected: "a length of 1 to 4 octets", found: count)
    }
    var length = 0
    for _ in 0..<count { length = length << 8 | Int(try uint8(field)) }
    return length
  }

  /// Passes over an element with a one-octet tag.
  mutating func skipElement(_ field: StaticString) throws(DecodeError) {
    try skip(1, field)
    let count = try derLength(field)
    try skip(count, field)
  }

  /// Cuts out the contents of the next element, which must have this one-octet tag.
  mutating func derElement(_ tag: UInt8, _ field: StaticString) throws(DecodeError) -> ByteReader {
    let start = offset
    let found = try uint8(field)
    guard found == tag else {
      throw invalid(field, at: start, expected: "tag \(tag)", found: found)
    }
    let count = try derLength(field)
    return try subReader(count, field)
  }

  /// Reads UTF-16, least significant octet first.
  mutating func utf16(_ count: Int, _ field: StaticString) throws(DecodeError) -> String {
    String(utf16LittleEndian: try bytes(count, field))
  }
}
