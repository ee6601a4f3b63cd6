import Wire

/// GCC's Conference Create PDUs as RDP writes them: aligned PER with nothing optional but the user
/// data. T.124 §8.7, [MS-RDPBCGR] 4.1.3 and 4.1.4
extension ByteReader {
  /// Key, an object: {itu-t(0) recommendation(0) t(20) t124(124) version(0) 1}.
  private static var key: [UInt8] { [0x00, 0x05, 0x00, 0x14, 0x7C, 0x00, 0x01] }

  /// Passes over the Conference Create Request's own fields.
  ///
  /// - Returns: A reader over the client's data blocks.
  mutating func conferenceCreateRequest() throws(DecodeError) -> ByteReader {
    try expect(Self.key, "Key")
    _ = try perLength("connectPDU")
    // ConferenceCreateRequest with user data; conferenceName "1"; padding.
    try expect([0x00, 0x08, 0x00, 0x10, 0x00], "ConferenceCreateRequest")
    return try userData("Duca")
  }

  /// Passes over the Conference Create Response's own fields.
  ///
  /// - Returns: A reader over the server's data blocks, and the result.
  mutating func conferenceCreateResponse() throws(DecodeError) -> (ByteReader, UInt8) {
    try expect(Self.key, "Key")
    // Windows writes a constant here that is not the length.
    _ = try perLength("connectPDU")
    try expect([0x14], "ConferenceCreateResponse")
    try skip(2, "nodeID")
    let tagByteCount = Int(try uint8("tag"))
    try skip(tagByteCount, "tag")
    let result = try uint8("result")
    return (try userData("McDn"), result)
  }

  /// One set of user data under an H.221 key of four letters.
  private mutating func userData(_ key: String) throws(DecodeError) -> ByteReader {
    try expect([0x01, 0xC0, 0x00], "userData")
    try expect(Array(key.utf8), "h221NonStandard")
    return try subReader(try perLength("userData"), "userData")
  }

  private mutating func expect(_ octets: [UInt8], _ field: StaticString) throws(DecodeError) {
    let start = offset
    let found = try bytes(octets.count, field)
    guard found.elementsEqual(octets) else {
      throw invalid(field, at: start, expected: octets.hex, found: found.hex)
    }
  }

  /// X.691 §10.9: one octet below 128, otherwise two.
  private mutating func perLength(_ field: StaticString) throws(DecodeError) -> Int {
    let first = try uint8(field)
    guard first & 0x80 != 0 else { return Int(first) }
    return Int(first & 0x7F) << 8 | Int(try uint8(field))
  }
}
