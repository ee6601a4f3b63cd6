package import Wire

/// An RDP-UDP SYN or SYN+ACK: how a side opens the UDP path.
///
/// Layout, big-endian: snSourceAck 4 (-1 in a SYN), uReceiveWindowSize 2, uFlags 2,
/// snInitialSequenceNumber 4, uUpStreamMtu 2, uDownStreamMtu 2, then as the flags say a correlation
/// id of 32 and extended data of 4 or 36, then zeros up to the MTU. [MS-RDPEUDP] 2.2.2.1, 2.2.2.5,
/// 2.2.2.8, 2.2.2.9
package struct RDPUDPSynchronization: WireDecodable, Hashable {
  /// The sizes that either MTU may have ([MS-RDPEUDP] 3.1.5.1.1); a SYN is filled up to it.
  package static let mtuRange = 1132...1232

  /// The sequence number acknowledged: the SYN's in a SYN+ACK, all ones in a SYN.
  package let acknowledged: UInt32
  /// Datagrams that the sender buffers.
  package let receiveWindow: UInt16
  package let flags: RDPUDPFlags
  package let initialSequence: UInt32
  /// The largest datagram that the sender sends, in octets of UDP payload.
  package let upstreamMTU: UInt16
  /// The largest datagram that the sender takes.
  package let downstreamMTU: UInt16
  /// The id that the TCP connection's negotiation request has, too; hexadecimal.
  package let correlationID: String?
  /// The version offered or chosen; `nil` is the first.
  package let version: RDPUDPVersion?
  /// SHA-256 of the cookie that the server gave over TCP, hexadecimal; only where version 3 is
  /// offered.
  package let cookieHash: String?

  /// Whether this answers a SYN.
  package var isAnswer: Bool { flags.contains(.ack) }

  /// Decodes a whole datagram.
  ///
  /// - Parameter reader: Positioned at `snSourceAck`.
  /// - Throws: ``DecodeError`` if it is cut, is no SYN, or says what a SYN may not say: other traffic
  ///   uses these ports, too.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    let start = reader.offset
    acknowledged = try reader.uint32BigEndian("snSourceAck")
    receiveWindow = try reader.uint16BigEndian("uReceiveWindowSize")
    flags = RDPUDPFlags(rawValue: try reader.uint16BigEndian("uFlags"))
    guard flags.contains(.syn), flags.isSubset(of: .known),
      flags.isDisjoint(with: [.fin, .data, .fec]), flags.contains(.ack) || acknowledged == .max
    else {
      throw reader.invalid("uFlags", at: start + 6, expected: "those of a SYN", found: flags.names)
    }
    initialSequence = try reader.uint32BigEndian("snInitialSequenceNumber")
    upstreamMTU = try reader.datagramSize("uUpStreamMtu")
    downstreamMTU = try reader.datagramSize("uDownStreamMtu")
    if flags.contains(.correlationID) {
      correlationID = try reader.bytes(16, "uCorrelationId").hex
      try reader.skip(16, "uReserved")
    } else {
      correlationID = nil
    }
    guard flags.contains(.synEx) else {
      version = nil
      cookieHash = nil
      return
    }
    let options = try reader.uint16BigEndian("uSynExFlags")
    let offered = RDPUDPVersion(rawValue: try reader.uint16BigEndian("uUdpVer"))
    version = options & 1 == 0 ? nil : offered
    cookieHash =
      version == .version3 && !flags.contains(.ack) ? try reader.bytes(32, "cookieHash").hex : nil
  }
}

extension ByteReader {
  fileprivate mutating func datagramSize(_ field: StaticString) throws(DecodeError) -> UInt16 {
    let start = offset
    let size = try uint16BigEndian(field)
    guard RDPUDPSynchronization.mtuRange.contains(Int(size)) else {
      throw invalid(field, at: start, expected: "1132 to 1232", found: size)
    }
    return size
  }
}

extension Span<UInt8> {
  /// Whether a datagram's first octets may be those of an RDP-UDP SYN: no acknowledgment, the flag,
  /// and the size that it is filled up to.
  ///
  /// Per-packet regime: asked of every UDP datagram of a capture.
  @inline(__always)
  package func mayStartRDPUDP(wireLength: Int) -> Bool {
    guard RDPUDPSynchronization.mtuRange.contains(wireLength), 8 <= count else { return false }
    return self[0] & self[1] & self[2] & self[3] == 0xFF && self[7] & 0x01 != 0
      && self[6] & 0xE0 == 0
  }
}
