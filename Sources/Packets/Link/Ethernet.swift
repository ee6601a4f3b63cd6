import Wire

/// EtherType numbers that the decoder follows.
///
/// <https://www.iana.org/assignments/ieee-802-numbers>
enum EtherType {
  static let ipv4: UInt16 = 0x0800
  static let arp: UInt16 = 0x0806
  static let transparentEthernet: UInt16 = 0x6558
  static let vlan: UInt16 = 0x8100
  static let ipv6: UInt16 = 0x86DD
  static let ppp: UInt16 = 0x880B
  static let mpls: UInt16 = 0x8847
  static let mplsMulticast: UInt16 = 0x8848
  static let pppoeSession: UInt16 = 0x8864
  static let serviceVLAN: UInt16 = 0x88A8
  static let erspan: UInt16 = 0x88BE
  static let erspan3: UInt16 = 0x22EB
  static let oldQinQ: UInt16 = 0x9100
  /// Values below are lengths (IEEE 802.3) or not assigned.
  static let minimum: UInt16 = 0x0600
}

extension PacketDecoder {
  /// VLAN tags that are followed; a frame has one or two, and a loop of tags means an attack.
  package static let maximumVLANTags = 8

  /// Frames inside of frames, SNAP headers included, that are followed.
  ///
  /// Each tunnel may bring one; without the limit a long packet could nest thousands.
  package static let maximumInnerFrames = 16

  /// Decodes an Ethernet frame: destination 6, source 6, type or length 2.
  mutating func decodeEthernet(
    _ bytes: Span<UInt8>,
    _ extent: Extent,
    _ packet: Packet
  ) {
    var extent = extent
    guard packet.has(14, in: extent, .link, "Ethernet header") else { return }
    let destination = bytes.uint64BigEndian(at: extent.start)  // Two octets of the source as well.
    let source = bytes.uint64BigEndian(at: extent.start + 6)
    packet.destinationMAC = MACAddress(destination >> 16)
    packet.sourceMAC = MACAddress(source >> 16)
    extent.skip(14)
    decodeEtherType(UInt16(truncatingIfNeeded: source), bytes, extent, packet)
  }

  /// Decodes what follows an EtherType.
  mutating func decodeEtherType(
    _ type: UInt16,
    _ bytes: Span<UInt8>,
    _ extent: Extent,
    _ packet: Packet
  ) {
    switch type {
    case EtherType.ipv4, EtherType.ipv6:
      decodeIP(bytes, extent, packet)
    case EtherType.vlan, EtherType.serviceVLAN, EtherType.oldQinQ:
      decodeVLAN(bytes, extent, packet)
    case EtherType.arp:
      decodeARP(bytes, extent, packet)
    case EtherType.mpls, EtherType.mplsMulticast:
      decodeMPLS(bytes, extent, packet)
    case EtherType.pppoeSession:
      decodePPPoE(bytes, extent, packet)
    case EtherType.transparentEthernet:
      guard enterInnerFrame(at: extent.start, packet) else { return }
      decodeEthernet(bytes, extent, packet)
    case ..<EtherType.minimum:
      decodeLLC(length: type, bytes, extent, packet)
    default:
      packet.content = .nonIP(etherType: type)
      packet.isCutByCapture = extent.isCut
    }
  }

  /// Decodes tags of IEEE 802.1Q or 802.1ad: priority and identifier 2, next type 2.
  private mutating func decodeVLAN(
    _ bytes: Span<UInt8>,
    _ extent: Extent,
    _ packet: Packet
  ) {
    var extent = extent
    var count = 0
    while true {
      guard count < Self.maximumVLANTags else {
        packet.note(
          .link,
          "VLAN tag",
          at: extent.start,
          .limitExceeded(limit: Self.maximumVLANTags)
        )
        return
      }
      count += 1
      guard packet.has(4, in: extent, .link, "VLAN tag") else { return }
      if packet.vlan == nil { packet.vlan = bytes.uint16BigEndian(at: extent.start) & 0x0FFF }
      let type = bytes.uint16BigEndian(at: extent.start + 2)
      extent.skip(4)
      switch type {
      case EtherType.vlan, EtherType.serviceVLAN, EtherType.oldQinQ: continue
      default: decodeEtherType(type, bytes, extent, packet)
      }
      return
    }
  }

  /// Counts a frame or SNAP header inside of a frame.
  ///
  /// - Returns: Whether it may be decoded.
  private mutating func enterInnerFrame(at offset: Int, _ packet: Packet) -> Bool {
    guard innerFrameCount < Self.maximumInnerFrames else {
      packet.note(
        .link,
        "inner frame",
        at: offset,
        .limitExceeded(limit: Self.maximumInnerFrames)
      )
      return false
    }
    innerFrameCount += 1
    return true
  }

  /// Decodes an IEEE 802.3 frame: LLC (DSAP 1, SSAP 1, control 1), then SNAP (OUI 3, type 2).
  private mutating func decodeLLC(
    length: UInt16,
    _ bytes: Span<UInt8>,
    _ extent: Extent,
    _ packet: Packet
  ) {
    var extent = extent
    if length <= 1500 { extent.limit(to: Int(length)) }
    decodeLLCHeader(length: length, bytes, extent, packet)
  }

  /// Decodes an LLC header, whose frame `extent` ends.
  mutating func decodeLLCHeader(
    length: UInt16,
    _ bytes: Span<UInt8>,
    _ extent: Extent,
    _ packet: Packet
  ) {
    var extent = extent
    guard packet.has(3, in: extent, .link, "LLC header") else { return }
    let accessPoints = bytes.uint16BigEndian(at: extent.start)
    let control = bytes.uint8(at: extent.start + 2)
    extent.skip(3)
    switch (accessPoints, control) {
    case (0x0606, 0x03):
      decodeIP(bytes, extent, packet)
    case (0xAAAA, 0x03):
      guard packet.has(5, in: extent, .link, "SNAP header") else { return }
      let organization = bytes.uint32BigEndian(at: extent.start) >> 8
      let type = bytes.uint16BigEndian(at: extent.start + 3)
      extent.skip(5)
      // Zero: the type is an EtherType (RFC 1042). 0xF8: the same, through a bridge (802.1H).
      guard organization == 0 || organization == 0xF8, type >= EtherType.minimum else {
        packet.content = .nonIP(etherType: length)
        return
      }
      guard enterInnerFrame(at: extent.start, packet) else { return }
      decodeEtherType(type, bytes, extent, packet)
    default:
      packet.content = .nonIP(etherType: length)
    }
  }
}
