package import Wire

/// Which MCS PDU a data TPDU carries, with the fields that tell how far a connection is.
///
/// Connect PDUs are BER (T.125 §7, application tags 101 and 102), domain PDUs aligned PER with the
/// choice in the high six bits of the first octet.
package enum MCSPDU: Hashable, Sendable {
  case connectInitial
  case connectResponse
  case erectDomainRequest
  case attachUserRequest
  /// `result` 0 is success (T.125 §7, Result).
  case attachUserConfirm(result: UInt8)
  case channelJoinRequest
  case channelJoinConfirm(result: UInt8)
  /// Send Data Request (client) or Indication (server); of bulk only the beginning of its `byteCount`
  /// octets may be here.
  case sendData(channelID: UInt16, byteCount: Int, userData: ArraySlice<UInt8>)
  case disconnectProviderUltimatum(DisconnectReason)
  case other(choice: UInt8)

  /// Decodes the PDU.
  ///
  /// - Parameter bytes: The user data of an X.224 data TPDU.
  /// - Throws: ``DecodeError`` for a PDU that breaks off or has an unknown application tag.
  package init(_ bytes: ArraySlice<UInt8>) throws(DecodeError) {
    var reader = ByteReader(bytes, layer: .mcs, boundedBy: .lengthField(.tpkt))
    let first = try reader.uint8("DomainMCSPDU")
    if first == 0x7F {
      let tagOffset = reader.offset
      let tag = try reader.uint8("application tag")
      switch tag {
      case 101: self = .connectInitial
      case 102: self = .connectResponse
      default:
        throw reader.invalid("application tag", at: tagOffset, expected: "101 or 102", found: tag)
      }
      return
    }
    switch first >> 2 {
    case 1: self = .erectDomainRequest
    case 8: self = .disconnectProviderUltimatum(try reader.disconnectReason(first: first))
    case 10: self = .attachUserRequest
    case 11: self = .attachUserConfirm(result: try reader.perResult(first: first))
    case 14: self = .channelJoinRequest
    case 15: self = .channelJoinConfirm(result: try reader.perResult(first: first))
    case 25, 26: self = try reader.sendData()
    default: self = .other(choice: first >> 2)
    }
  }
}

/// Why the MCS provider is shut down (Reason). T.125 §7
package struct DisconnectReason: RawRepresentable, Hashable, Sendable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) { self.rawValue = rawValue }

  /// The specification's name.
  package var name: String {
    switch rawValue {
    case 0: "rn-domain-disconnected"
    case 1: "rn-provider-initiated"
    case 2: "rn-token-purged"
    case 3: "rn-user-requested"
    case 4: "rn-channel-purged"
    default: "\(rawValue)"
    }
  }
}

extension ByteReader {
  /// The three bits of the reason straddle the first two octets.
  fileprivate mutating func disconnectReason(first: UInt8) throws(DecodeError) -> DisconnectReason {
    let second = try uint8("reason")
    return DisconnectReason(rawValue: (first & 0b11) << 1 | second >> 7)
  }

  /// The four bits of a Result follow the choice and one bit that says whether an optional field
  /// is present.
  fileprivate mutating func perResult(first: UInt8) throws(DecodeError) -> UInt8 {
    (first & 1) << 3 | (try uint8("result")) >> 5
  }

  fileprivate mutating func sendData() throws(DecodeError) -> MCSPDU {
    try skip(2, "initiator")
    let channelID = try uint16BigEndian("channelId")
    try skip(1, "dataPriority and segmentation")
    // PER length: two octets when the high bit of the first is set (X.691 §10.9).
    let first = try uint8("userData length")
    var byteCount = Int(first)
    if first & 0x80 != 0 {
      byteCount = Int(first & 0x3F) << 8 | Int(try uint8("userData length"))
    }
    return .sendData(channelID: channelID, byteCount: byteCount, userData: remaining)
  }
}
