/// What a captured packet begins with: a LINKTYPE_ value of the capture file formats.
///
/// An open registry, https://www.tcpdump.org/linktypes.html; an unknown value is a value. These are
/// the numbers stored in files, which for a few types differ from libpcap's platform-dependent
/// DLT_ numbers.
public struct LinkType: RawRepresentable, Hashable, Sendable {
  /// The number stored in capture files.
  public let rawValue: Int

  /// Creates a link type from the number stored in a capture file.
  @inlinable
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// Whether it is ``ethernet``: asked of every packet, and so without the call that a static member of
  /// another module costs.
  @inlinable @inline(__always)
  public var isEthernet: Bool { rawValue == 1 }

  /// BSD loopback: the protocol family in the capturing host's byte order.
  package static let null = LinkType(rawValue: 0)
  /// Ethernet.
  package static let ethernet = LinkType(rawValue: 1)
  /// PPP, with or without the HDLC-like address and control octets.
  package static let ppp = LinkType(rawValue: 9)
  /// PPP in HDLC-like framing.
  package static let pppHDLC = LinkType(rawValue: 50)
  /// PPPoE session packets, from the PPPoE header on.
  package static let pppEthernet = LinkType(rawValue: 51)
  /// IPv4 or IPv6, told apart by the version nibble.
  package static let raw = LinkType(rawValue: 101)
  /// Cisco HDLC.
  package static let ciscoHDLC = LinkType(rawValue: 104)
  /// IEEE 802.11.
  package static let ieee80211 = LinkType(rawValue: 105)
  /// OpenBSD loopback: the protocol family in network byte order.
  package static let loop = LinkType(rawValue: 108)
  /// Linux cooked capture, version 1.
  package static let linuxSLL = LinkType(rawValue: 113)
  /// IEEE 802.11 behind a radiotap header.
  package static let ieee80211Radiotap = LinkType(rawValue: 127)
  /// PPP as pppd logs it: an octet of direction, then PPP.
  package static let pppd = LinkType(rawValue: 166)
  /// IPv4 only.
  package static let ipv4 = LinkType(rawValue: 228)
  /// IPv6 only.
  package static let ipv6 = LinkType(rawValue: 229)
  /// Linux netfilter log.
  package static let nflog = LinkType(rawValue: 239)
  /// Wireshark's exported PDUs.
  package static let wiresharkUpperPDU = LinkType(rawValue: 252)
  /// Apple's PKTAP, a header that names interface and process.
  package static let pktap = LinkType(rawValue: 258)
  /// Linux cooked capture, version 2.
  package static let linuxSLL2 = LinkType(rawValue: 276)

  /// The name without its LINKTYPE_ prefix, in lower case, or `linktype-N` for one not listed here.
  package var name: String { Self.names[rawValue] ?? "linktype-\(rawValue)" }

  private static let names: [Int: String] = [
    0: "null", 1: "ethernet", 6: "ieee802_5", 8: "slip", 9: "ppp", 10: "fddi", 50: "ppp_hdlc",
    51: "ppp_ether", 101: "raw", 104: "c_hdlc", 105: "ieee802_11", 107: "frelay", 108: "loop",
    113: "linux_sll", 119: "ieee802_11_prism", 127: "ieee802_11_radiotap", 147: "user0",
    166: "ppp_pppd", 189: "usb_linux", 192: "ppi", 204: "ppp_with_dir", 220: "usb_linux_mmapped",
    228: "ipv4", 229: "ipv6", 239: "nflog", 249: "usbpcap", 252: "wireshark_upper_pdu",
    258: "pktap", 276: "linux_sll2",
  ]
}

extension LinkType: CustomStringConvertible {
  /// The name that the report gives it.
  public var description: String { name }
}
