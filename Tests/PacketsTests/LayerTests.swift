import Testing
import Wire

@testable import Packets

struct LayerTests {
  @Test(arguments: Sample.all)
  func theSegmentIsFound(_ sample: Sample) throws {
    let decoded = decode(sample.bytes, sample.linkType)
    let packet = decoded.packet
    #expect(packet.problem?.decodeError == nil)
    #expect(!packet.isCutByCapture)
    #expect(packet.tunnels == sample.tunnels)
    #expect(packet.source == (sample.isVersion6 ? Build.client6 : Build.client))
    #expect(packet.destination == (sample.isVersion6 ? Build.server6 : Build.server))
    #expect(packet.hasAddresses)
    #expect(packet.timeToLive == (sample.isVersion6 ? 64 : 128))
    #expect(packet.hasIdentification == !sample.isVersion6)
    #expect(packet.identification == (sample.isVersion6 ? 0 : 0x1234))
    #expect(packet.dontFragment == !sample.isVersion6)
    let segment = try #require(decoded.segment)
    #expect(segment.sourcePort == 49152)
    #expect(segment.destinationPort == 3389)
    #expect(segment.sequence == 100)
    #expect(segment.acknowledgment == 200)
    #expect(segment.flags == [.ack, .psh])
    #expect(segment.window == 0x2000)
    #expect(segment.payloadLength == Sample.payload.count)
    #expect(decoded.payload == Sample.payload)
    #expect(segment.options(in: decoded.bytes.span).timestampValue == 1)
  }

  /// A snap length loses the end of a packet, whatever it cuts: nothing of it is the packet's fault.
  @Test(arguments: Sample.all)
  func everyPrefixIsCutByTheCapture(_ sample: Sample) {
    for count in 0..<sample.bytes.count {
      let decoded = decode(
        Array(sample.bytes[..<count]),
        sample.linkType,
        originalLength: sample.bytes.count
      )
      #expect(decoded.packet.isCutByCapture, "\(count) octets")
      #expect(decoded.packet.problem?.decodeError == nil, "\(count) octets")
      guard let segment = decoded.segment else { continue }
      #expect(segment.payloadLength == Sample.payload.count)
      #expect(segment.capturedPayloadLength < segment.payloadLength)
      #expect(segment.payloadOffset + segment.capturedPayloadLength == count)
    }
  }

  /// The same packets, had the wire been that short: each is damaged, none is cut.
  @Test(arguments: Sample.all)
  func everyShortPacketHasAProblem(_ sample: Sample) throws {
    for count in 0..<sample.bytes.count {
      let packet = decode(Array(sample.bytes[..<count]), sample.linkType).packet
      #expect(!packet.isCutByCapture, "\(count) octets")
      // NFLOG attributes may end anywhere between two of them.
      if packet.content == .nonIP(etherType: 2), sample.linkType == .nflog { continue }
      let problem = try #require(packet.problem, "\(count) octets")
      #expect(problem.offset <= count)
    }
  }

  @Test func linkAddressesAndOutermostVLAN() {
    let packet = decode(Build.macs + hex("88A8 2064 8100 0065 0800") + Sample.four).packet
    #expect(packet.sourceMAC?.description == "02:00:00:00:00:01")
    #expect(packet.destinationMAC?.description == "02:00:00:00:00:02")
    #expect(packet.vlan == 100)
    #expect(decode(Sample.four, .raw).packet.sourceMAC == nil)
    let cooked = hex("0000 0001 0006 020000000001 0000 0800") + Sample.four
    #expect(decode(cooked, .linuxSLL).packet.sourceMAC?.rawValue == 0x0200_0000_0001)
  }

  @Test(
    arguments: [
      (hex("88CC 0207"), 0x88CC), (hex("8863 11090000 0000"), 0x8863),
      (hex("0026 424203 0000"), 0x26), (hex("8864 11A70001 0000"), 0x8864),
    ] as [([UInt8], UInt16)]
  )
  func otherProtocolsAreNamed(_ tail: [UInt8], _ type: UInt16) {
    let packet = decode(Build.macs + tail, originalLength: 60).packet
    #expect(packet.content == .nonIP(etherType: type))
    #expect(packet.problem == nil)
    #expect(!packet.hasAddresses)
  }

  @Test func unknownLinkTypeIsAProblem() {
    let packet = decode(Sample.frame, LinkType(rawValue: 147)).packet
    #expect(packet.content == .none)
    #expect(packet.problem?.field.description == "link type")
  }

  @Test func aReusedPacketKeepsNothing() {
    var decoder = PacketDecoder()
    let packet = Packet()
    for bytes in [Sample.tunnelled[0].bytes, hex("00"), Build.macs + hex("88CC")] {
      decoder.decode(
        bytes.span,
        linkType: .ethernet,
        originalLength: bytes.count,
        timestamp: Timestamp(nanoseconds: 0),
        into: packet
      ) { _, _ in }
    }
    #expect(packet.content == .nonIP(etherType: 0x88CC))
    #expect(packet.problem == nil)
    #expect(!packet.hasAddresses)
    #expect(packet.source == .unspecified)
    #expect(packet.tunnels == [])
    #expect(packet.tunnelDepth == 0)
    #expect(packet.timeToLive == 0)
  }
}
