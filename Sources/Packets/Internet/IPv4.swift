import Wire

/// Protocol numbers that the decoder follows.
///
/// <https://www.iana.org/assignments/protocol-numbers>
enum IPProtocol {
  static let hopByHop: UInt8 = 0
  static let icmp: UInt8 = 1
  static let ipv4: UInt8 = 4
  static let tcp: UInt8 = 6
  static let udp: UInt8 = 17
  static let ipv6: UInt8 = 41
  static let routing: UInt8 = 43
  static let fragment: UInt8 = 44
  static let gre: UInt8 = 47
  static let authentication: UInt8 = 51
  static let icmp6: UInt8 = 58
  static let noNextHeader: UInt8 = 59
  static let destinationOptions: UInt8 = 60
  static let mobility: UInt8 = 135
  static let hostIdentity: UInt8 = 139
  static let shim6: UInt8 = 140
  static let mpls: UInt8 = 137
}

extension PacketDecoder {
  /// Decodes IPv4 or IPv6 by the version in the first octet.
  mutating func decodeIP(
    _ bytes: Span<UInt8>,
    _ extent: Extent,
    _ packet: Packet
  ) {
    guard packet.has(1, in: extent, .ipv4, "version") else { return }
    let version = bytes.uint8(at: extent.start) >> 4
    switch version {
    case 4: decodeIPv4(bytes, extent, packet)
    case 6: decodeIPv6(bytes, extent, packet)
    default:
      packet.note(.ipv4, "version", at: extent.start, .notAllowed(found: Int(version)))
    }
  }

  /// Decodes an IPv4 header and what follows.
  ///
  /// Layout, 20 octets and options: version and header length 1, service 1, total length 2,
  /// identification 2, flags and fragment offset 2, TTL 1, protocol 1, checksum 2, source 4,
  /// destination 4. RFC 791 §3.1
  mutating func decodeIPv4(
    _ bytes: Span<UInt8>,
    _ extent: Extent,
    _ packet: Packet
  ) {
    var extent = extent
    let start = extent.start
    guard packet.has(20, in: extent, .ipv4, "header") else { return }
    // Two words of the header at a time: one check for both.
    let beginning = bytes.uint64BigEndian(at: start)
    let middle = bytes.uint64BigEndian(at: start + 8)
    let first = UInt32(truncatingIfNeeded: beginning >> 32)
    let second = UInt32(truncatingIfNeeded: beginning)
    let third = UInt32(truncatingIfNeeded: middle >> 32)
    let fragment = UInt16(truncatingIfNeeded: second)
    packet.source = IPAddress(ipv4: UInt32(truncatingIfNeeded: middle))
    packet.destination = IPAddress(ipv4: bytes.uint32BigEndian(at: start + 16))
    packet.hasAddresses = true
    packet.identification = second >> 16
    packet.hasIdentification = true
    packet.dontFragment = fragment & 0x4000 != 0
    packet.timeToLive = UInt8(truncatingIfNeeded: third >> 24)

    let headerLength = Int(first >> 24 & 15) * 4
    guard headerLength >= 20 else {
      packet.note(
        .ipv4,
        "header length",
        at: start,
        .tooSmall(minimum: 20, found: headerLength)
      )
      return
    }
    let totalLength = Int(first & 0xFFFF)
    guard
      limitIP(
        &extent,
        to: totalLength,
        minimum: headerLength,
        .ipv4,
        "total length",
        at: start + 2,
        packet
      ),
      packet.has(headerLength, in: extent, .ipv4, "options")
    else { return }
    extent.skip(headerLength)
    let protocolNumber = UInt8(truncatingIfNeeded: third >> 16)
    guard fragment & 0x3FFF == 0 else {  // More fragments, or an offset.
      decodeFragment(
        IPFragment(
          identification: packet.identification,
          protocolNumber: protocolNumber,
          offset: Int(fragment & 0x1FFF) * 8,
          length: extent.wireCount,
          isLast: fragment & 0x2000 == 0
        ),
        isVersion6: false,
        bytes,
        extent,
        packet
      )
      return
    }
    decodeTransport(protocolNumber, bytes, extent, packet)
  }

  /// Ends `extent` where the IP header says, and marks a cut, a lie or an offload.
  ///
  /// The length counts from the start of the header; 0 stands for "filled in by the network card"
  /// and leaves the frame's own length.
  ///
  /// - Returns: Whether what follows may be decoded.
  func limitIP(
    _ extent: inout Extent,
    to length: Int,
    minimum: Int,
    _ layer: PacketLayer,
    _ field: StaticString,
    at offset: Int,
    _ packet: Packet
  ) -> Bool {
    if length == 0 {
      packet.isOffloaded = true
    } else if length < minimum {
      packet.note(layer, field, at: offset, .tooSmall(minimum: minimum, found: length))
      return false
    } else if length > extent.wireCount {
      packet.note(
        layer,
        field,
        at: offset,
        .truncated(needed: length, available: extent.wireCount)
      )
    } else {
      extent.limit(to: length)
    }
    packet.isCutByCapture = extent.isCut
    return true
  }

  /// Decodes what follows an IP header, by its protocol number.
  mutating func decodeTransport(
    _ number: UInt8,
    _ bytes: Span<UInt8>,
    _ extent: Extent,
    _ packet: Packet
  ) {
    switch number {
    case IPProtocol.tcp: decodeTCP(bytes, extent, packet)
    case IPProtocol.udp: decodeUDP(bytes, extent, packet)
    case IPProtocol.icmp: decodeICMP(bytes, extent, packet)
    case IPProtocol.icmp6: decodeICMP6(bytes, extent, packet)
    case IPProtocol.ipv4, IPProtocol.ipv6:
      guard enterTunnel(.ipInIP, at: extent.start, packet) else { return }
      decodeIP(bytes, extent, packet)
    case IPProtocol.gre: decodeGRE(bytes, extent, packet)
    case IPProtocol.mpls: decodeMPLS(bytes, extent, packet)
    default: packet.content = .otherIP(protocol: number)
    }
  }
}
