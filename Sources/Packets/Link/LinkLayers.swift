import Wire

extension PacketDecoder {
  /// PKTAP headers in a row that are followed; macOS writes one.
  package static let maximumPKTAPHeaders = 4

  /// Decodes a packet from its first octet.
  mutating func decodeLink(
    _ type: LinkType,
    _ bytes: Span<UInt8>,
    _ extent: Extent,
    _ packet: Packet
  ) {
    var extent = extent
    var type = type
    for _ in 0..<Self.maximumPKTAPHeaders {
      guard type == .pktap || type == .user2 else { break }
      guard let inner = skipPKTAP(bytes, &extent, packet) else { return }
      type = inner
    }
    switch type {
    case .ethernet: decodeEthernet(bytes, extent, packet)
    case .raw, .rawDLT12, .rawDLT14, .ipv4, .ipv6: decodeIP(bytes, extent, packet)
    case .null, .loop: decodeLoopback(bytes, extent, packet)
    case .linuxSLL: decodeCooked(bytes, extent, packet)
    case .linuxSLL2: decodeCooked2(bytes, extent, packet)
    case .ppp: decodePPP(bytes, extent, packet)
    case .pppHDLC, .ciscoHDLC: decodeHDLC(bytes, extent, packet)
    case .pppd: decodeDirectedPPP(skipping: 2, bytes, extent, packet)
    case .pppWithDirection: decodeDirectedPPP(skipping: 1, bytes, extent, packet)
    case .pppEthernet: decodePPPoE(bytes, extent, packet)
    case .nflog: decodeNFLOG(bytes, extent, packet)
    default:
      packet.note(.link, "link type", at: extent.start, .notAllowed(found: type.rawValue))
    }
  }

  /// Decodes the address family in four octets, in the byte order of whoever wrote it.
  private mutating func decodeLoopback(
    _ bytes: Span<UInt8>,
    _ extent: Extent,
    _ packet: Packet
  ) {
    var extent = extent
    guard packet.has(4, in: extent, .link, "address family") else { return }
    let value = bytes.uint32BigEndian(at: extent.start)
    // Families are small: in the other byte order they are above 65 535.
    let family = value > 0xFFFF ? value.byteSwapped : value
    extent.skip(4)
    switch family {
    case 2, 10, 23, 24, 28, 30:  // AF_INET, and AF_INET6 by system.
      decodeIP(bytes, extent, packet)
    default:
      packet.content = .nonIP(etherType: UInt16(truncatingIfNeeded: family))
      packet.isCutByCapture = extent.isCut
    }
  }

  /// Decodes a PKTAP header, little-endian: length 4, kind of record 4, link type 4, and more.
  ///
  /// - Returns: The link type of what follows, `nil` if there is nothing to decode.
  private func skipPKTAP(
    _ bytes: Span<UInt8>,
    _ extent: inout Extent,
    _ packet: Packet
  ) -> LinkType? {
    guard packet.has(12, in: extent, .link, "PKTAP header") else { return nil }
    let length = Int(bytes.uint32LittleEndian(at: extent.start))
    let type = Int(bytes.uint32LittleEndian(at: extent.start + 8))
    guard length >= 12 else {
      packet.note(
        .link,
        "pth_length",
        at: extent.start,
        .tooSmall(minimum: 12, found: length)
      )
      return nil
    }
    guard packet.has(length, in: extent, .link, "PKTAP header") else { return nil }
    extent.skip(length)
    return LinkType(rawValue: type)
  }
}

extension LinkType {
  /// DLT_RAW of OpenBSD and of other systems, found in files of old tools.
  fileprivate static var rawDLT12: Self { Self(rawValue: 12) }
  fileprivate static var rawDLT14: Self { Self(rawValue: 14) }
  /// PPP behind an octet of direction.
  fileprivate static var pppWithDirection: Self { Self(rawValue: 204) }
  /// DLT_USER2, under which macOS writes PKTAP.
  fileprivate static var user2: Self { Self(rawValue: 149) }
}
