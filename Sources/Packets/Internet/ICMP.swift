import Wire

extension PacketDecoder {
  /// Decodes an ICMP message: type 1, code 1, checksum 2, four octets by type, then the quote.
  mutating func decodeICMP(
    _ bytes: Span<UInt8>,
    _ extent: Extent,
    _ packet: Packet
  ) {
    guard packet.has(8, in: extent, .icmp, "header") else { return }
    let type = bytes.uint8(at: extent.start)
    let code = bytes.uint8(at: extent.start + 1)
    let mtu = bytes.uint16BigEndian(at: extent.start + 6)
    let meaning: ICMPMessage.Meaning =
      switch (type, code) {
      case (0, _): .echoReply
      case (3, 0), (3, 5), (3, 6), (3, 11): .netUnreachable
      case (3, 1), (3, 7), (3, 8), (3, 12): .hostUnreachable
      case (3, 2): .protocolUnreachable
      case (3, 3): .portUnreachable
      case (3, 4): .fragmentationNeeded(mtu: mtu == 0 ? nil : UInt32(mtu))
      // 14 and 15 refuse by precedence, which is policy, too (RFC 1812 §5.2.7.1).
      case (3, 9), (3, 10), (3, 13), (3, 14), (3, 15): .adminProhibited
      case (8, _): .echoRequest
      case (11, _): .timeExceeded
      default: .other
      }
    let isError = type == 3 || type == 4 || type == 5 || type == 11 || type == 12
    packet.content = .icmp(
      ICMPMessage(
        isVersion6: false,
        type: type,
        code: code,
        meaning: meaning,
        quoted: isError ? QuotedSegment(bytes, extent.start + 8..<extent.capturedEnd) : nil
      )
    )
  }

  /// Decodes an ICMPv6 message, of the same layout. RFC 4443 §2.1
  mutating func decodeICMP6(
    _ bytes: Span<UInt8>,
    _ extent: Extent,
    _ packet: Packet
  ) {
    guard packet.has(8, in: extent, .icmp, "ICMPv6 header") else { return }
    let type = bytes.uint8(at: extent.start)
    let code = bytes.uint8(at: extent.start + 1)
    if let kind = NeighbourMessage.Kind(rawValue: type) {
      packet.content = .neighbour(NeighbourMessage(kind, bytes, extent))
      return
    }
    let meaning: ICMPMessage.Meaning =
      switch (type, code) {
      case (1, 0), (1, 2): .netUnreachable
      case (1, 1), (1, 5), (1, 6): .adminProhibited
      case (1, 3): .hostUnreachable
      case (1, 4): .portUnreachable
      case (2, _): .fragmentationNeeded(mtu: bytes.uint32BigEndian(at: extent.start + 4))
      case (3, _): .timeExceeded
      case (128, _): .echoRequest
      case (129, _): .echoReply
      default: .other
      }
    packet.content = .icmp(
      ICMPMessage(
        isVersion6: true,
        type: type,
        code: code,
        meaning: meaning,
        quoted: (1...4).contains(type)
          ? QuotedSegment(bytes, extent.start + 8..<extent.capturedEnd) : nil
      )
    )
  }
}

extension QuotedSegment {
  /// Reads the IP header quoted in `range`, and as much of TCP or UDP as there is.
  ///
  /// The lengths in the quoted header speak of the original packet and bound nothing here. `nil`
  /// if not even the IP header is there.
  init?(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    guard !range.isEmpty else { return nil }
    switch bytes.uint8(at: range.lowerBound) >> 4 {
    case 4: self.init(ipv4: bytes, range)
    case 6: self.init(ipv6: bytes, range)
    default: return nil
    }
  }

  private init?(ipv4 bytes: Span<UInt8>, _ range: Range<Int>) {
    let start = range.lowerBound
    guard range.count >= 20 else { return nil }
    source = IPAddress(ipv4: bytes.uint32BigEndian(at: start + 12))
    destination = IPAddress(ipv4: bytes.uint32BigEndian(at: start + 16))
    protocolNumber = bytes.uint8(at: start + 9)
    timeToLive = bytes.uint8(at: start + 8)
    let headerLength = Int(bytes.uint8(at: start) & 15) * 4
    let fragment = bytes.uint16BigEndian(at: start + 6)
    guard headerLength >= 20, headerLength <= range.count, fragment & 0x1FFF == 0 else { return }
    readTransport(bytes, start + headerLength..<range.upperBound)
    let hasMoreFragments = fragment & 0x2000 != 0
    if hasMoreFragments, Int(bytes.uint16BigEndian(at: start + 2)) <= range.count { flags = nil }
  }

  private init?(ipv6 bytes: Span<UInt8>, _ range: Range<Int>) {
    guard range.count >= 40 else { return nil }
    source = bytes.ipv6Address(at: range.lowerBound + 8)
    destination = bytes.ipv6Address(at: range.lowerBound + 24)
    timeToLive = bytes.uint8(at: range.lowerBound + 7)
    var next = bytes.uint8(at: range.lowerBound + 6)
    var start = range.lowerBound + 40
    var isReadable = true
    for _ in 0..<PacketDecoder.maximumExtensionHeaders {
      let isFragment = next == IPProtocol.fragment
      guard isFragment || ExtensionHeader.unit(next) != nil else { break }
      guard range.upperBound - start >= 8 else {
        isReadable = false
        break
      }
      if isFragment, bytes.uint16BigEndian(at: start + 2) & 0xFFF8 != 0 { isReadable = false }
      let length = ExtensionHeader.unit(next)?.length(bytes.uint8(at: start + 1)) ?? 8
      next = bytes.uint8(at: start)
      start += length
    }
    protocolNumber = next
    guard isReadable, start <= range.upperBound else { return }
    readTransport(bytes, start..<range.upperBound)
  }

  private mutating func readTransport(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    let isTCP = protocolNumber == IPProtocol.tcp
    guard isTCP || protocolNumber == IPProtocol.udp, range.count >= 4 else { return }
    sourcePort = bytes.uint16BigEndian(at: range.lowerBound)
    destinationPort = bytes.uint16BigEndian(at: range.lowerBound + 2)
    guard isTCP, range.count >= 8 else { return }
    sequence = bytes.uint32BigEndian(at: range.lowerBound + 4)
    guard range.count >= 16 else { return }
    flags = TCPFlags(rawValue: bytes.uint16BigEndian(at: range.lowerBound + 12) & 0x0FFF)
  }
}

extension NeighbourMessage {
  /// Options of one message that are looked at; routers send five or so.
  static let maximumOptions = 16

  /// Reads a message of which the first 8 octets are at hand.
  init(_ kind: Kind, _ bytes: Span<UInt8>, _ extent: Extent) {
    let start = extent.start
    let isAdvertisement = kind == .advertisement
    let flags = bytes.uint8(at: start + 4)
    self.kind = kind
    isRouter = isAdvertisement && flags & 0x80 != 0
    isSolicited = isAdvertisement && flags & 0x40 != 0
    let hasTarget = kind != .routerSolicitation && kind != .routerAdvertisement
    target = hasTarget && extent.capturedCount >= 24 ? bytes.ipv6Address(at: start + 8) : nil
    // Octets before the options.
    let fixed =
      switch kind {
      case .routerSolicitation: 8
      case .routerAdvertisement: 16
      case .solicitation, .advertisement: 24
      case .redirect: 40
      }
    var offset = start + fixed
    var found: MACAddress?
    for _ in 0..<Self.maximumOptions {
      // A link-layer address option: type 1 (source) or 2 (target), length in eights 1, address 6.
      guard offset + 8 <= extent.capturedEnd else { break }
      let type = bytes.uint8(at: offset)
      let length = Int(bytes.uint8(at: offset + 1)) * 8
      guard length > 0 else { break }
      if (type == 1 || type == 2) && length == 8 {
        found = bytes.macAddress(at: offset + 2)
        break
      }
      offset += length
    }
    linkLayerAddress = found
  }
}
