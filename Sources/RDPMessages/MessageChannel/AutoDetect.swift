package import Wire

/// A message of the network auto-detection: a round trip, or a measured bandwidth.
///
/// Layout, little-endian: headerLength 1, headerTypeId 1, sequenceNumber 2, requestType or
/// responseType 2, and what the type says. [MS-RDPBCGR] 2.2.14.1, 2.2.14.2
package enum AutoDetect: WireDecodable, Hashable {
  /// 2.2.14.1.1
  case roundTripRequest(sequence: UInt16)
  /// 2.2.14.2.1
  case roundTripResponse(sequence: UInt16)
  /// What the server measured. Milliseconds, kilobits a second. 2.2.14.1.5
  case result(baseRoundTrip: UInt32?, bandwidth: UInt32?, averageRoundTrip: UInt32?)
  /// Milliseconds and octets of a bandwidth's measuring. 2.2.14.2.2
  case bandwidthResults(milliseconds: UInt32, byteCount: UInt32)
  /// Another step of measuring.
  case other(isRequest: Bool, type: UInt16)

  /// Decodes what follows the security header.
  ///
  /// - Throws: ``DecodeError`` if it breaks off, or is neither request nor response.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    try reader.skip(1, "headerLength")
    let typeOffset = reader.offset
    let headerType = try reader.uint8("headerTypeId")
    let sequence = try reader.uint16LittleEndian("sequenceNumber")
    let type = try reader.uint16LittleEndian("requestType")
    switch (headerType, type) {
    case (0, 0x0001), (0, 0x1001): self = .roundTripRequest(sequence: sequence)
    case (0, 0x0840):
      let base = try reader.uint32LittleEndian("baseRTT")
      let average = try reader.uint32LittleEndian("averageRTT")
      self = .result(baseRoundTrip: base, bandwidth: nil, averageRoundTrip: average)
    case (0, 0x0880):
      let bandwidth = try reader.uint32LittleEndian("bandwidth")
      let average = try reader.uint32LittleEndian("averageRTT")
      self = .result(baseRoundTrip: nil, bandwidth: bandwidth, averageRoundTrip: average)
    case (0, 0x08C0):
      let base = try reader.uint32LittleEndian("baseRTT")
      let bandwidth = try reader.uint32LittleEndian("bandwidth")
      let average = try reader.uint32LittleEndian("averageRTT")
      self = .result(baseRoundTrip: base, bandwidth: bandwidth, averageRoundTrip: average)
    case (1, 0x0000): self = .roundTripResponse(sequence: sequence)
    case (1, 0x0003), (1, 0x000B):
      let milliseconds = try reader.uint32LittleEndian("timeDelta")
      let byteCount = try reader.uint32LittleEndian("byteCount")
      self = .bandwidthResults(milliseconds: milliseconds, byteCount: byteCount)
    case (0, _), (1, _): self = .other(isRequest: headerType == 0, type: type)
    default:
      throw reader.invalid("headerTypeId", at: typeOffset, expected: "0 or 1", found: headerType)
    }
  }
}
