import Testing
import Wire

@testable import Packets

/// One packet, and where its TCP segment is to be found.
struct Sample: Sendable, CustomTestStringConvertible {
  let name: String
  var linkType = LinkType.ethernet
  let bytes: [UInt8]
  var tunnels: TunnelKinds = []
  var isVersion6 = false

  var testDescription: String { name }

  static let payload = hex("0300 0013 0EE0 0000 0000 0001 0008 0003 000000")
  static let segment = Build.tcp(payload, options: hex("0101 080A 00000001 00000002"))
  static let four = Build.ipv4(6, segment)
  static let six = Build.ipv6(6, segment)
  static let frame = Build.ethernet(0x0800, four)

  static let all = links + tunnelled + extended

  /// Link layers around the same segment.
  static let links: [Sample] = [
    Sample(name: "Ethernet", bytes: frame),
    Sample(name: "Ethernet, IPv6", bytes: Build.ethernet(0x86DD, six), isVersion6: true),
    Sample(name: "802.1Q", bytes: Build.macs + hex("8100 2064 0800") + four),
    Sample(name: "QinQ", bytes: Build.macs + hex("88A8 0064 8100 0065 0800") + four),
    Sample(name: "old QinQ", bytes: Build.macs + hex("9100 0064 8100 0065 0800") + four),
    Sample(
      name: "802.3 with SNAP",
      bytes: Build.ethernet(8 + four.count, hex("AAAA03 000000 0800") + four)
    ),
    Sample(name: "802.3 with LLC", bytes: Build.ethernet(3 + four.count, hex("060603") + four)),
    Sample(name: "raw", linkType: .raw, bytes: four),
    Sample(name: "raw, IPv6", linkType: .raw, bytes: six, isVersion6: true),
    Sample(name: "raw 12", linkType: LinkType(rawValue: 12), bytes: four),
    Sample(name: "raw 14", linkType: LinkType(rawValue: 14), bytes: four),
    Sample(name: "IPv4", linkType: .ipv4, bytes: four),
    Sample(name: "IPv6", linkType: .ipv6, bytes: six, isVersion6: true),
    Sample(name: "null, little-endian", linkType: .null, bytes: hex("02000000") + four),
    Sample(name: "null, big-endian", linkType: .null, bytes: hex("00000002") + four),
    Sample(name: "null, macOS", linkType: .null, bytes: hex("1E000000") + six, isVersion6: true),
    Sample(name: "loop", linkType: .loop, bytes: hex("00000018") + six, isVersion6: true),
    Sample(
      name: "cooked 1",
      linkType: .linuxSLL,
      bytes: hex("0000 0001 0006 020000000001 0000 0800") + four
    ),
    Sample(
      name: "cooked 2",
      linkType: .linuxSLL2,
      bytes: hex("0800 0000 00000003 0001 04 06 020000000001 0000") + four
    ),
    Sample(name: "PPP", linkType: .ppp, bytes: hex("FF03 0021") + four),
    Sample(name: "PPP, compressed", linkType: .ppp, bytes: hex("21") + four),
    Sample(name: "PPP, IPv6", linkType: .ppp, bytes: hex("0057") + six, isVersion6: true),
    Sample(name: "PPP in HDLC", linkType: .pppHDLC, bytes: hex("FF03 0021") + four),
    Sample(name: "Cisco HDLC", linkType: .ciscoHDLC, bytes: hex("0F00 0800") + four),
    Sample(name: "PPP of pppd", linkType: .pppd, bytes: hex("01 03 0021") + four),
    Sample(name: "PKTAP", linkType: .pktap, bytes: pktap(1, frame)),
    Sample(name: "PKTAP, user 2", linkType: LinkType(rawValue: 149), bytes: pktap(12, four)),
    Sample(
      name: "NFLOG, little-endian",
      linkType: .nflog,
      bytes: hex("02 00 0005  0800 0100 08000301  0600 0A00 65740000")
        + [UInt8(4 + four.count), 0, 9, 0] + four
    ),
    Sample(
      name: "NFLOG, big-endian",
      linkType: .nflog,
      bytes: hex("02 00 0005  0008 0001 08000301") + [0, UInt8(4 + four.count), 0, 9] + four
    ),
  ]

  /// Tunnels around the same segment.
  static let tunnelled: [Sample] = [
    Sample(
      name: "MPLS",
      bytes: Build.ethernet(0x8847, hex("00010040 00011140") + four),
      tunnels: .mpls
    ),
    Sample(
      name: "MPLS pseudowire",
      bytes: Build.ethernet(0x8847, hex("00011140 00000000") + frame),
      tunnels: .mpls
    ),
    Sample(
      name: "MPLS pseudowire without control word",
      bytes: Build.ethernet(0x8848, hex("00011140 A2") + frame.dropFirst()),
      tunnels: .mpls
    ),
    Sample(name: "PPPoE", bytes: Build.ethernet(0x8864, pppoe), tunnels: .pppoe),
    Sample(name: "PPPoE alone", linkType: .pppEthernet, bytes: pppoe, tunnels: .pppoe),
    Sample(name: "IP in IP", bytes: outer(4, four), tunnels: .ipInIP),
    Sample(name: "IPv6 in IP", bytes: outer(41, six), tunnels: .ipInIP, isVersion6: true),
    Sample(name: "GRE", bytes: outer(47, hex("0000 0800") + four), tunnels: .gre),
    Sample(
      name: "GRE, all fields",
      bytes: outer(
        47,
        hex("F000 86DD 00000000 00000001 00000002 0800 0004 0A000009 00000000") + six
      ),
      tunnels: .gre,
      isVersion6: true
    ),
    Sample(name: "GRE, Ethernet", bytes: outer(47, hex("0000 6558") + frame), tunnels: .gre),
    Sample(
      name: "ERSPAN I",
      bytes: outer(47, hex("0000 88BE") + frame),
      tunnels: [.gre, .erspan]
    ),
    Sample(
      name: "ERSPAN II",
      bytes: outer(47, hex("1000 88BE 00000007 1001 0001 00000000") + frame),
      tunnels: [.gre, .erspan]
    ),
    Sample(
      name: "ERSPAN III",
      bytes: outer(47, hex("1000 22EB 00000007 2001 0001 00000000 0000 0000") + frame),
      tunnels: [.gre, .erspan]
    ),
    Sample(
      name: "ERSPAN III with subheader, IP",
      bytes: outer(
        47,
        hex("1000 22EB 00000007 2001 0001 00000000 0000 0801 0000000000000000") + four
      ),
      tunnels: [.gre, .erspan]
    ),
    Sample(
      name: "PPTP",
      bytes: outer(47, hex("3081 880B 0000 0001 00000007 00000006 FF03 0021") + four),
      tunnels: .pptp
    ),
    Sample(
      name: "VXLAN",
      bytes: outer(17, Build.udp(hex("08000000 00002A00") + frame, to: 4789)),
      tunnels: .vxlan
    ),
    Sample(
      name: "Geneve with options",
      bytes: outer(17, Build.udp(hex("02 00 6558 00002A00 0102800100000000") + frame, to: 6081)),
      tunnels: .geneve
    ),
    Sample(
      name: "Geneve, IP",
      bytes: outer(17, Build.udp(hex("00 00 0800 00002A00") + four, to: 6081)),
      tunnels: .geneve
    ),
    Sample(
      name: "VXLAN in GRE in IPv6",
      bytes: Build.ethernet(
        0x86DD,
        Build.ipv6(
          47,
          hex("0000 0800")
            + Build.ipv4(17, Build.udp(hex("08000000 00002A00") + frame, to: 4789))
        )
      ),
      tunnels: [.gre, .vxlan]
    ),
  ]

  /// IP options and extension headers before the same segment.
  static let extended: [Sample] = [
    Sample(
      name: "IPv4 with options",
      bytes: Build.ethernet(0x0800, Build.ipv4(6, segment, options: hex("94040000 01010101")))
    ),
    Sample(
      name: "IPv6 with every header",
      bytes: Build.ethernet(
        0x86DD,
        Build.ipv6(
          0,
          hex("2B 00 0502 0000 0100")  // Hop by hop, then routing.
            + hex("3C 02 0401 00000000 20010DB8000000000000000000000009")  // Routing.
            + hex("33 00 0104 00000000")  // Destination options, then authentication.
            + hex("2C 04 0000 00000001 00000002 0102030405060708090A0B0C")
            + hex("06 00 0000 00000009")  // An atomic fragment.
            + segment
        )
      ),
      isVersion6: true
    ),
  ]

  private static let pppoe = hex("11 00 0001") + Build.uint16(2 + four.count) + hex("0021") + four

  private static func pktap(_ type: UInt8, _ packet: [UInt8]) -> [UInt8] {
    hex("6C000000 01000000") + [type, 0, 0, 0] + Array(repeating: 0, count: 96) + packet
  }

  /// 192.0.2.1 to 192.0.2.2 around a tunnel.
  private static func outer(_ number: UInt8, _ payload: [UInt8]) -> [UInt8] {
    Build.macs + hex("0800 4500") + Build.uint16(20 + payload.count) + hex("0001 0000 40")
      + [number] + hex("0000 C0000201 C0000202") + payload
  }
}
