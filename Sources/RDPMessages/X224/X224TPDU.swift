package import Wire

/// An X.224 class 0 TPDU, as carried in a TPKT. ITU-T X.224 §13
package enum X224TPDU: Hashable, Sendable {
  case connectionRequest(X224ConnectionRequest)
  case connectionConfirm(X224ConnectionConfirm)
  case disconnectRequest(X224DisconnectRequest)
  /// A data TPDU; `userData` follows its three-octet header.
  case data(userData: ArraySlice<UInt8>)
  case error(X224ErrorTPDU)

  /// The code that tells TPDUs apart: the high four bits of their second octet.
  package static let connectionRequestCode: UInt8 = 0xE0

  /// Decodes the TPDU in a whole TPKT.
  ///
  /// - Parameter tpkt: The TPKT, header included.
  /// - Throws: ``DecodeError`` for an unknown TPDU or one that breaks off.
  package init(tpkt: ArraySlice<UInt8>) throws(DecodeError) {
    var reader = ByteReader(tpkt, layer: .x224, boundedBy: .lengthField(.tpkt))
    try reader.skip(RDPFraming.tpktHeaderByteCount, "TPKT header")
    let lengthOffset = reader.offset
    let length = Int(try reader.uint8("LI"))
    guard length <= reader.remainingCount else {
      throw reader.invalid(
        "LI",
        at: lengthOffset,
        expected: "at most \(reader.remainingCount)",
        found: length
      )
    }
    var header = try reader.subReader(length, "header")
    let codeOffset = header.offset
    let code = try header.uint8("code")
    switch code & 0xF0 {
    case 0xE0: self = .connectionRequest(try X224ConnectionRequest(decoding: &header))
    case 0xD0: self = .connectionConfirm(try X224ConnectionConfirm(decoding: &header))
    case 0x80: self = .disconnectRequest(try X224DisconnectRequest(decoding: &header))
    case 0xF0: self = .data(userData: reader.remaining)
    case 0x70: self = .error(try X224ErrorTPDU(decoding: &header))
    default:
      throw header.invalid(
        "code",
        at: codeOffset,
        expected: "CR, CC, DR, DT or ER",
        found: "0x" + String(code, radix: 16)
      )
    }
  }
}

/// X.224 Disconnect Request (DR). ITU-T X.224 §13.5
///
/// Layout after the code: DST-REF 2, SRC-REF 2, reason 1.
package struct X224DisconnectRequest: WireDecodable, Hashable {
  /// Why, as X.224 numbers it; 0 is "not specified".
  package let reason: UInt8

  /// Decodes the fields after the code.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    try reader.skip(4, "DST-REF and SRC-REF")
    reason = try reader.uint8("reason")
  }
}

/// X.224 Error (ER). ITU-T X.224 §13.12
///
/// Layout after the code: DST-REF 2, reject cause 1.
package struct X224ErrorTPDU: WireDecodable, Hashable {
  /// Why a TPDU was rejected: 0 not specified, 1 invalid parameter code, 2 invalid TPDU type,
  /// 3 invalid parameter value.
  package let rejectCause: UInt8

  /// Decodes the fields after the code.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    try reader.skip(2, "DST-REF")
    rejectCause = try reader.uint8("reject cause")
  }
}
