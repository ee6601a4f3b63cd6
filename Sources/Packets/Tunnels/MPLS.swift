import Wire

extension PacketDecoder {
  /// Labels that are followed; providers stack four or so.
  package static let maximumMPLSLabels = 16

  /// Decodes a stack of labels and what they carry: IP, or an Ethernet pseudowire.
  ///
  /// Layout of a label, 4 octets: label 20 bits, class 3, bottom of stack 1, TTL 8. RFC 3032 §2.1.
  /// Nothing names the contents: the first nibble tells (RFC 4928 §3).
  mutating func decodeMPLS(
    _ bytes: Span<UInt8>,
    _ extent: Extent,
    _ packet: Packet
  ) {
    var extent = extent
    guard enterTunnel(.mpls, at: extent.start, packet) else { return }
    var isBottom = false
    var count = 0
    while !isBottom {
      guard count < Self.maximumMPLSLabels else {
        packet.note(
          .tunnel,
          "MPLS label",
          at: extent.start,
          .limitExceeded(limit: Self.maximumMPLSLabels)
        )
        return
      }
      guard packet.has(4, in: extent, .tunnel, "MPLS label") else { return }
      isBottom = bytes.uint8(at: extent.start + 2) & 1 == 1
      extent.skip(4)
      count += 1
    }
    guard packet.has(1, in: extent, .tunnel, "MPLS payload") else { return }
    switch bytes.uint8(at: extent.start) >> 4 {
    case 4, 6: decodeIP(bytes, extent, packet)
    case 0:  // The control word of a pseudowire (RFC 4448 §4.6).
      guard packet.has(4, in: extent, .tunnel, "pseudowire control word") else { return }
      extent.skip(4)
      decodeEthernet(bytes, extent, packet)
    case 1: packet.content = .nonIP(etherType: EtherType.mpls)  // Control channel (RFC 5586).
    default: decodeEthernet(bytes, extent, packet)
    }
  }
}
