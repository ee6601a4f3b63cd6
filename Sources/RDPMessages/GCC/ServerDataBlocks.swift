package import Wire

/// The settings that a server sends in its Connect Response. [MS-RDPBCGR] 2.2.1.4
///
/// Each block begins with type 2 and length 2, little-endian, header included.
package struct ServerDataBlocks: Hashable, Sendable {
  package private(set) var core: ServerCoreData?
  package private(set) var security: ServerSecurityData?
  package private(set) var network: ServerNetworkData?
  /// The message channel's id (SC_MCS_MSGCHANNEL). [MS-RDPBCGR] 2.2.1.4.5
  package private(set) var messageChannelID: UInt16?
  package private(set) var multitransport: MultitransportFlags?
  /// The types of all blocks, in order; unknown ones among them.
  package private(set) var types: [UInt16] = []
  /// Blocks that could not be decoded; the others stand.
  package private(set) var problems: [DecodeError] = []

  /// Decodes the blocks to the end.
  init(decoding reader: inout ByteReader) {
    var found: [DecodeError] = []
    reader.forEachBlock(limit: ClientDataBlocks.maximumCount, problems: &found) {
      (type, body) throws(DecodeError) in
      types.append(type)
      try take(type, &body)
    }
    problems = found
  }

  private mutating func take(_ type: UInt16, _ body: inout ByteReader) throws(DecodeError) {
    switch type {
    case 0x0C01: core = try ServerCoreData(decoding: &body)
    case 0x0C02: security = try ServerSecurityData(decoding: &body)
    case 0x0C03: network = try ServerNetworkData(decoding: &body)
    case 0x0C04: messageChannelID = try body.uint16LittleEndian("MCSChannelID")
    case 0x0C08:
      multitransport = MultitransportFlags(rawValue: try body.uint32LittleEndian("flags"))
    default: break
    }
  }
}

/// Server Core Data (TS_UD_SC_CORE).
///
/// version 4, then clientRequestedProtocols 4 and earlyCapabilityFlags 4, which old servers leave
/// out; little-endian. [MS-RDPBCGR] 2.2.1.4.2
package struct ServerCoreData: WireDecodable, Hashable {
  package let version: RDPVersion
  /// What the server says that the client requested: another value than the client's own shows
  /// somebody between them.
  package let clientRequestedProtocols: SecurityProtocols?
  /// What the server can do from the beginning; empty where it is too old to say.
  package let earlyCapabilities: EarlyCapabilities

  /// Flags of the server's early capabilities; unknown bits are kept.
  package struct EarlyCapabilities: OptionSet, Hashable, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// The flags by name, in the specification's spelling.
    package var names: [String] {
      let known: [(UInt32, String)] = [
        (0x1, "EDGE_ACTIONS_SUPPORTED_V1"), (0x2, "DYNAMIC_DST_SUPPORTED"),
        (0x4, "EDGE_ACTIONS_SUPPORTED_V2"), (0x8, "SKIP_CHANNELJOIN_SUPPORTED"),
      ]
      return known.filter { rawValue & $0.0 != 0 }.map { "RNS_UD_SC_" + $0.1 }
    }
  }

  /// Decodes the block's contents.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    version = RDPVersion(rawValue: try reader.uint32LittleEndian("version"))
    clientRequestedProtocols = try reader.optional32("clientRequestedProtocols").map {
      SecurityProtocols(rawValue: $0)
    }
    earlyCapabilities = EarlyCapabilities(
      rawValue: try reader.optional32("earlyCapabilityFlags") ?? 0
    )
  }
}

/// Server Security Data (TS_UD_SC_SEC1): the encryption chosen, and what keys are made from.
///
/// encryptionMethod 4, encryptionLevel 4, then unless both are 0 serverRandomLen 4,
/// serverCertLen 4, serverRandom, serverCertificate; little-endian. [MS-RDPBCGR] 2.2.1.4.3
package struct ServerSecurityData: WireDecodable, Hashable {
  package let method: EncryptionMethods
  package let level: EncryptionLevel
  /// 32 octets; empty without encryption.
  package let random: [UInt8]
  /// The server's key; `nil` without encryption.
  package let certificate: ServerCertificate?

  /// Decodes the block's contents.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    method = EncryptionMethods(rawValue: try reader.uint32LittleEndian("encryptionMethod"))
    level = EncryptionLevel(rawValue: try reader.uint32LittleEndian("encryptionLevel"))
    guard !reader.isAtEnd else {
      random = []
      certificate = nil
      return
    }
    let randomByteCount = Int(try reader.uint32LittleEndian("serverRandomLen"))
    let certificateByteCount = Int(try reader.uint32LittleEndian("serverCertLen"))
    random = Array(try reader.bytes(randomByteCount, "serverRandom"))
    var body = try reader.subReader(certificateByteCount, "serverCertificate")
    certificate = body.isAtEnd ? nil : try ServerCertificate(decoding: &body)
  }
}

/// Server Network Data (TS_UD_SC_NET): the ids of the channels that the client asked for.
///
/// MCSChannelId 2, channelCount 2, then the ids in the client's order, 2 each; little-endian.
/// [MS-RDPBCGR] 2.2.1.4.4
package struct ServerNetworkData: WireDecodable, Hashable {
  /// The I/O channel, which carries the session.
  package let ioChannelID: UInt16
  /// The static virtual channels; 0 where the server has none of that name.
  package let channelIDs: [UInt16]

  /// Decodes the block's contents.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    ioChannelID = try reader.uint16LittleEndian("MCSChannelId")
    let start = reader.offset
    let count = Int(try reader.uint16LittleEndian("channelCount"))
    guard count <= ClientNetworkData.maximumCount else {
      throw reader.limitExceeded(
        "channelCount",
        at: start,
        limit: ClientNetworkData.maximumCount,
        found: count
      )
    }
    var ids: [UInt16] = []
    for _ in 0..<count { ids.append(try reader.uint16LittleEndian("channelIdArray")) }
    channelIDs = ids
  }
}
