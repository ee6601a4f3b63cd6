import Wire

/// Ports of the tunnels over UDP, always the destination's; the source's is a hash.
enum UDPTunnel {
  static let vxlanPort: UInt16 = 4789
  static let genevePort: UInt16 = 6081
}

extension PacketDecoder {
  /// Decodes VXLAN: flags 1, reserved 3, network 3, reserved 1, then Ethernet. RFC 7348 §5
  ///
  /// - Returns: Whether this is VXLAN; otherwise the packet is an ordinary datagram.
  mutating func decodeVXLAN(
    _ bytes: Span<UInt8>,
    _ extent: Extent,
    _ packet: Packet
  ) -> Bool {
    var extent = extent
    guard extent.capturedCount >= 8, bytes.uint8(at: extent.start) & 0x08 != 0,
      enterTunnel(.vxlan, at: extent.start, packet)
    else { return false }
    extent.skip(8)
    decodeEthernet(bytes, extent, packet)
    return true
  }

  /// Decodes Geneve: version and options' length 1, flags 1, EtherType 2, network 3, reserved 1.
  ///
  /// RFC 8926 §3.4
  ///
  /// - Returns: Whether this is Geneve; otherwise the packet is an ordinary datagram.
  mutating func decodeGeneve(
    _ bytes: Span<UInt8>,
    _ extent: Extent,
    _ packet: Packet
  ) -> Bool {
    var extent = extent
    let start = extent.start
    guard extent.capturedCount >= 8, bytes.uint8(at: start) >> 6 == 0 else { return false }
    let length = 8 + Int(bytes.uint8(at: start) & 0x3F) * 4
    let type = bytes.uint16BigEndian(at: start + 2)
    guard length <= extent.capturedCount, enterTunnel(.geneve, at: start, packet) else {
      return false
    }
    extent.skip(length)
    decodeEtherType(type, bytes, extent, packet)
    return true
  }
}
