import Wire

extension PacketDecoder {
  /// Decodes a Linux cooked header, version 1.
  ///
  /// Layout, 16 octets big-endian: packet type 2, ARPHRD type 2, address length 2, address 8,
  /// protocol 2. <https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html>
  mutating func decodeCooked(
    _ bytes: Span<UInt8>,
    _ extent: Extent,
    _ packet: Packet
  ) {
    var extent = extent
    let start = extent.start
    guard packet.has(16, in: extent, .link, "cooked header") else { return }
    if bytes.uint16BigEndian(at: start + 4) == 6 {
      packet.sourceMAC = bytes.macAddress(at: start + 6)
    }
    extent.skip(16)
    decodeCookedProtocol(bytes.uint16BigEndian(at: start + 14), bytes, extent, packet)
  }

  /// Decodes a Linux cooked header, version 2.
  ///
  /// Layout, 20 octets big-endian: protocol 2, reserved 2, interface 4, ARPHRD type 2, packet
  /// type 1, address length 1, address 8.
  /// <https://www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL2.html>
  mutating func decodeCooked2(
    _ bytes: Span<UInt8>,
    _ extent: Extent,
    _ packet: Packet
  ) {
    var extent = extent
    let start = extent.start
    guard packet.has(20, in: extent, .link, "cooked header") else { return }
    if bytes.uint8(at: start + 11) == 6 {
      packet.sourceMAC = bytes.macAddress(at: start + 12)
    }
    extent.skip(20)
    decodeCookedProtocol(bytes.uint16BigEndian(at: start), bytes, extent, packet)
  }

  private mutating func decodeCookedProtocol(
    _ type: UInt16,
    _ bytes: Span<UInt8>,
    _ extent: Extent,
    _ packet: Packet
  ) {
    switch type {
    case EtherType.minimum...: decodeEtherType(type, bytes, extent, packet)
    case 4: decodeLLCHeader(length: type, bytes, extent, packet)  // LINUX_SLL_P_802_2
    default:
      packet.content = .nonIP(etherType: type)
      packet.isCutByCapture = extent.isCut
    }
  }
}
