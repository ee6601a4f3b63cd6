package import Wire

/// A PDU of the multitransport tunnel, inside of TLS or DTLS over RDP-UDP.
///
/// Layout, little-endian: Action 4 bits, Flags 4 bits, PayloadLength 2, HeaderLength 1 (all of
/// these and the sub-headers), sub-headers, payload. [MS-RDPEMT] 2.2.1.1
package enum TunnelPDU: WireDecodable, Hashable {
  /// RDP_TUNNEL_CREATEREQUEST: the request that the server made over TCP is followed.
  ///
  /// Its cookie is a secret and not kept. [MS-RDPEMT] 2.2.2.1
  case createRequest(requestID: UInt32)
  /// RDP_TUNNEL_CREATERESPONSE: an HRESULT, 0 for a tunnel that stands. [MS-RDPEMT] 2.2.2.2
  case createResponse(result: UInt32)
  /// RDP_TUNNEL_DATA, with the length of its contents. [MS-RDPEMT] 2.2.2.3
  case data(byteCount: Int)

  /// Octets of the header without sub-headers.
  package static let headerByteCount = 4

  /// Decodes one PDU.
  ///
  /// - Parameter reader: Positioned at `Action`.
  /// - Throws: ``DecodeError`` where it is cut, or for an action that is none.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    let start = reader.offset
    let action = try reader.uint8("Action") & 0x0F
    let payloadLength = Int(try reader.uint16LittleEndian("PayloadLength"))
    let headerLength = Int(try reader.uint8("HeaderLength"))
    guard Self.headerByteCount <= headerLength else {
      throw reader.invalid(
        "HeaderLength",
        at: start + 3,
        expected: "4 or more",
        found: headerLength
      )
    }
    try reader.skip(headerLength - Self.headerByteCount, "SubHeaders")
    var payload = try reader.subReader(payloadLength, "payload")
    switch action {
    case 0:
      let requestID = try payload.uint32LittleEndian("RequestID")
      try payload.skip(4, "Reserved")
      try payload.skip(16, "SecurityCookie")
      self = .createRequest(requestID: requestID)
    case 1: self = .createResponse(result: try payload.uint32LittleEndian("HrResponse"))
    case 2: self = .data(byteCount: payloadLength)
    default:
      throw reader.invalid("Action", at: start, expected: "0 to 2", found: action)
    }
  }
}
