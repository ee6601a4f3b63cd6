import Wire

extension PacketDecoder {
  /// Holds a fragment, or sets `completed` if it was the last one missing.
  mutating func decodeFragment(
    _ fragment: IPFragment,
    isVersion6: Bool,
    _ bytes: Span<UInt8>,
    _ extent: Extent,
    _ packet: Packet
  ) {
    packet.content = .fragment(fragment)
    guard !extent.isCut else {
      // The datagram can never be complete. Its first fragment still shows whose it was.
      if fragment.offset == 0 {
        decodeTransport(fragment.protocolNumber, bytes, extent, packet)
      }
      return
    }
    let key = FragmentKey(
      source: packet.source,
      destination: packet.destination,
      identification: fragment.identification,
      protocolNumber: fragment.protocolNumber,
      isVersion6: isVersion6
    )
    let layer: PacketLayer = isVersion6 ? .ipv6 : .ipv4
    switch reassembler.insert(fragment, of: key, bytes, at: extent.start, now) {
    case .held: break
    case .complete(let payload):
      packet.content = .none
      completed = CompletedDatagram(
        protocolNumber: fragment.protocolNumber,
        isVersion6: isVersion6,
        payload: payload
      )
    case .tooLong(let end):
      packet.note(
        layer,
        "fragment offset",
        at: extent.start,
        .notAllowed(found: end)
      )
    case .contradiction:
      packet.note(
        layer,
        "fragment overlap",
        at: extent.start,
        .notAllowed(found: fragment.offset)
      )
    case .tooManyPieces:
      packet.note(
        layer,
        "fragment",
        at: extent.start,
        .limitExceeded(limit: FragmentReassembler.maximumPieces)
      )
    }
  }
}

/// A datagram put together from its fragments.
struct CompletedDatagram: Sendable {
  /// What `payload` begins with.
  let protocolNumber: UInt8
  let isVersion6: Bool
  /// Everything after the IP header.
  let payload: [UInt8]
}

/// What fragments of one datagram have in common. RFC 791 §3.2, RFC 8200 §4.5
struct FragmentKey: Hashable, Sendable {
  let source: IPAddress
  let destination: IPAddress
  let identification: UInt32
  let protocolNumber: UInt8
  let isVersion6: Bool
}
