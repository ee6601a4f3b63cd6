import Wire

extension PacketDecoder {
  /// Source route entries of GRE that are skipped.
  package static let maximumGRERoutes = 16

  /// Decodes GRE, version 0 or PPTP's version 1.
  ///
  /// Layout: flags and version 2, protocol 2, then, each if its flag is set: checksum 2 and
  /// offset 2 (C or R), key 4 (K), sequence 4 (S), acknowledgment 4 (A, version 1), routing (R).
  /// RFC 1701, RFC 2784, RFC 2890, RFC 2637 §4.1
  mutating func decodeGRE(
    _ bytes: Span<UInt8>,
    _ extent: Extent,
    _ packet: Packet
  ) {
    var extent = extent
    let start = extent.start
    guard packet.has(4, in: extent, .tunnel, "GRE header") else { return }
    let flags = bytes.uint16BigEndian(at: start)
    let type = bytes.uint16BigEndian(at: start + 2)
    let version = flags & 7
    guard version <= 1 else {
      packet.note(.tunnel, "GRE version", at: start, .notAllowed(found: Int(version)))
      return
    }
    let hasSequence = flags & 0x1000 != 0
    let hasRouting = flags & 0x4000 != 0 && version == 0
    var length = 4
    if flags & 0xC000 != 0, version == 0 { length += 4 }
    if flags & 0x2000 != 0 { length += 4 }
    if hasSequence { length += 4 }
    if flags & 0x0080 != 0, version == 1 { length += 4 }
    guard packet.has(length, in: extent, .tunnel, "GRE header") else { return }
    extent.skip(length)
    if hasRouting, !skipGRERoutes(bytes, &extent, packet) { return }
    if version == 1 {
      decodePPTP(hasPayload: hasSequence, type, at: start, bytes, extent, packet)
      return
    }
    guard enterTunnel(.gre, at: start, packet) else { return }
    switch type {
    case EtherType.erspan where hasSequence: decodeERSPAN2(bytes, extent, packet)
    case EtherType.erspan: decodeERSPAN1(bytes, extent, packet)
    case EtherType.erspan3: decodeERSPAN3(bytes, extent, packet)
    case EtherType.ppp: decodePPP(bytes, extent, packet)
    default: decodeEtherType(type, bytes, extent, packet)
    }
  }

  /// Skips source route entries: family 2, offset 1, length 1, then as many octets. RFC 1701
  private func skipGRERoutes(
    _ bytes: Span<UInt8>,
    _ extent: inout Extent,
    _ packet: Packet
  ) -> Bool {
    for _ in 0..<Self.maximumGRERoutes {
      guard packet.has(4, in: extent, .tunnel, "GRE routing") else { return false }
      let family = bytes.uint16BigEndian(at: extent.start)
      let length = Int(bytes.uint8(at: extent.start + 3))
      guard packet.has(4 + length, in: extent, .tunnel, "GRE routing") else { return false }
      extent.skip(4 + length)
      if family == 0, length == 0 { return true }
    }
    packet.note(
      .tunnel,
      "GRE routing",
      at: extent.start,
      .limitExceeded(limit: Self.maximumGRERoutes)
    )
    return false
  }

  /// Decodes PPP in GRE version 1; a packet without sequence number only acknowledges.
  private mutating func decodePPTP(
    hasPayload: Bool,
    _ type: UInt16,
    at start: Int,
    _ bytes: Span<UInt8>,
    _ extent: Extent,
    _ packet: Packet
  ) {
    guard hasPayload, type == EtherType.ppp, extent.wireCount > 0 else {
      packet.content = .otherIP(protocol: IPProtocol.gre)
      return
    }
    guard enterTunnel(.pptp, at: start, packet) else { return }
    decodePPP(bytes, extent, packet)
  }
}
