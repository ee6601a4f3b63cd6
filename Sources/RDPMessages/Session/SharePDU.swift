package import Wire

/// A slow-path PDU of the session.
///
/// Layout, little-endian: Share Control Header 6 (totalLength 2, pduType 2, pduSource 2), and in a
/// data PDU the Share Data Header 12 (shareId 4, pad 1, streamId 1, uncompressedLength 2,
/// pduType2 1, compressedType 1, compressedLength 2). [MS-RDPBCGR] 2.2.8.1.1.1
package enum SharePDU: Hashable, Sendable {
  /// `nil` where the sets are missing or could not be read.
  case demandActive(CapabilityExchange?)
  /// `nil` where the sets are missing or could not be read.
  case confirmActive(CapabilityExchange?)
  case deactivateAll
  /// `nil` where its fields are missing or could not be read.
  case serverRedirection(ServerRedirection?)
  case setErrorInfo(ErrorInfo)
  case fontMap
  /// `nil` where its fields are missing or could not be read.
  case saveSessionInfo(SaveSessionInfo?)
  case shutdownRequest
  case shutdownDenied
  /// An automatic reconnection failed. [MS-RDPBCGR] 2.2.4.1
  case autoReconnectStatus(status: UInt32)
  /// What the broker is doing. [MS-RDPBCGR] 2.2.5.2
  case statusInfo(StatusInfo)
  /// Another data PDU, or one whose contents are compressed.
  case data(type: DataPDUType)

  /// Decodes what an MCS Send Data PDU carries.
  ///
  /// - Parameters:
  ///   - reader: At the Share Control Header; the PDU's bulk may be missing.
  ///   - byteCount: Octets of the whole PDU, which its totalLength must equal.
  ///   - problems: Receives what is wrong after the headers.
  /// - Throws: ``DecodeError`` where the octets are no such PDU or break off in its headers.
  package init(
    decoding reader: inout ByteReader,
    byteCount: Int,
    problems: inout [DecodeError]
  ) throws(DecodeError) {
    let start = reader.offset
    let isWhole = byteCount <= reader.remainingCount
    let totalLength = try reader.uint16LittleEndian("totalLength")
    guard Int(totalLength) == byteCount else {
      throw reader.invalid("totalLength", at: start, expected: "\(byteCount)", found: totalLength)
    }
    let typeOffset = reader.offset
    let type = try reader.uint16LittleEndian("pduType")
    switch type & 0x0F {
    case 1, 3:
      let isConfirm = type & 0x0F == 3
      let exchange = Self.contents(&reader, isWhole, &problems) { reader throws(DecodeError) in
        try reader.skip(2, "pduSource")
        return try CapabilityExchange(decoding: &reader, isConfirm: isConfirm)
      }
      if let problem = exchange?.problem { problems.append(problem) }
      self = isConfirm ? .confirmActive(exchange) : .demandActive(exchange)
    case 6: self = .deactivateAll
    case 7:
      try reader.skip(2, "pduSource")
      self = try Self.data(&reader, isWhole, &problems)
    case 10:
      self = .serverRedirection(
        Self.contents(&reader, isWhole, &problems) { reader throws(DecodeError) in
          try reader.skip(4, "pduSource and pad")
          return try ServerRedirection(decoding: &reader)
        }
      )
    default:
      throw reader.invalid("pduType", at: typeOffset, expected: "1, 3, 6, 7 or 10", found: type)
    }
  }

  /// Whether a TPKT, of which the beginning is here, carries a PDU whose contents are read.
  package static func isWords(tpkt bytes: ArraySlice<UInt8>) -> Bool {
    guard bytes.first == 3, case .data(let userData) = try? X224TPDU(tpkt: bytes),
      case .sendData(_, let byteCount, let data) = try? MCSPDU(userData)
    else { return false }
    var reader = ByteReader(data, layer: .rdp)
    guard begins(reader, byteCount: byteCount), (try? reader.skip(2, "totalLength")) != nil,
      let type = try? reader.uint16LittleEndian("pduType")
    else { return false }
    guard type & 0x0F == 7 else { return true }
    guard (try? reader.skip(10, "pduSource to uncompressedLength")) != nil,
      let type2 = try? reader.uint8("pduType2")
    else { return false }
    return DataPDUType(rawValue: type2).isWords
  }

  /// Whether the octets begin with a Share Control Header of so long a PDU, and not with a security
  /// header: those in the clear have other types.
  static func begins(_ reader: ByteReader, byteCount: Int) -> Bool {
    var reader = ByteReader(reader.remaining, layer: .rdp)
    guard let length = try? reader.uint16LittleEndian("totalLength"), Int(length) == byteCount,
      let type = try? reader.uint16LittleEndian("pduType")
    else { return false }
    return [1, 3, 6, 7, 10].contains(type & 0x0F)
  }

  private static func data(
    _ reader: inout ByteReader,
    _ isWhole: Bool,
    _ problems: inout [DecodeError]
  ) throws(DecodeError) -> SharePDU {
    try reader.skip(8, "shareId to uncompressedLength")
    let type = DataPDUType(rawValue: try reader.uint8("pduType2"))
    let isCompressed = try reader.uint8("compressedType") & 0x20 != 0
    try reader.skip(2, "compressedLength")
    guard !isCompressed else { return .data(type: type) }
    switch type {
    case .shutdownRequest: return .shutdownRequest
    case .shutdownDenied: return .shutdownDenied
    case .fontMap: return .fontMap
    case .saveSessionInfo:
      return .saveSessionInfo(
        contents(&reader, isWhole, &problems) { reader throws(DecodeError) in
          try SaveSessionInfo(decoding: &reader)
        }
      )
    case .setErrorInfo:
      return .setErrorInfo(ErrorInfo(rawValue: try reader.uint32LittleEndian("errorInfo")))
    case .autoReconnectStatus:
      return .autoReconnectStatus(status: try reader.uint32LittleEndian("arcStatus"))
    case .statusInfo:
      return .statusInfo(StatusInfo(rawValue: try reader.uint32LittleEndian("statusCode")))
    default: return .data(type: type)
    }
  }

  /// Decodes contents that are all here; what is wrong with them leaves the PDU what it is.
  private static func contents<Contents>(
    _ reader: inout ByteReader,
    _ isWhole: Bool,
    _ problems: inout [DecodeError],
    decode: (inout ByteReader) throws(DecodeError) -> Contents
  ) -> Contents? {
    guard isWhole else { return nil }
    do throws(DecodeError) {
      return try decode(&reader)
    } catch {
      problems.append(error)
      return nil
    }
  }
}
