import RDPMessages
import Testing
import Wire

@Suite struct RDPUDPTests {
  /// A SYN of Windows' own client, offering version 3, without the zeros after it.
  static let syn: [UInt8] =
    [0xFF, 0xFF, 0xFF, 0xFF, 0x00, 0x40, 0x18, 0x01]  // snSourceAck, window, flags
    + [0xA7, 0xEB, 0x5D, 0xA4, 0x04, 0xD0, 0x04, 0xD0]  // sequence, MTUs
    + [0xA2, 0xE2, 0xC8, 0x18, 0x6D, 0xE3, 0x4F, 0x1E]  // correlation id
    + [0x8D, 0x0F, 0x91, 0x75, 0xE4, 0xCD, 0x00, 0x00] + [UInt8](repeating: 0, count: 16)
    + [0x00, 0x01, 0x01, 0x01] + [UInt8](repeating: 0xC0, count: 32)  // version, cookie hash

  static let answer: [UInt8] =
    [0x0B, 0x12, 0x7F, 0x15, 0x00, 0x40, 0x10, 0x05] + [0x0F, 0x94, 0xEA, 0x0B]
    + [0x04, 0xD0, 0x04, 0xD0, 0x00, 0x01, 0x00, 0x02]

  private func decode(_ octets: [UInt8]) throws(DecodeError) -> RDPUDPSynchronization {
    var reader = ByteReader(octets, layer: .rdpUDP)
    return try RDPUDPSynchronization(decoding: &reader)
  }

  @Test func synHasItsOptions() throws {
    let syn = try decode(Self.syn + [UInt8](repeating: 0, count: 1148))
    #expect(syn.initialSequence == 0xA7EB_5DA4)
    #expect(syn.receiveWindow == 64)
    #expect([syn.upstreamMTU, syn.downstreamMTU] == [1232, 1232])
    #expect(syn.flags.names == ["SYN", "CORRELATION_ID", "SYNEX"])
    #expect(syn.correlationID == "a2e2c8186de34f1e8d0f9175e4cd0000")
    #expect(syn.version == .version3)
    #expect(syn.cookieHash == String(repeating: "c0", count: 32))
    #expect(!syn.isAnswer)
  }

  @Test func answerChoosesAVersion() throws {
    let answer = try decode(Self.answer)
    #expect(answer.isAnswer)
    #expect(answer.acknowledged == 0x0B12_7F15)
    #expect(answer.version == .version2)
    #expect(answer.cookieHash == nil)
  }

  @Test(arguments: [Self.syn, Self.answer])
  func everyPrefixIsTruncated(_ sample: [UInt8]) {
    for count in sample.indices {
      #expect(throws: DecodeError.self, "\(count) octets") { try decode(Array(sample[..<count])) }
    }
  }

  /// What other traffic may look like, by the octet that gives it away.
  @Test(arguments: [
    (0, UInt8(0)),  // No SYN acknowledges.
    (6, 0xF8),  // Flags that nobody defined.
    (7, 0x00), (7, 0x03), (7, 0x09), (7, 0x11),  // No SYN, or one with FIN, data or FEC.
    (12, 0x03), (12, 0x05), (14, 0x00),  // MTUs out of range.
  ])
  func whatIsNoSYNIsRefused(_ place: Int, _ octet: UInt8) {
    var octets = Self.syn
    octets[place] = octet
    #expect(throws: DecodeError.self) { try decode(octets) }
  }

  @Test(arguments: [
    (Self.syn, 1232, true), (Self.syn, 84, false), (Self.answer, 1232, false),
    (Array(Self.syn[..<7]), 1232, false),
  ])
  func onlyFilledDatagramsMayStart(_ octets: [UInt8], _ length: Int, _ mayStart: Bool) {
    let found = octets.span.mayStartRDPUDP(wireLength: length)
    #expect(found == mayStart)
  }
}

@Suite struct RDPUDPDatagramTests {
  /// Data with an ACK vector of one element, as a server sends them.
  static let data: [UInt8] =
    [0x0B, 0x12, 0x7F, 0x16, 0x00, 0xC8, 0x00, 0x0C] + [0x00, 0x01, 0x00, 0x1F]
    + [0x0F, 0x94, 0xEA, 0x0C, 0x0F, 0x94, 0xEA, 0x0C] + [0x16, 0x03, 0x03]

  private func decode(_ octets: [UInt8]) throws(DecodeError) -> RDPUDPDatagram {
    var reader = ByteReader(octets, layer: .rdpUDP)
    return try RDPUDPDatagram(decoding: &reader)
  }

  @Test func dataAreFoundBehindTheirVector() throws {
    let datagram = try decode(Self.data)
    #expect(datagram.acknowledged == 0x0B12_7F16)
    #expect(datagram.source?.number == 0x0F94_EA0C)
    #expect(datagram.source.map { Array($0.octets) } == [0x16, 0x03, 0x03])
  }

  /// The specification's own example ([MS-RDPEUDP] 4.2.3), its sizes in the order that they have on
  /// the wire.
  @Test func acknowledgmentOfAcknowledgmentsIsPassedOver() throws {
    let octets: [UInt8] =
      [0xD6, 0xCF, 0x0A, 0xB8, 0x04, 0x00, 0x01, 0x0C, 0x00, 0x01, 0x04, 0x00]
      + [0xD6, 0xCF, 0x0A, 0xB8, 0xEC, 0x47, 0x1A, 0xE4, 0xEC, 0x47, 0x1A, 0xE4, 0x17, 0x03]
    #expect(try decode(octets).source?.number == 0xEC47_1AE4)
  }

  @Test func correctionIsNoData() throws {
    var octets = Self.data
    octets[7] |= 0x10
    #expect(try decode(octets).source == nil)
  }

  @Test func everyPrefixOfTheHeadersIsTruncated() {
    for count in 0..<20 {
      #expect(throws: DecodeError.self, "\(count)") { try decode(Array(Self.data[..<count])) }
    }
  }

  @Test func lyingVectorIsRefused() {
    var octets = Self.data
    octets[8] = 0xFF
    #expect {
      try decode(octets)
    } throws: {
      ($0 as? DecodeError)?.reason == .limitExceeded(limit: 2048, found: 0xFF01)
    }
  }
}

@Suite struct RDPUDP2PacketTests {
  /// A server's packet with everything but an ACK vector.
  static let full: [UInt8] =
    [0x00, 0x55, 0xC1, 0x64, 0x00, 0x03, 0x01, 0xE0, 0x01, 0x00, 0x0A, 0x01, 0xF4, 0x01]
    + [0x64, 0x00, 0x64, 0x00, 0x01, 0x00, 0x16, 0x03, 0x01]
  static let dummy: [UInt8] =
    [0x00, 0x14, 0xC0, 0x64, 0x00, 0x65, 0x00, 0xF0, 0x00, 0x00]

  @Test func dataAreFoundBehindEverything() throws {
    let packet = try RDPUDP2Packet(datagram: Self.full[...])
    #expect(packet.flags == [.ack, .data, .ackOfAcks, .overheadSize, .delayACKInfo])
    #expect(packet.data?.sequence == 0x64)
    #expect(packet.data?.channelSequence == 1)
    #expect(packet.data.map { Array($0.octets) } == [0x16, 0x03, 0x01])
    #expect(!packet.isDummy)
  }

  @Test func dummyHasNoData() throws {
    let packet = try RDPUDP2Packet(datagram: Self.dummy[...])
    #expect(packet.isDummy)
    #expect(packet.data == nil)
  }

  @Test(arguments: [true, false])
  func vectorIsPassedOver(_ hasTime: Bool) throws {
    let vector: [UInt8] = [0x10, 0x00, hasTime ? 0x82 : 0x02] + (hasTime ? [1, 2, 3, 4] : [])
    let body: [UInt8] = [0x0C, 0xC0, 0x07, 0x00] + vector + [0xC3, 0x7F, 0x05, 0x00, 0x17]
    var octets: [UInt8] = [0xE0] + body
    octets.swapAt(0, 7)
    let data = try RDPUDP2Packet(datagram: octets[...]).data
    #expect(data?.sequence == 7)
    #expect(data?.channelSequence == 5)
    #expect(data.map { Array($0.octets) } == [0x17])
  }

  @Test func everyPrefixOfTheHeadersIsTruncated() {
    for count in 0..<20 {
      #expect(throws: DecodeError.self, "\(count)") {
        try RDPUDP2Packet(datagram: Self.full[..<count])
      }
    }
  }

  /// No octet of a packet can make its decoder trap, whatever it says.
  @Test func anyOctetMayLie() {
    for place in Self.full.indices {
      for value in UInt8.min...UInt8.max {
        var octets = Self.full
        octets[place] = value
        _ = try? RDPUDP2Packet(datagram: octets[...])
      }
    }
    var octets = Self.full
    octets[1] |= 0x08  // ACK and ACK vector exclude each other.
    #expect(throws: DecodeError.self) { try RDPUDP2Packet(datagram: octets[...]) }
  }
}

@Suite struct TunnelPDUTests {
  static let request: [UInt8] =
    [0x00, 0x18, 0x00, 0x04, 0x07, 0, 0, 0, 0, 0, 0, 0] + [UInt8](repeating: 9, count: 16)
  static let response: [UInt8] = [0x01, 0x04, 0x00, 0x04, 0x05, 0x40, 0x00, 0x80]
  static let data: [UInt8] = [0x02, 0x02, 0x00, 0x06, 0x02, 0x00, 0xAA, 0xBB]

  private func decode(_ octets: [UInt8]) throws(DecodeError) -> TunnelPDU {
    var reader = ByteReader(octets, layer: .multitransport)
    return try TunnelPDU(decoding: &reader)
  }

  @Test func pdusAreTold() throws {
    #expect(try decode(Self.request) == .createRequest(requestID: 7))
    #expect(try decode(Self.response) == .createResponse(result: 0x8000_4005))
    #expect(try decode(Self.data) == .data(byteCount: 2))
  }

  @Test(arguments: [Self.request, Self.response, Self.data])
  func everyPrefixIsTruncated(_ sample: [UInt8]) {
    for count in sample.indices {
      #expect(throws: DecodeError.self, "\(count)") { try decode(Array(sample[..<count])) }
    }
  }

  @Test func headerShorterThanItselfIsRefused() {
    #expect(throws: DecodeError.self) { try decode([0x02, 0x00, 0x00, 0x03, 0, 0, 0, 0]) }
    #expect(throws: DecodeError.self) { try decode([0x03, 0x00, 0x00, 0x04]) }
  }
}
