import Wire

/// Frames that a switch mirrors over IP. draft-foschiano-erspan-03 §4
extension PacketDecoder {
  /// Decodes type I: no header, the frame follows GRE at once.
  mutating func decodeERSPAN1(
    _ bytes: Span<UInt8>,
    _ extent: Extent,
    _ packet: Packet
  ) {
    guard enterTunnel(.erspan, at: extent.start, packet) else { return }
    decodeEthernet(bytes, extent, packet)
  }

  /// Decodes type II: version and VLAN 2, class, truncation and session 2, port index 4.
  mutating func decodeERSPAN2(
    _ bytes: Span<UInt8>,
    _ extent: Extent,
    _ packet: Packet
  ) {
    var extent = extent
    guard packet.has(8, in: extent, .tunnel, "ERSPAN header"),
      enterTunnel(.erspan, at: extent.start, packet)
    else { return }
    let isTruncated = bytes.uint8(at: extent.start + 2) & 0x04 != 0
    extent.skip(8)
    if isTruncated { extent.forgetWireEnd() }
    decodeEthernet(bytes, extent, packet)
  }

  /// Decodes type III: 12 octets, and 8 of a platform's own if the last bit is set.
  ///
  /// Layout: version and VLAN 2, class, truncation and session 2, time 4, group 2, kind of frame,
  /// hardware, direction, time unit and option 2.
  mutating func decodeERSPAN3(
    _ bytes: Span<UInt8>,
    _ extent: Extent,
    _ packet: Packet
  ) {
    var extent = extent
    let start = extent.start
    guard packet.has(12, in: extent, .tunnel, "ERSPAN header") else { return }
    let isTruncated = bytes.uint8(at: start + 2) & 0x04 != 0
    let kind = bytes.uint16BigEndian(at: start + 10)
    let length = kind & 1 == 1 ? 20 : 12
    guard packet.has(length, in: extent, .tunnel, "ERSPAN header"),
      enterTunnel(.erspan, at: start, packet)
    else { return }
    extent.skip(length)
    if isTruncated { extent.forgetWireEnd() }
    switch kind >> 10 & 0x1F {
    case 0: decodeEthernet(bytes, extent, packet)
    case 2: decodeIP(bytes, extent, packet)
    default: packet.content = .nonIP(etherType: EtherType.erspan3)
    }
  }
}
