import RDPMessages
import Streams
import Wire

// What an RDP-UDP connection shows by itself.
extension EventLog {
  /// Takes a SYN or a SYN+ACK.
  func note(
    _ message: RDPUDPSynchronization,
    isRepeated: Bool,
    _ octets: [UInt8],
    from side: Side,
    at moment: Moment,
    in phase: Phase
  ) {
    note(
      .synchronization(message, isRepeated: isRepeated),
      from: side,
      at: moment,
      in: phase,
      octets: octets[...]
    ) { octets in
      var reader = ByteReader(octets, layer: .rdpUDP)
      _ = try? RDPUDPSynchronization(decoding: &reader)
    }
  }

  /// Takes a datagram that completed no message.
  func note(
    datagram payload: Span<UInt8>,
    wireLength: Int,
    of tracker: UDPTracker,
    from side: Side,
    at moment: Moment
  ) {
    var octets: [UInt8] = []
    octets.reserveCapacity(payload.count)
    for index in payload.indices { octets.append(payload[index]) }
    let hasData = Self.hasData(octets, tracker.answer?.message.version)
    let count = Event.DatagramCount(
      withData: hasData ? 1 : 0,
      withoutData: hasData ? 0 : 1,
      byteCount: wireLength
    )
    note(
      side == .client
        ? .datagrams(client: count, server: .init()) : .datagrams(client: .init(), server: count),
      from: nil,
      at: moment,
      in: tracker.decoder.facts.deepest
    )
  }

  private static func hasData(_ octets: [UInt8], _ version: RDPUDPVersion?) -> Bool {
    if version == .version3 { return (try? RDPUDP2Packet(datagram: octets[...]))?.data != nil }
    var reader = ByteReader(octets, layer: .rdpUDP)
    let flags = (try? RDPUDPDatagram(decoding: &reader))?.flags ?? []
    return flags.contains(.data) || flags.contains(.fec)
  }
}
