package import Packets
import Streams

/// A packet as a redacted capture holds it: an Ethernet frame made anew of what its headers say.
package struct RedactedPacket: Hashable, Sendable {
  package let octets: [UInt8]
  /// Octets that the frame would have with its payload.
  package let originalLength: Int
}

// Nothing is copied: what is not understood is not written. Tunnels, options and padding are left
// out, and so is all payload but two messages that hold nothing of anyone's.
extension Redactor {
  /// A packet's headers under pseudonyms.
  ///
  /// - Parameters:
  ///   - packet: The decoded headers.
  ///   - bytes: What their offsets refer to.
  /// - Returns: A frame with these headers.
  package func packet(_ packet: Packet, in bytes: Span<UInt8>) -> RedactedPacket {
    var frame = HeaderWriter()
    frame.hardware(packet.destinationMAC.map(hardware))
    frame.hardware(packet.sourceMAC.map(hardware))
    var absent = 0
    switch packet.content {
    case .arp(let message): write(message, &frame)
    case .nonIP(let etherType): frame.uint16(etherType)
    case .none where !packet.hasAddresses: frame.uint16(HeaderWriter.reservedEtherType)
    default: absent = write(packet, bytes, &frame)
    }
    return RedactedPacket(
      octets: frame.octets,
      originalLength: frame.octets.count + absent
    )
  }

  private func write(_ message: ARPMessage, _ frame: inout HeaderWriter) {
    frame.uint16(0x0806)
    frame.append([0, 1, 8, 0, 6, 4])
    switch message.operation {
    case .request: frame.uint16(1)
    case .reply: frame.uint16(2)
    case .other(let operation): frame.uint16(operation)
    }
    frame.hardware(hardware(message.senderMAC))
    frame.address(address(message.senderIP))
    frame.hardware(hardware(message.targetMAC))
    frame.address(address(message.targetIP))
  }

  /// Writes an IP packet.
  ///
  /// - Returns: Octets of payload that are left out.
  private func write(_ packet: Packet, _ bytes: Span<UInt8>, _ frame: inout HeaderWriter) -> Int {
    var payload = HeaderWriter()
    var absent = 0
    var number: UInt8 = 59  // No next header.
    switch packet.content {
    case .tcp(let segment):
      number = 6
      payload.tcp(segment, segment.flags.contains(.syn) ? segment.options(in: bytes) : nil)
      let kept = keptPayload(bytes, segment)
      payload.append(kept)
      absent = segment.payloadLength - kept.count
    case .udp(let datagram):
      number = 17
      payload.udp(datagram)
      absent = datagram.payloadLength
    case .icmp(let message):
      number = message.isVersion6 ? 58 : 1
      write(message, &payload)
    case .neighbour(let message):
      number = 58
      write(message, &payload)
    case .otherIP(let other): number = other
    case .fragment(let fragment): number = fragment.protocolNumber
    case .arp, .nonIP, .none: break
    }
    frame.uint16(packet.source.isIPv4 ? 0x0800 : 0x86DD)
    frame.ip(
      from: address(packet.source),
      to: address(packet.destination),
      number: number,
      timeToLive: packet.timeToLive,
      identification: packet.hasIdentification ? packet.identification : 0,
      dontFragment: packet.dontFragment,
      payloadLength: payload.octets.count + absent
    )
    frame.append(payload.octets)
    return absent
  }

  private func write(_ message: ICMPMessage, _ payload: inout HeaderWriter) {
    payload.append([message.type, message.code, 0, 0])
    payload.uint32(message.nextHopMTU ?? 0)
    guard let quoted = message.quoted else { return }
    var inner = HeaderWriter()
    if let source = quoted.sourcePort, let destination = quoted.destinationPort {
      inner.uint16(source)
      inner.uint16(destination)
      inner.uint32(quoted.sequence ?? 0)
      if let flags = quoted.flags {
        inner.uint32(0)
        inner.uint16(0x5000 | flags.rawValue & 0x0FFF)
        inner.append([0, 0, 0, 0, 0, 0])
      }
    }
    payload.ip(
      from: address(quoted.source),
      to: address(quoted.destination),
      number: quoted.protocolNumber,
      timeToLive: quoted.timeToLive,
      identification: 0,
      dontFragment: false,
      payloadLength: inner.octets.count
    )
    payload.append(inner.octets)
  }

  private func write(_ message: NeighbourMessage, _ payload: inout HeaderWriter) {
    payload.append([message.kind.rawValue, 0, 0, 0])
    payload.append([(message.isRouter ? 0x80 : 0) | (message.isSolicited ? 0x40 : 0), 0, 0, 0])
    guard let target = message.target else { return }
    payload.address(address(target))
    guard let link = message.linkLayerAddress else { return }
    payload.append([message.kind == .solicitation ? 1 : 2, 1])
    payload.hardware(hardware(link))
  }

  /// The payload of a segment that holds nothing but the server's answer to the negotiation, which
  /// says why it refuses, or nothing but an alert of TLS; nobody is named in either.
  private func keptPayload(_ bytes: Span<UInt8>, _ segment: TCPSegment) -> [UInt8] {
    guard segment.capturedPayloadLength == segment.payloadLength, segment.payloadLength <= 19 else {
      return []
    }
    let payload = segment.payloadRange.map { bytes[$0] }
    // TPKT with an X.224 Connection Confirm of exactly this length ([MS-RDPBCGR] 2.2.1.2).
    let isConfirm =
      [11, 19].contains(payload.count) && payload[0] == 3 && payload[2] == 0
      && Int(payload[3]) == payload.count && payload[5] == 0xD0
    // A record of type 21 with two octets (RFC 8446 §5.1, §6): level and description.
    let isAlert =
      payload.count == 7 && payload[0] == 21 && payload[1] == 3 && payload[3] == 0
      && payload[4] == 2
    return isConfirm || isAlert ? payload : []
  }
}
