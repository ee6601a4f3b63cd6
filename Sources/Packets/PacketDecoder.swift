package import Wire

/// Decodes captured packets one after the other.
///
/// Nothing is allocated and nothing copied, except to put fragmented datagrams together. Wrong
/// checksums are not looked at: a capturing host sees packets before its network card fills them in.
package struct PacketDecoder: Sendable {
  /// Tunnels within tunnels that are followed; three are the most that were seen in data centres.
  package static let maximumTunnelDepth = 8

  /// Datagrams of which fragments are held.
  var reassembler = FragmentReassembler()
  /// The datagram that the packet being decoded completed.
  var completed: CompletedDatagram?
  /// Frames inside of frames of the packet being decoded.
  var innerFrameCount = 0
  /// Packet time of the packet being decoded.
  var now = Timestamp(nanoseconds: 0)

  /// Creates a decoder that holds no fragments.
  package init() {}

  /// Fragmented datagrams given up since the start: too old, too many, or contradictory.
  package var abandonedDatagramCount: Int { reassembler.abandonedCount }

  /// The payload of the IP datagram that the last packet completed: what its offsets refer to where it
  /// `isReassembled`.
  package private(set) var datagram: [UInt8] = []

  /// Decodes one packet and hands it to `body`, exactly once, with what its offsets refer to.
  ///
  /// - Parameters:
  ///   - bytes: The captured octets.
  ///   - linkType: What they begin with.
  ///   - originalLength: Octets of the packet on the wire, as the capture file says.
  ///   - timestamp: Packet time, by which fragments age.
  ///   - packet: Filled again by each call; one for all packets is fastest.
  ///   - body: Called with the decoded packet.
  package mutating func decode(
    _ bytes: Span<UInt8>,
    linkType: LinkType,
    originalLength: Int,
    timestamp: Timestamp,
    into packet: Packet,
    _ body: (Packet, Span<UInt8>) -> Void
  ) {
    decode(
      bytes,
      linkType: linkType,
      originalLength: originalLength,
      timestamp: timestamp,
      into: packet
    )
    if packet.isReassembled { body(packet, datagram.span) } else { body(packet, bytes) }
  }

  /// Decodes one packet.
  ///
  /// Offsets in the packet are relative to its octets, or, when it brought the last missing fragment,
  /// to ``datagram`` (`isReassembled`), as tshark does it.
  ///
  /// - Parameters:
  ///   - bytes: The captured octets.
  ///   - linkType: What they begin with.
  ///   - originalLength: Octets of the packet on the wire, as the capture file says.
  ///   - timestamp: Packet time, by which fragments age.
  ///   - packet: Filled again by each call; one for all packets is fastest.
  package mutating func decode(
    _ bytes: Span<UInt8>,
    linkType: LinkType,
    originalLength: Int,
    timestamp: Timestamp,
    into packet: Packet
  ) {
    if linkType.isEthernet, Self.decodePlain(bytes, originalLength, packet) { return }
    decodeLayers(
      bytes,
      linkType: linkType,
      originalLength: originalLength,
      timestamp: timestamp,
      into: packet
    )
  }

  /// Decodes like ``decode(_:linkType:originalLength:timestamp:into:)``, every packet layer by layer.
  package mutating func decodeLayers(
    _ bytes: Span<UInt8>,
    linkType: LinkType,
    originalLength: Int,
    timestamp: Timestamp,
    into packet: Packet
  ) {
    packet.reset()
    now = timestamp
    innerFrameCount = 0
    let frame = Extent(captured: bytes.count, original: originalLength)
    decodeLink(linkType, bytes, frame, packet)
    if completed != nil { decodeCompleted(packet) }
  }

  /// Decodes the datagram that a last fragment completed, and any completed inside of it.
  private mutating func decodeCompleted(_ packet: Packet) {
    // Each turn is a datagram inside of the one before.
    for _ in 0..<Self.maximumTunnelDepth {
      guard let datagram = completed else { break }
      completed = nil
      self.datagram = datagram.payload
      packet.isReassembled = true
      packet.isCutByCapture = false
      let whole = Extent(captured: datagram.payload.count, original: datagram.payload.count)
      let bytes = datagram.payload.span
      if datagram.isVersion6 {
        decodeIPv6Payload(datagram.protocolNumber, bytes, whole, packet)
      } else {
        decodeTransport(datagram.protocolNumber, bytes, whole, packet)
      }
    }
    if completed != nil {
      completed = nil
      packet.note(.tunnel, "depth", at: 0, .limitExceeded(limit: Self.maximumTunnelDepth))
    }
  }

  /// Counts a tunnel around the packet.
  ///
  /// - Returns: Whether its contents may be decoded.
  func enterTunnel(_ kind: TunnelKinds, at offset: Int, _ packet: Packet) -> Bool {
    guard packet.tunnelDepth < Self.maximumTunnelDepth else {
      packet.note(
        .tunnel,
        "depth",
        at: offset,
        .limitExceeded(limit: Self.maximumTunnelDepth)
      )
      return false
    }
    packet.tunnelDepth += 1
    packet.tunnels.formUnion(kind)
    return true
  }
}
