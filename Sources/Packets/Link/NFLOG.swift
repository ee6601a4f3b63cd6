import Wire

extension PacketDecoder {
  /// Attributes of a log message that are looked at; the kernel writes about fifteen kinds.
  package static let maximumNFLOGAttributes = 64

  /// Decodes a netfilter log message.
  ///
  /// Layout: family 1, version 1, resource 2, then attributes: length 2 (with these four octets),
  /// type 2, value, padded to four. Both are in the byte order of the capturing host, which nothing
  /// states. <https://www.tcpdump.org/linktypes/LINKTYPE_NFLOG.html>
  mutating func decodeNFLOG(
    _ bytes: Span<UInt8>,
    _ extent: Extent,
    _ packet: Packet
  ) {
    var extent = extent
    guard packet.has(4, in: extent, .link, "NFLOG header") else { return }
    let family = bytes.uint8(at: extent.start)
    extent.skip(4)
    for _ in 0..<Self.maximumNFLOGAttributes {
      guard packet.has(4, in: extent, .link, "NFLOG attribute") else { return }
      var length = Int(bytes.uint16LittleEndian(at: extent.start))
      var type = bytes.uint16LittleEndian(at: extent.start + 2)
      if type > 0xFF {  // Types are small: this host is big-endian.
        length = Int(bytes.uint16BigEndian(at: extent.start))
        type = type.byteSwapped
      }
      guard length >= 4 else {
        packet.note(
          .link,
          "NFLOG attribute length",
          at: extent.start,
          .tooSmall(minimum: 4, found: length)
        )
        return
      }
      if type == 9 {  // NFULA_PAYLOAD
        extent.limit(to: length)
        extent.skip(4)
        decodeIP(bytes, extent, packet)
        return
      }
      let padded = (length + 3) / 4 * 4
      guard packet.has(padded, in: extent, .link, "NFLOG attribute") else { return }
      extent.skip(padded)
      if extent.wireCount == 0 { break }
    }
    packet.content = .nonIP(etherType: UInt16(family))  // A message without the packet.
  }
}
