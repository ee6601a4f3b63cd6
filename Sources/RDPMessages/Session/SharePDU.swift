package import Wire

/// A slow-path PDU of the session, as far as its headers tell.
///
/// Layout, little-endian: Share Control Header 6 (totalLength 2, pduType 2, pduSource 2), and in a
/// data PDU the Share Data Header 12 (shareId 4, pad 1, streamId 1, uncompressedLength 2,
/// pduType2 1, compressedType 1, compressedLength 2). [MS-RDPBCGR] 2.2.8.1.1.1
package enum SharePDU: Hashable, Sendable {
  case demandActive
  case confirmActive
  case deactivateAll
  case serverRedirection
  case setErrorInfo(ErrorInfo)
  case fontMap
  case saveSessionInfo
  case shutdownRequest
  case shutdownDenied
  /// Another data PDU.
  case data(type: UInt8)

  /// Decodes the headers of what an MCS Send Data PDU carries.
  ///
  /// - Parameters:
  ///   - reader: At the Share Control Header; the PDU's bulk may be missing.
  ///   - byteCount: Octets of the whole PDU, which its totalLength must equal.
  /// - Throws: ``DecodeError`` where the octets are no such PDU or break off in its headers.
  package init(decoding reader: inout ByteReader, byteCount: Int) throws(DecodeError) {
    let start = reader.offset
    let totalLength = try reader.uint16LittleEndian("totalLength")
    guard Int(totalLength) == byteCount else {
      throw reader.invalid("totalLength", at: start, expected: "\(byteCount)", found: totalLength)
    }
    let typeOffset = reader.offset
    let type = try reader.uint16LittleEndian("pduType")
    switch type & 0x0F {
    case 1: self = .demandActive
    case 3: self = .confirmActive
    case 6: self = .deactivateAll
    case 7:
      try reader.skip(2, "pduSource")
      self = try Self.data(&reader)
    case 10: self = .serverRedirection
    default:
      throw reader.invalid("pduType", at: typeOffset, expected: "1, 3, 6, 7 or 10", found: type)
    }
  }

  private static func data(_ reader: inout ByteReader) throws(DecodeError) -> SharePDU {
    try reader.skip(8, "shareId to uncompressedLength")
    let type = try reader.uint8("pduType2")
    try reader.skip(3, "compressedType and compressedLength")
    switch type {
    case 36: return .shutdownRequest
    case 37: return .shutdownDenied
    case 38: return .saveSessionInfo
    case 40: return .fontMap
    case 47: return .setErrorInfo(ErrorInfo(rawValue: try reader.uint32LittleEndian("errorInfo")))
    default: return .data(type: type)
    }
  }
}
