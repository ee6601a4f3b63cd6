import Packets
import Streams
import Wire

extension CaptureTimeline {
  /// Takes an ICMP message: it shows its sender, and an error may be about a connection.
  mutating func observe(
    _ message: ICMPMessage,
    of packet: Packet,
    at moment: Moment
  ) {
    let reporter = hosts.index(of: packet.source)
    hosts.note(.icmp, host: reporter, at: moment)
    hosts.note(timeToLive: packet.timeToLive, host: reporter)
    guard let quoted = message.quoted else { return }
    udp.observe(quoted, message.meaning, by: packet.source, at: moment)
    let found = flows.find(quoted, canOpen: message.countsAsStream, moment: moment) {
      hosts.index(of: $0)
    }
    guard let hit = found, let index = flows[hit.index].connection else { return }
    beside?.settle()
    let side: Side = hit.isFromLow == ends[index].lowIsClient ? .client : .server
    trackers[index].observe(
      ICMPErrorObservation(
        meaning: message.meaning,
        reporter: packet.source,
        side: side,
        moment: moment
      )
    )
  }

  /// Takes a datagram for what it says of hosts, names and tickets.
  mutating func observe(
    _ datagram: UDPDatagram,
    of packet: Packet,
    in bytes: Span<UInt8>,
    at moment: Moment
  ) {
    if KerberosTraffic.isKerberos(datagram.sourcePort, datagram.destinationPort) {
      let isFromClient = datagram.destinationPort == KerberosTraffic.port
      kerberos.observe(
        datagram.payloadRange.map { bytes[$0] }[...],
        from: isFromClient ? .client : .server,
        client: isFromClient ? packet.source : packet.destination,
        kdc: isFromClient ? packet.destination : packet.source,
        at: moment
      )
    }
    hosts.wakeSigns.observe(datagram, in: bytes, at: moment)
    guard !lookups.isIncomplete,
      Self.isNameService(datagram.sourcePort) || Self.isNameService(datagram.destinationPort),
      let message = DNSMessage(bytes, in: datagram.payloadRange)
    else { return }
    lookups.observe(message, from: packet.source, to: packet.destination, at: moment)
  }

  /// DNS (RFC 1035 §4.2.1) and LLMNR (RFC 4795 §2).
  private static func isNameService(_ port: UInt16) -> Bool { port == 53 || port == 5355 }

  /// Takes an ARP message.
  mutating func observe(_ message: ARPMessage, at moment: Moment) {
    if message.isProbe || message.isGratuitous {
      hosts.wakeSigns.note(
        message.isProbe ? .addressProbe : .announcement,
        address: message.targetIP,
        hardware: message.senderMAC,
        at: moment
      )
    }
    guard !message.senderIP.isUnspecified else { return }
    let sender = hosts.index(of: message.senderIP)
    let asks = message.operation == .request && !message.isGratuitous
    hosts.note(asks ? .addressRequest : .addressResolution, host: sender, at: moment)
    hosts.noteHardware(message.senderMAC, of: sender, at: moment)
    if asks {
      hosts.noteResolution(of: hosts.index(of: message.targetIP), at: moment)
      lookups.ask(for: .neighbour(message.targetIP), by: message.senderIP, at: moment)
    } else if message.operation == .reply {
      lookups.answer(of: message.senderIP, to: message.targetIP)
    }
  }

  /// Takes a message of neighbour discovery.
  mutating func observe(
    _ message: NeighbourMessage,
    of packet: Packet,
    at moment: Moment
  ) {
    let isUnspecified = packet.source.isUnspecified
    let asks = message.kind == .solicitation && !isUnspecified
    hosts.note(
      asks ? .addressRequest : .addressResolution,
      host: hosts.index(of: packet.source),
      at: moment
    )
    guard let target = message.target else { return }
    switch message.kind {
    case .solicitation where asks:
      hosts.noteResolution(of: hosts.index(of: target), at: moment)
      lookups.ask(for: .neighbour(target), by: packet.source, at: moment)
    case .solicitation:
      hosts.wakeSigns.note(
        .duplicateAddressDetection,
        address: target,
        hardware: nil,
        at: moment
      )
    case .advertisement:
      lookups.answer(of: target, to: packet.destination)
    default: break
    }
  }
}

extension ICMPMessage {
  /// Redirects quote, too, but Wireshark opens no conversation for them.
  fileprivate var countsAsStream: Bool { isVersion6 || type != 5 }
}
