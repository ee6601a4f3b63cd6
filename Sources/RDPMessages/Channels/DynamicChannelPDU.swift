package import Wire

/// A message of the channel `drdynvc`, which multiplexes dynamic channels.
///
/// First octet: cbId in the low two bits (octets of ChannelId: 1, 2 or 4), Sp or Pri or Len in the
/// next two, Cmd in the high four. [MS-RDPEDYC] 2.2
package enum DynamicChannelPDU: WireDecodable, Hashable {
  /// 2.2.1.1
  case capabilities(version: UInt16)
  /// 2.2.2.1
  case createRequest(id: UInt32, name: String)
  /// An HRESULT; 0 or more is success. 2.2.2.2
  case createResponse(id: UInt32, status: UInt32)
  /// 2.2.4
  case close(id: UInt32)
  /// Data, whole or in parts, compressed or not, with its octets.
  case data(id: UInt32, byteCount: Int)
  /// 2.2.5
  case softSync(isResponse: Bool)

  /// Octets of a channel's name: its terminator may be missing.
  package static let maximumNameByteCount = 1024

  /// Decodes a whole message.
  ///
  /// - Throws: ``DecodeError`` if it breaks off, or is of an unknown kind.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    let start = reader.offset
    let first = try reader.uint8("cbId, Sp and Cmd")
    switch first >> 4 {
    case 1:
      let id = try reader.dynamicChannelID(first)
      // The client answers with a status, the server asks with a name: whoever asks has text.
      self = .createRequest(id: id, name: try reader.channelName())
    case 2, 3, 6, 7:
      let id = try reader.dynamicChannelID(first)
      self = .data(id: id, byteCount: reader.remainingCount)
    case 4: self = .close(id: try reader.dynamicChannelID(first))
    case 5:
      try reader.skip(1, "Pad")
      self = .capabilities(version: try reader.uint16LittleEndian("Version"))
    case 8, 9: self = .softSync(isResponse: first >> 4 == 9)
    default:
      throw reader.invalid("Cmd", at: start, expected: "1 to 9", found: first >> 4)
    }
  }

  /// Decodes a message of a client, whose create is an answer.
  ///
  /// - Throws: ``DecodeError`` as for one of a server.
  package init(fromClient reader: inout ByteReader) throws(DecodeError) {
    guard let first = reader.remaining.first, first >> 4 == 1 else {
      try self.init(decoding: &reader)
      return
    }
    try reader.skip(1, "cbId, Sp and Cmd")
    let id = try reader.dynamicChannelID(first)
    self = .createResponse(id: id, status: try reader.uint32LittleEndian("CreationStatus"))
  }
}

extension ByteReader {
  fileprivate mutating func dynamicChannelID(_ first: UInt8) throws(DecodeError) -> UInt32 {
    switch first & 3 {
    case 0: UInt32(try uint8("ChannelId"))
    case 1: UInt32(try uint16LittleEndian("ChannelId"))
    case 2: try uint32LittleEndian("ChannelId")
    default:
      throw invalid("cbId", at: offset - 1, expected: "0 to 2", found: first & 3)
    }
  }

  fileprivate mutating func channelName() throws(DecodeError) -> String {
    let count = min(remainingCount, DynamicChannelPDU.maximumNameByteCount)
    return try text(count, isUnicode: false, "ChannelName")
  }
}
