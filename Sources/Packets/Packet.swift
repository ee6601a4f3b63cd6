/// The decoded headers of one captured packet.
///
/// The caller keeps one and has ``PacketDecoder`` fill it again for each packet: all members are
/// plain values, so nothing is allocated. With tunnels the innermost IP packet is described.
///
/// A class, because a value of this size is copied at nearly every call.
package final class Packet {
  /// The sender by IP, for ARP the sender's address; meaningful if `hasAddresses`.
  package var source = IPAddress(high: 0, low: 0)
  /// The receiver by IP, for ARP the target's address; meaningful if `hasAddresses`.
  package var destination = IPAddress(high: 0, low: 0)
  /// The link's sender; `nil` if the link type has none.
  package var sourceMAC: MACAddress?
  /// The link's receiver; `nil` if the link type has none.
  package var destinationMAC: MACAddress?
  /// The outermost VLAN identifier.
  package var vlan: UInt16?
  /// TTL or hop limit; 0 without an IP layer.
  package var timeToLive: UInt8 = 0
  /// IPv4's identification, meaningful if `hasIdentification`.
  package var identification: UInt32 = 0
  /// Whether the packet is IPv4, which alone numbers every packet.
  package var hasIdentification = false
  /// IPv4's DF bit.
  package var dontFragment = false
  /// Whether `source` and `destination` were read.
  package var hasAddresses = false
  /// Whether the snap length cut octets that belong to the packet (not just link padding).
  package var isCutByCapture = false
  /// Whether the IP length was 0, as capturing hosts write before segmentation offload.
  package var isOffloaded = false
  /// Whether this is a datagram put together from fragments, the last of which is this packet.
  package var isReassembled = false
  /// Tunnels around the packet.
  package var tunnels: TunnelKinds = []
  /// How many tunnels are around the packet.
  package var tunnelDepth: UInt8 = 0
  /// What the packet carries.
  package var content = Content.none
  /// The first thing that was wrong with the packet; a cut by the snap length is none.
  package var problem: PacketProblem?

  /// What a packet carries.
  package enum Content: Hashable, Sendable {
    case tcp(TCPSegment)
    case udp(UDPDatagram)
    case icmp(ICMPMessage)
    case arp(ARPMessage)
    case neighbour(NeighbourMessage)
    case otherIP(protocol: UInt8)
    /// Part of a datagram that is not complete.
    case fragment(IPFragment)
    /// Not IP; the number is an EtherType, or a length, DSAP or PPP protocol below 1536.
    case nonIP(etherType: UInt16)
    /// A header is missing or wrong: see `isCutByCapture` and `problem`.
    case none
  }

  /// Creates an empty packet for the decoder to fill.
  package init() {}

  func reset() {
    hasAddresses = false
    source = IPAddress(high: 0, low: 0)
    destination = IPAddress(high: 0, low: 0)
    sourceMAC = nil
    destinationMAC = nil
    vlan = nil
    timeToLive = 0
    identification = 0
    hasIdentification = false
    dontFragment = false
    isCutByCapture = false
    isOffloaded = false
    isReassembled = false
    tunnels = []
    tunnelDepth = 0
    content = .none
    problem = nil
  }

  /// Records a problem, unless an outer layer already had one.
  func note(
    _ layer: PacketLayer,
    _ field: StaticString,
    at offset: Int,
    _ reason: PacketProblem.Reason
  ) {
    guard problem == nil else { return }
    problem = PacketProblem(layer: layer, field: field, offset: offset, reason: reason)
  }
}

/// The kinds of tunnel around a packet.
package struct TunnelKinds: OptionSet, Hashable, Sendable {
  package let rawValue: UInt16

  package init(rawValue: UInt16) { self.rawValue = rawValue }

  package static var ipInIP: Self { Self(rawValue: 0x01) }
  package static var gre: Self { Self(rawValue: 0x02) }
  package static var vxlan: Self { Self(rawValue: 0x04) }
  package static var geneve: Self { Self(rawValue: 0x08) }
  package static var erspan: Self { Self(rawValue: 0x10) }
  package static var mpls: Self { Self(rawValue: 0x20) }
  package static var pppoe: Self { Self(rawValue: 0x40) }
  package static var pptp: Self { Self(rawValue: 0x80) }
}
