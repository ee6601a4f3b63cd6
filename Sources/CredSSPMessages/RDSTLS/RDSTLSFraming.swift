package import Wire

/// Where a message of RDSTLS ends: it has no length of its own, only those of its fields.
/// [MS-RDPBCGR] 2.2.17
package enum RDSTLSFraming {
  /// Measures the message that starts with `bytes`.
  ///
  /// - Returns: Octets of the whole message; `nil` while its lengths are not all here.
  /// - Throws: ``DecodeError`` where the octets begin no such message.
  package static func byteCount(startOf bytes: ArraySlice<UInt8>) throws(DecodeError) -> Int? {
    var reader = ByteReader(bytes, layer: .rdstls)
    let start = reader.offset
    guard (try? reader.skip(2, "Version")) != nil,
      let type = try? reader.uint16LittleEndian("PduType"),
      let kind = try? reader.uint16LittleEndian("DataType")
    else { return nil }
    switch (type, kind) {
    case (1, 1): return 8
    case (4, 1): return 10
    case (2, 1): return fields(4, &reader).map { $0 - start }
    case (2, 2):
      guard (try? reader.skip(4, "SessionID")) != nil else { return nil }
      return fields(1, &reader).map { $0 - start }
    default:
      throw reader.invalid(
        "PduType",
        at: start + 2,
        expected: "1, 2 or 4 with a known DataType",
        found: "\(type) with \(kind)"
      )
    }
  }

  /// Where so many fields, each with its length before it, end; `nil` while a length is missing.
  private static func fields(_ count: Int, _ reader: inout ByteReader) -> Int? {
    for index in 0..<count {
      guard let length = try? reader.uint16LittleEndian("length of a field") else { return nil }
      if index == count - 1 { return reader.offset + Int(length) }
      guard (try? reader.skip(Int(length), "field")) != nil else { return nil }
    }
    return reader.offset
  }
}
