package import Wire

/// The settings that a client sends in its Connect Initial. [MS-RDPBCGR] 2.2.1.3
///
/// Each block begins with type 2 and length 2, little-endian, header included.
package struct ClientDataBlocks: Hashable, Sendable {
  /// Blocks taken from one PDU: the specification has nine.
  package static let maximumCount = 32

  package var core: ClientCoreData?
  package private(set) var security: ClientSecurityData?
  package var network: ClientNetworkData?
  package private(set) var cluster: ClientClusterData?
  package private(set) var monitors: ClientMonitorData?
  package private(set) var monitorAttributes: ClientMonitorExtendedData?
  /// CS_MCS_MSGCHANNEL's flags, which are all reserved. [MS-RDPBCGR] 2.2.1.3.7
  package private(set) var messageChannelFlags: UInt32?
  package private(set) var multitransport: MultitransportFlags?
  /// The types of all blocks, in order; unknown ones among them.
  package private(set) var types: [UInt16] = []
  /// Blocks that could not be decoded; the others stand.
  package private(set) var problems: [DecodeError] = []

  /// Decodes the blocks to the end.
  init(decoding reader: inout ByteReader) {
    var found: [DecodeError] = []
    reader.forEachBlock(limit: Self.maximumCount, problems: &found) {
      (type, body) throws(DecodeError) in
      types.append(type)
      try take(type, &body)
    }
    problems = found
  }

  private mutating func take(_ type: UInt16, _ body: inout ByteReader) throws(DecodeError) {
    switch type {
    case 0xC001: core = try ClientCoreData(decoding: &body)
    case 0xC002: security = try ClientSecurityData(decoding: &body)
    case 0xC003: network = try ClientNetworkData(decoding: &body)
    case 0xC004: cluster = try ClientClusterData(decoding: &body)
    case 0xC005: monitors = try ClientMonitorData(decoding: &body)
    case 0xC006: messageChannelFlags = try body.uint32LittleEndian("flags")
    case 0xC008: monitorAttributes = try ClientMonitorExtendedData(decoding: &body)
    case 0xC00A:
      multitransport = MultitransportFlags(rawValue: try body.uint32LittleEndian("flags"))
    default: break
    }
  }
}

extension ByteReader {
  /// Hands each block's contents over; one that cannot be decoded becomes a problem, and a broken
  /// header ends the list.
  mutating func forEachBlock(
    limit: Int,
    problems: inout [DecodeError],
    _ take: (UInt16, inout ByteReader) throws(DecodeError) -> Void
  ) {
    var count = 0
    do throws(DecodeError) {
      while !isAtEnd {
        count += 1
        guard count <= limit else {
          throw limitExceeded("data blocks", at: offset, limit: limit, found: count)
        }
        let type = try uint16LittleEndian("type")
        let lengthOffset = offset
        let length = Int(try uint16LittleEndian("length"))
        guard 4 <= length else {
          throw invalid("length", at: lengthOffset, expected: "at least 4", found: length)
        }
        var body = try subReader(length - 4, "data block")
        do throws(DecodeError) {
          try take(type, &body)
        } catch {
          problems.append(error)
        }
      }
    } catch {
      problems.append(error)
    }
  }
}

/// Which UDP transports a side knows (TS_UD_CS_MULTITRANSPORT, TS_UD_SC_MULTITRANSPORT); unknown
/// bits are kept. [MS-RDPBCGR] 2.2.1.3.8, 2.2.1.4.6
package struct MultitransportFlags: OptionSet, Hashable, Sendable {
  package let rawValue: UInt32

  package init(rawValue: UInt32) { self.rawValue = rawValue }

  package static let udpFECReliable = Self(rawValue: 0x01)
  package static let udpFECLossy = Self(rawValue: 0x04)
  package static let udpPreferred = Self(rawValue: 0x100)
  package static let softSyncTCPToUDP = Self(rawValue: 0x200)

  /// The flags by name, in the specification's spelling.
  package var names: [String] {
    let known: [(Self, String)] = [
      (.udpFECReliable, "TRANSPORTTYPE_UDPFECR"), (.udpFECLossy, "TRANSPORTTYPE_UDPFECL"),
      (.udpPreferred, "TRANSPORTTYPE_UDP_PREFERRED"),
      (.softSyncTCPToUDP, "SOFTSYNC_TCP_TO_UDP"),
    ]
    return known.filter { contains($0.0) }.map(\.1)
  }
}
