package import Packets
package import Streams
import Timeline

/// What a packet is to somebody who keeps packets for a while.
package enum PacketInterest: Hashable, Sendable {
  /// A segment of a conversation, followed or not.
  case segment(Endpoint, Endpoint, isBare: Bool)
  /// What helps to judge every connection: ARP, neighbour discovery, ICMP, DNS, fragments.
  case context
  /// It shows that its sender is alive, and nothing else.
  case activity(IPAddress)
  /// Nothing.
  case none

  init(_ packet: borrowing Packet, _ timeline: borrowing CaptureTimeline) {
    switch packet.content {
    case .tcp(let segment):
      self = .segment(
        Endpoint(address: packet.source, port: segment.sourcePort),
        Endpoint(address: packet.destination, port: segment.destinationPort),
        isBare: segment.payloadLength == 0
      )
    case .arp, .icmp, .neighbour, .fragment: self = .context
    case .udp(let datagram):
      let isName = [53, 67, 68, 5353, 5355].contains {
        $0 == datagram.sourcePort || $0 == datagram.destinationPort
      }
      self = isName ? .context : .activity(packet.source)
    case .otherIP: self = .activity(packet.source)
    case .nonIP, .none: self = .none
    }
  }
}
