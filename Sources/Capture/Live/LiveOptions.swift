/// How interfaces are listened on.
package struct LiveOptions: Sendable {
  /// Octets kept of a packet.
  package var snapLength = 262_144
  /// Octets of the kernel's buffer, for each interface: a quarter of a second at 1 Gbit/s, longer
  /// than judging takes.
  package var bufferByteCount = 32 << 20
  /// Whether packets for other hosts are taken, too.
  package var isPromiscuous = false
  /// A BPF expression that packets must match; `nil` for all.
  package var filter: String?
  /// Whether the headers of all other packets are taken, for the activity of hosts.
  package var showsActivity = true

  /// The options of the documentation.
  package init() {}

  /// Octets of a header capture: the longest usual headers, Linux cooked 20, IPv6 40, TCP 20 and a
  /// VLAN tag, and no content.
  static let activitySnapLength = 96
  /// Octets of its kernel buffer.
  static let activityBufferByteCount = 4 << 20

  /// What diagnosis needs of the traffic: RDP over TCP and UDP on the followed ports, what may say
  /// why it fails (ICMP, ARP, neighbour discovery, names, DHCP), and fragments, whose ports nobody sees.
  package static func defaultFilter(ports: Set<UInt16>) -> String {
    let followed = ports.sorted().map { "port \($0)" }.joined(separator: " or ")
    return followed + " or icmp or icmp6 or arp or udp port 53 or udp port 67 or udp port 68"
      + " or udp port 546 or udp port 547 or udp port 5353 or udp port 5355"
      + " or (ip and ip[6:2] & 0x1fff != 0)"
  }
}
