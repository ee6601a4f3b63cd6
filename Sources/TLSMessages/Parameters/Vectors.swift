import Wire

/// TLS vectors: a length, then that many octets (RFC 8446 §3.4).
extension ByteReader {
  mutating func vector8(_ field: StaticString) throws(DecodeError) -> ByteReader {
    let count = Int(try uint8(field))
    return try subReader(count, field)
  }

  mutating func vector16(_ field: StaticString) throws(DecodeError) -> ByteReader {
    let count = Int(try uint16BigEndian(field))
    return try subReader(count, field)
  }

  mutating func vector24(_ field: StaticString) throws(DecodeError) -> ByteReader {
    let count = Int(try uint24BigEndian(field))
    return try subReader(count, field)
  }

  /// Reads 16-bit values to the end.
  ///
  /// - Throws: ``DecodeError`` if an octet is left over; an odd list is not a list of pairs.
  mutating func values16(_ field: StaticString) throws(DecodeError) -> [UInt16] {
    var values: [UInt16] = []
    values.reserveCapacity(remainingCount / 2)
    while !isAtEnd { values.append(try uint16BigEndian(field)) }
    return values
  }
}
