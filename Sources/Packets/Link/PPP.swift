import Wire

extension PacketDecoder {
  /// Decodes PPP: address and control 2 (may be left out), protocol 2 (or 1 when compressed).
  ///
  /// RFC 1661 §2, RFC 1662 §3.1
  mutating func decodePPP(
    _ bytes: Span<UInt8>,
    _ extent: Extent,
    _ packet: Packet
  ) {
    var extent = extent
    guard packet.has(2, in: extent, .link, "PPP protocol") else { return }
    if bytes.uint16BigEndian(at: extent.start) == 0xFF03 { extent.skip(2) }
    guard packet.has(1, in: extent, .link, "PPP protocol") else { return }
    let first = bytes.uint8(at: extent.start)
    if first & 1 == 1 {  // The low bit ends the field: its high octet, zero, was left out.
      extent.skip(1)
      decodePPPProtocol(UInt16(first), bytes, extent, packet)
      return
    }
    guard packet.has(2, in: extent, .link, "PPP protocol") else { return }
    let number = bytes.uint16BigEndian(at: extent.start)
    extent.skip(2)
    decodePPPProtocol(number, bytes, extent, packet)
  }

  /// Decodes PPP behind an octet of direction (and, from pppd, the control octet).
  mutating func decodeDirectedPPP(
    skipping count: Int,
    _ bytes: Span<UInt8>,
    _ extent: Extent,
    _ packet: Packet
  ) {
    var extent = extent
    guard packet.has(count, in: extent, .link, "direction") else { return }
    extent.skip(count)
    decodePPP(bytes, extent, packet)
  }

  private mutating func decodePPPProtocol(
    _ number: UInt16,
    _ bytes: Span<UInt8>,
    _ extent: Extent,
    _ packet: Packet
  ) {
    switch number {
    case 0x0021, 0x0057: decodeIP(bytes, extent, packet)
    case 0x0281, 0x0283: decodeMPLS(bytes, extent, packet)
    default:
      packet.content = .nonIP(etherType: number)
      packet.isCutByCapture = extent.isCut
    }
  }

  /// Decodes PPP in HDLC-like framing, or Cisco's HDLC: address 1, control 1, EtherType 2.
  mutating func decodeHDLC(
    _ bytes: Span<UInt8>,
    _ extent: Extent,
    _ packet: Packet
  ) {
    var extent = extent
    guard packet.has(2, in: extent, .link, "HDLC header") else { return }
    let address = bytes.uint16BigEndian(at: extent.start)
    guard address == 0x0F00 || address == 0x8F00 else {  // Cisco's unicast and multicast.
      decodePPP(bytes, extent, packet)
      return
    }
    guard packet.has(4, in: extent, .link, "HDLC header") else { return }
    let type = bytes.uint16BigEndian(at: extent.start + 2)
    extent.skip(4)
    decodeEtherType(type, bytes, extent, packet)
  }

  /// Decodes a PPPoE session packet: version and type 1, code 1, session 2, length 2, then PPP.
  ///
  /// RFC 2516 §4
  mutating func decodePPPoE(
    _ bytes: Span<UInt8>,
    _ extent: Extent,
    _ packet: Packet
  ) {
    var extent = extent
    let start = extent.start
    guard packet.has(6, in: extent, .tunnel, "PPPoE header") else { return }
    guard bytes.uint16BigEndian(at: start) == 0x1100 else {  // Version 1, type 1, session data.
      packet.content = .nonIP(etherType: EtherType.pppoeSession)
      return
    }
    guard enterTunnel(.pppoe, at: start, packet) else { return }
    let length = Int(bytes.uint16BigEndian(at: start + 4))
    extent.skip(6)
    if length > extent.wireCount {
      packet.note(
        .tunnel,
        "PPPoE length",
        at: start + 4,
        .truncated(needed: length, available: extent.wireCount)
      )
    } else if length != 0 {
      extent.limit(to: length)
    }
    decodePPP(bytes, extent, packet)
  }
}
