import Testing
import Wire

@testable import Packets

/// ICMP, neighbour discovery, ARP and UDP.
struct IPMessageTests {
  static let quoted = Build.ipv4(6, Build.tcp(hex("0102")))
  static let quoted6 = Build.ipv6(6, Build.tcp(hex("0102")))

  static let samples: [Sample] = [
    Sample(name: "ICMP", linkType: .raw, bytes: Build.ipv4(1, hex("0301 0000 00000000") + quoted)),
    Sample(
      name: "ICMPv6",
      linkType: .raw,
      bytes: Build.ipv6(58, hex("0104 0000 00000000") + quoted6)
    ),
    Sample(name: "ND", linkType: .raw, bytes: Build.ipv6(58, advertisement)),
    Sample(name: "ARP", bytes: Build.ethernet(0x0806, arp("0001", "0A000001", "0A000002"))),
    Sample(name: "UDP", linkType: .raw, bytes: Build.ipv4(17, Build.udp(hex("0102")))),
    Sample(
      name: "fragment",
      linkType: .raw,
      bytes: Build.ipv4(17, Build.udp([]), fragment: 0x2000)
    ),
    Sample(name: "last", linkType: .raw, bytes: Build.ipv4(17, hex("0102"), fragment: 1)),
    Sample(
      name: "IPv6 fragment",
      linkType: .raw,
      bytes: Build.ipv6(44, hex("1100 0001 00000007") + Build.udp([]))
    ),
  ]

  static let advertisement =
    hex("8800 0000 E0000000 20010DB8000000000000000000000002 0201 020000000002")

  static func arp(_ operation: String, _ sender: String, _ target: String) -> [UInt8] {
    hex("0001 0800 0604 \(operation) 020000000001 \(sender) 000000000000 \(target)")
  }

  @Test(arguments: samples)
  func everyPrefixIsCutOrDamaged(_ sample: Sample) {
    for count in 0..<sample.bytes.count {
      let bytes = Array(sample.bytes[..<count])
      let cut = decode(bytes, sample.linkType, originalLength: sample.bytes.count).packet
      #expect(cut.isCutByCapture)
      #expect(cut.problem?.decodeError == nil)
      #expect(decode(bytes, sample.linkType).packet.problem != nil)
    }
  }

  @Test(
    arguments: [
      (0x0000, .echoReply), (0x0300, .netUnreachable), (0x0301, .hostUnreachable),
      (0x0303, .portUnreachable), (0x0304, .fragmentationNeeded(mtu: 1400)),
      (0x0302, .protocolUnreachable), (0x0305, .netUnreachable), (0x030E, .adminProhibited),
      (0x030F, .adminProhibited), (0x0309, .adminProhibited), (0x030A, .adminProhibited),
      (0x030D, .adminProhibited), (0x0310, .other),
      (0x0800, .echoRequest),
      (0x0B00, .timeExceeded), (0x0501, .other), (0x0D00, .other),
    ] as [(Int, ICMPMessage.Meaning)]
  )
  func icmpMeans(_ typeAndCode: Int, _ meaning: ICMPMessage.Meaning) throws {
    let body = Build.uint16(typeAndCode) + hex("0000 0000 0578") + Self.quoted
    let message = try #require(decode(Build.ipv4(1, body), .raw).message)
    #expect(message.meaning == meaning)
    #expect(!message.isVersion6)
    #expect(Int(message.type) << 8 | Int(message.code) == typeAndCode)
    let isError = [3, 5, 11].contains(message.type)
    #expect(message.quoted?.sequence == (isError ? 100 : nil))
  }

  @Test(
    arguments: [
      (0x0100, .netUnreachable), (0x0101, .adminProhibited), (0x0103, .hostUnreachable),
      (0x0104, .portUnreachable), (0x0200, .fragmentationNeeded(mtu: 1280)),
      (0x0300, .timeExceeded),
      (0x8000, .echoRequest), (0x8100, .echoReply), (0x8200, .other),
    ] as [(Int, ICMPMessage.Meaning)]
  )
  func icmp6Means(_ typeAndCode: Int, _ meaning: ICMPMessage.Meaning) throws {
    let body = Build.uint16(typeAndCode) + hex("0000 00000500") + Self.quoted6
    let message = try #require(decode(Build.ipv6(58, body), .raw).message)
    #expect(message.meaning == meaning)
    #expect(message.isVersion6)
    #expect((message.quoted != nil) == (message.type < 128))
  }

  @Test func anErrorQuotesTheSegment() throws {
    let body = hex("0304 0000 0000 0578") + Self.quoted.prefix(28)
    let message = try #require(decode(Build.ipv4(1, body), .raw).message)
    #expect(message.nextHopMTU == 1400)
    let quoted = try #require(message.quoted)
    #expect(quoted.source == Build.client)
    #expect(quoted.destination == Build.server)
    #expect(quoted.protocolNumber == 6)
    #expect(quoted.timeToLive == 128)
    #expect(quoted.sourcePort == 49152)
    #expect(quoted.destinationPort == 3389)
    #expect(quoted.sequence == 100)
    #expect(quoted.flags == nil)
  }

  @Test func aRouterThatKnowsNoMTUSaysNone() throws {
    let body = hex("0304 0000 0000 0000") + Self.quoted
    let message = try #require(decode(Build.ipv4(1, body), .raw).message)
    #expect(message.meaning == .fragmentationNeeded(mtu: nil))
    #expect(message.quoted?.flags == [.ack, .psh])
  }

  @Test func laterFragmentsQuoteNoPorts() throws {
    let body = hex("0B01 0000 00000000") + Build.ipv4(6, Build.tcp([]), fragment: 5)
    let quoted = try #require(decode(Build.ipv4(1, body), .raw).message?.quoted)
    #expect(quoted.destination == Build.server)
    #expect(quoted.sourcePort == nil)
    #expect(quoted.sequence == nil)
  }

  @Test func extensionHeadersInAQuoteAreSkipped() throws {
    let inner = Build.ipv6(60, hex("2C00000000000000 0600 0000 00000001") + Build.tcp([]))
    let body = hex("0100 0000 00000000") + inner
    let quoted = try #require(decode(Build.ipv6(58, body), .raw).message?.quoted)
    #expect(quoted.protocolNumber == 6)
    #expect(quoted.destinationPort == 3389)
  }

  @Test func neighbourAdvertisement() {
    let packet = decode(Build.ipv6(58, Self.advertisement), .raw).packet
    #expect(
      packet.content
        == .neighbour(
          NeighbourMessage(
            kind: .advertisement,
            target: Build.server6,
            linkLayerAddress: MACAddress(0x0200_0000_0002),
            isSolicited: true,
            isRouter: true
          )
        )
    )
  }

  @Test func routerMessagesHaveNoTarget() {
    let body = hex("8600 0000 40000708 00000000 00000000 0501 0000000005DC 0101 020000000003")
    guard case .neighbour(let message) = decode(Build.ipv6(58, body), .raw).packet.content else {
      Issue.record("not a neighbour message")
      return
    }
    #expect(message.kind == .routerAdvertisement)
    #expect(message.target == nil)
    #expect(message.linkLayerAddress == MACAddress(0x0200_0000_0003))
    #expect(!message.isSolicited)
  }

  @Test(
    arguments: [
      ("0001", "0A000001", "0A000002", ARPMessage.Operation.request, false, false),
      ("0002", "0A000001", "0A000002", .reply, false, false),
      ("0001", "0A000001", "0A000001", .request, true, false),
      ("0001", "00000000", "0A000002", .request, false, true),
      ("0008", "0A000001", "0A000002", .other(8), false, false),
    ] as [(String, String, String, ARPMessage.Operation, Bool, Bool)]
  )
  func arpSays(
    _ code: String,
    _ sender: String,
    _ target: String,
    _ operation: ARPMessage.Operation,
    _ isGratuitous: Bool,
    _ isProbe: Bool
  ) throws {
    let packet = decode(Build.ethernet(0x0806, Self.arp(code, sender, target))).packet
    guard case .arp(let message) = packet.content else {
      Issue.record("not ARP")
      return
    }
    #expect(message.operation == operation)
    #expect(message.isGratuitous == isGratuitous)
    #expect(message.isProbe == isProbe)
    #expect(message.senderMAC == MACAddress(0x0200_0000_0001))
    #expect(packet.source == message.senderIP)
    #expect(packet.destination == message.targetIP)
  }

  @Test func arpOfOtherLinksIsNotIP() {
    let bytes = Build.ethernet(0x0806, hex("0018 0800 0804 0001"))
    #expect(decode(bytes).packet.content == .nonIP(etherType: 0x0806))
  }

  @Test func udpIsBoundedByItsLength() throws {
    let decoded = decode(Build.ipv4(17, Build.udp(hex("0102")) + hex("FFFF")), .raw)
    #expect(decoded.payload == [1, 2])
    #expect(decoded.datagram?.destinationPort == 3389)
    #expect(decoded.datagram?.payloadLength == 2)
  }

  @Test func tunnelPortsWithoutATunnelAreUDP() {
    #expect(decode(Build.ipv4(17, Build.udp(hex("00"), to: 4789)), .raw).datagram != nil)
    #expect(decode(Build.ipv4(17, Build.udp(hex("FF"), to: 6081)), .raw).datagram != nil)
  }

  @Test func otherProtocolsAreNumbers() {
    #expect(decode(Build.ipv4(89, hex("0201")), .raw).packet.content == .otherIP(protocol: 89))
    #expect(decode(Build.ipv6(59, [], length: 0), .raw).packet.content == .otherIP(protocol: 59))
  }
}
