package import Wire

/// Which MCS PDU a data TPDU carries, with the fields that tell how far a connection is.
///
/// Connect PDUs are BER (T.125 §7, application tags 101 and 102), domain PDUs aligned PER with the
/// choice in the high six bits of the first octet.
package enum MCSPDU: Hashable, Sendable {
  /// The whole PDU, for ``MCSConnectInitial``.
  case connectInitial(ArraySlice<UInt8>)
  /// The whole PDU, for ``MCSConnectResponse``.
  case connectResponse(ArraySlice<UInt8>)
  case erectDomainRequest
  case attachUserRequest
  /// `userID` names the client from here on; `nil` when it is refused.
  case attachUserConfirm(result: MCSResult, userID: UInt16?)
  case channelJoinRequest(channelID: UInt16)
  /// `channelID` is the one that was asked for.
  case channelJoinConfirm(result: MCSResult, channelID: UInt16)
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
      case 101: self = .connectInitial(bytes)
      case 102: self = .connectResponse(bytes)
      default:
        throw reader.invalid("application tag", at: tagOffset, expected: "101 or 102", found: tag)
      }
      return
    }
    switch first >> 2 {
    case 1: self = .erectDomainRequest
    case 8: self = .disconnectProviderUltimatum(try reader.disconnectReason(first: first))
    case 10: self = .attachUserRequest
    case 11: self = try reader.attachUserConfirm(first: first)
    case 14:
      try reader.skip(2, "initiator")
      self = .channelJoinRequest(channelID: try reader.uint16BigEndian("channelId"))
    case 15: self = try reader.channelJoinConfirm(first: first)
    case 25, 26: self = try reader.sendData()
    default: self = .other(choice: first >> 2)
    }
  }
}

extension MCSPDU {
  /// The name of a domain PDU by its choice; `nil` beyond the last. T.125 §7
  package static func name(ofChoice choice: UInt8) -> String? {
    choices.indices.contains(Int(choice)) ? choices[Int(choice)] : nil
  }

  private static let choices = [
    "Plumb Domain Indication", "Erect Domain Request", "Merge Channels Request",
    "Merge Channels Confirm", "Purge Channels Indication", "Merge Tokens Request",
    "Merge Tokens Confirm", "Purge Tokens Indication", "Disconnect Provider Ultimatum",
    "Reject MCSPDU Ultimatum", "Attach User Request", "Attach User Confirm", "Detach User Request",
    "Detach User Indication", "Channel Join Request", "Channel Join Confirm",
    "Channel Leave Request", "Channel Convene Request", "Channel Convene Confirm",
    "Channel Disband Request", "Channel Disband Indication", "Channel Admit Request",
    "Channel Admit Indication", "Channel Expel Request", "Channel Expel Indication",
    "Send Data Request", "Send Data Indication", "Uniform Send Data Request",
    "Uniform Send Data Indication", "Token Grab Request", "Token Grab Confirm",
    "Token Inhibit Request", "Token Inhibit Confirm", "Token Give Request",
    "Token Give Indication", "Token Give Response", "Token Give Confirm", "Token Please Request",
    "Token Please Indication", "Token Release Request", "Token Release Confirm",
    "Token Test Request", "Token Test Confirm",
  ]
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
  private mutating func perResult(first: UInt8) throws(DecodeError) -> MCSResult {
    MCSResult(rawValue: (first & 1) << 3 | (try uint8("result")) >> 5)
  }

  fileprivate mutating func attachUserConfirm(first: UInt8) throws(DecodeError) -> MCSPDU {
    let result = try perResult(first: first)
    guard first & 2 != 0 else { return .attachUserConfirm(result: result, userID: nil) }
    return .attachUserConfirm(result: result, userID: try userID())
  }

  fileprivate mutating func channelJoinConfirm(first: UInt8) throws(DecodeError) -> MCSPDU {
    let result = try perResult(first: first)
    try skip(2, "initiator")
    return .channelJoinConfirm(result: result, channelID: try uint16BigEndian("requested"))
  }

  /// User ids are counted from 1001, the first dynamic channel (T.125 §7, UserId).
  private mutating func userID() throws(DecodeError) -> UInt16 {
    let start = offset
    let id = try uint16BigEndian("initiator")
    let (sum, overflow) = id.addingReportingOverflow(1001)
    guard !overflow else {
      throw invalid("initiator", at: start, expected: "at most 64534", found: id)
    }
    return sum
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
