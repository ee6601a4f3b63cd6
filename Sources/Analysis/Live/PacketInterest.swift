package import Packets
package import Streams
import Timeline

/// What a packet is to somebody who keeps packets for a while.
package enum PacketInterest: Hashable, Sendable {
  /// A segment of a followed conversation, or one that opens any conversation.
  case segment(Endpoint, Endpoint, isOpening: Bool)
  /// What helps to judge every connection: ARP, neighbour discovery, ICMP, names, fragments.
  case context
  /// It shows that its sender is alive, and nothing else.
  case activity(IPAddress)
  /// Nothing.
  case none

  init(_ packet: Packet, _ timeline: borrowing CaptureTimeline) {
    switch packet.content {
    case .tcp(let segment):
      let isOpening = segment.flags.contains(.syn)
      let isFollowed =
        timeline.follows(port: segment.sourcePort)
        || timeline.follows(port: segment.destinationPort)
      self =
        isOpening || isFollowed
        ? .segment(
          Endpoint(address: packet.source, port: segment.sourcePort),
          Endpoint(address: packet.destination, port: segment.destinationPort),
          isOpening: isOpening && !segment.flags.contains(.ack)
        ) : .activity(packet.source)
    case .arp, .icmp, .neighbour, .fragment: self = .context
    case .udp(let datagram):
      let isContext =
        Self.isName(datagram.sourcePort) || Self.isName(datagram.destinationPort)
        || timeline.follows(port: datagram.sourcePort)
        || timeline.follows(port: datagram.destinationPort)
      self = isContext ? .context : .activity(packet.source)
    case .otherIP: self = .activity(packet.source)
    case .nonIP, .none: self = .none
    }
  }

  /// DNS, DHCP, multicast DNS and LLMNR.
  private static func isName(_ port: UInt16) -> Bool {
    switch port {
    case 53, 67, 68, 546, 547, 5353, 5355: true
    default: false
    }
  }
}
