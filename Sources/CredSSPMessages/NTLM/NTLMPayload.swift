import Wire

/// Where a field's octets stand: length 2, maximum length 2, offset 4, from the message's first
/// octet. [MS-NLMP] 2.2.1
struct NTLMPayload {
  let byteCount: Int
  private let payloadOffset: Int
  /// Where the description itself stands.
  private let offset: Int

  init(decoding reader: inout ByteReader, _ field: StaticString) throws(DecodeError) {
    offset = reader.offset
    byteCount = Int(try reader.uint16LittleEndian(field))
    try reader.skip(2, field)
    payloadOffset = Int(try reader.uint32LittleEndian(field))
  }

  /// A reader over the octets.
  ///
  /// - Throws: ``DecodeError`` where they are not inside the message.
  func reader(in message: ByteReader, _ field: StaticString) throws(DecodeError) -> ByteReader {
    guard byteCount != 0 else { return ByteReader([], layer: .ntlm) }
    guard payloadOffset <= message.bytes.count, byteCount <= message.bytes.count - payloadOffset
    else {
      throw message.invalid(
        field,
        at: offset,
        expected: "octets inside the message's \(message.bytes.count)",
        found: "\(byteCount) at \(payloadOffset)"
      )
    }
    var reader = ByteReader(
      message.bytes[(message.bytes.startIndex + payloadOffset)...],
      layer: .ntlm
    )
    return try reader.subReader(byteCount, field)
  }

  /// The octets as text; `nil` where there are none.
  func text(
    in message: ByteReader,
    isUnicode: Bool,
    _ field: StaticString
  ) throws(DecodeError) -> String? {
    guard byteCount != 0 else { return nil }
    var reader = try reader(in: message, field)
    if isUnicode { return try reader.utf16(byteCount, field) }
    // The OEM character set is not told; ASCII is part of every one.
    return String(decoding: try reader.bytes(byteCount, field), as: UTF8.self)
  }

  /// Notes the octets as secret, for dumps.
  func skipSecret(in message: ByteReader, _ field: StaticString) throws(DecodeError) {
    var reader = try reader(in: message, field)
    try reader.skipSecret(byteCount, field)
  }
}
