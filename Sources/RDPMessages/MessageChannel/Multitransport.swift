package import Wire

/// Initiate Multitransport Request: the server asks for a UDP connection beside this one; its
/// cookie is passed over.
///
/// Layout, little-endian: requestId 4, requestedProtocol 2, reserved 2, securityCookie 16.
/// [MS-RDPBCGR] 2.2.15.1
package struct MultitransportRequest: WireDecodable, Hashable {
  package let requestID: UInt32
  /// 1 for reliable, 2 for lossy transport.
  package let requestedProtocol: UInt16

  /// Decodes what follows the security header.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    requestID = try reader.uint32LittleEndian("requestId")
    requestedProtocol = try reader.uint16LittleEndian("requestedProtocol")
    try reader.skip(2, "reserved")
    try reader.skipSecret(16, "securityCookie")
  }

  /// The transport in a word.
  package var name: String {
    switch requestedProtocol {
    case 1: "reliable"
    case 2: "lossy"
    default: "\(requestedProtocol)"
    }
  }
}

/// Multitransport Response: whether the UDP connection stands.
///
/// Layout, little-endian: requestId 4, hrResponse 4. [MS-RDPBCGR] 2.2.15.2
package struct MultitransportResponse: WireDecodable, Hashable {
  package let requestID: UInt32
  /// An HRESULT; 0 for success.
  package let result: UInt32

  /// Decodes what follows the security header.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    requestID = try reader.uint32LittleEndian("requestId")
    result = try reader.uint32LittleEndian("hrResponse")
  }

  /// The result's name, or the number in hexadecimal.
  package var name: String {
    switch result {
    case 0: "S_OK"
    case 0x8000_4004: "E_ABORT"
    default: "0x" + String(result, radix: 16, uppercase: true)
    }
  }
}
