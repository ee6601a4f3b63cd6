import Wire

extension PacketDecoder {
  /// Extension headers that are followed; each kind may come once, destination options twice.
  package static let maximumExtensionHeaders = 16

  /// Decodes an IPv6 header and what follows.
  ///
  /// Layout, 40 octets: version, class and flow 4, payload length 2, next header 1, hop limit 1,
  /// source 16, destination 16. RFC 8200 §3
  mutating func decodeIPv6(
    _ bytes: Span<UInt8>,
    _ extent: Extent,
    _ packet: Packet
  ) {
    var extent = extent
    let start = extent.start
    guard packet.has(40, in: extent, .ipv6, "header") else { return }
    packet.source = bytes.ipv6Address(at: start + 8)
    packet.destination = bytes.ipv6Address(at: start + 24)
    packet.hasAddresses = true
    packet.identification = 0
    packet.hasIdentification = false
    packet.dontFragment = false
    packet.timeToLive = bytes.uint8(at: start + 7)
    let payloadLength = Int(bytes.uint16BigEndian(at: start + 4))
    let nextHeader = bytes.uint8(at: start + 6)
    guard nextHeader != IPProtocol.noNextHeader else {
      packet.content = .otherIP(protocol: nextHeader)
      return
    }
    // Zero: a jumbogram (RFC 2675) or an offloaded packet; both end with the frame.
    guard
      limitIP(
        &extent,
        to: payloadLength == 0 ? 0 : 40 + payloadLength,
        minimum: 40,
        .ipv6,
        "payload length",
        at: start + 4,
        packet
      )
    else { return }
    extent.skip(40)
    decodeIPv6Payload(nextHeader, bytes, extent, packet)
  }

  /// Decodes extension headers, then what they carry. RFC 8200 §4
  mutating func decodeIPv6Payload(
    _ nextHeader: UInt8,
    _ bytes: Span<UInt8>,
    _ extent: Extent,
    _ packet: Packet
  ) {
    var extent = extent
    var nextHeader = nextHeader
    for _ in 0..<Self.maximumExtensionHeaders {
      guard let unit = ExtensionHeader.unit(nextHeader) else {
        if nextHeader == IPProtocol.fragment {
          decodeIPv6Fragment(bytes, extent, packet)
        } else {
          decodeTransport(nextHeader, bytes, extent, packet)
        }
        return
      }
      guard packet.has(2, in: extent, .ipv6, "extension header") else { return }
      let length = unit.length(bytes.uint8(at: extent.start + 1))
      guard packet.has(length, in: extent, .ipv6, "extension header") else { return }
      nextHeader = bytes.uint8(at: extent.start)
      extent.skip(length)
    }
    packet.note(
      .ipv6,
      "extension header",
      at: extent.start,
      .limitExceeded(limit: Self.maximumExtensionHeaders)
    )
  }

  /// Decodes a fragment header: next header 1, reserved 1, offset and flags 2, identification 4.
  ///
  /// RFC 8200 §4.5; a datagram in a single "atomic" fragment is decoded at once (RFC 6946).
  private mutating func decodeIPv6Fragment(
    _ bytes: Span<UInt8>,
    _ extent: Extent,
    _ packet: Packet
  ) {
    var extent = extent
    guard packet.has(8, in: extent, .ipv6, "fragment header") else { return }
    let nextHeader = bytes.uint8(at: extent.start)
    let place = bytes.uint16BigEndian(at: extent.start + 2)
    let identification = bytes.uint32BigEndian(at: extent.start + 4)
    extent.skip(8)
    guard place & 0xFFF9 != 0 else {
      // A chain of atomic fragments would call itself without end: only the transport may follow.
      guard ExtensionHeader.unit(nextHeader) == nil, nextHeader != IPProtocol.fragment else {
        packet.content = .otherIP(protocol: nextHeader)
        return
      }
      decodeTransport(nextHeader, bytes, extent, packet)
      return
    }
    decodeFragment(
      IPFragment(
        identification: identification,
        protocolNumber: nextHeader,
        offset: Int(place & 0xFFF8),
        length: extent.wireCount,
        isLast: place & 1 == 0
      ),
      isVersion6: true,
      bytes,
      extent,
      packet
    )
  }
}

/// How an IPv6 extension header states its length.
enum ExtensionHeader {
  /// Units of eight octets, the first not counted.
  case eights
  /// Units of four octets, the first two not counted: the authentication header (RFC 4302 §2.2).
  case fours

  /// How the header of this number states its length; `nil` if it is none that can be skipped.
  static func unit(_ number: UInt8) -> ExtensionHeader? {
    switch number {
    case IPProtocol.hopByHop, IPProtocol.routing, IPProtocol.destinationOptions,
      IPProtocol.mobility, IPProtocol.hostIdentity, IPProtocol.shim6:
      .eights
    case IPProtocol.authentication: .fours
    default: nil
    }
  }

  /// The header's octets, at least 8.
  func length(_ field: UInt8) -> Int {
    switch self {
    case .eights: (Int(field) + 1) * 8
    case .fours: (Int(field) + 2) * 4
    }
  }
}

extension Span<UInt8> {
  /// The 16 octets at `offset`, which the caller has found captured.
  func ipv6Address(at offset: Int) -> IPAddress {
    IPAddress(high: uint64BigEndian(at: offset), low: uint64BigEndian(at: offset + 8))
  }
}
