import RDPMessages
import Testing
import Wire

@Suite struct MessageChannelTests {
  private static let channels = ChannelMap(io: 1003, message: 1008, names: [1007: "drdynvc"])

  private func decode(
    _ octets: [UInt8],
    channel: UInt16,
    fromClient: Bool = false
  ) throws -> SessionMessage {
    var problems: [DecodeError] = []
    return try SessionMessage(
      octets[...],
      byteCount: octets.count,
      from: .init(channelID: channel, isFromClient: fromClient, channels: Self.channels),
      problems: &problems
    )
  }

  /// What Windows sends: flags and flagsHi, then the message.
  static let messages: [(octets: [UInt8], isFromClient: Bool, expected: MessageChannelPDU?)] = [
    (octets("00400000 00 01 08 08"), false, nil),
    (octets("00100000 06 00 0000 0100"), false, .autoDetect(.roundTripRequest(sequence: 0))),
    (octets("00208915 06 01 0000 0000"), true, .autoDetect(.roundTripResponse(sequence: 0))),
    (
      octets("00100000 12 00 0700 c008 05000000 10270000 06000000"), false,
      .autoDetect(.result(baseRoundTrip: 5, bandwidth: 10_000, averageRoundTrip: 6))
    ),
    (octets("02000000 01000000 0100 0000" + String(repeating: "ab", count: 16)), false, nil),
    (octets("04000000 01000000 04400080"), true, nil),
  ]

  @Test(arguments: messages.indices) func messagesAreTold(_ index: Int) throws {
    let (octets, isFromClient, expected) = Self.messages[index]
    let message = try decode(octets, channel: 1008, fromClient: isFromClient)
    guard case .messageChannel(let pdu) = message else {
      Issue.record("\(message)")
      return
    }
    if let expected { #expect(pdu == expected) }
    switch pdu {
    case .heartbeat(let heartbeat):
      #expect([heartbeat.period, heartbeat.warningMisses, heartbeat.reconnectMisses] == [1, 8, 8])
    case .multitransportRequest(let request): #expect(request.name == "reliable")
    case .multitransportResponse(let response): #expect(response.name == "E_ABORT")
    default: break
    }
  }

  @Test(arguments: messages.indices) func everyPrefixIsTruncated(_ index: Int) {
    let (octets, isFromClient, _) = Self.messages[index]
    for count in 0..<octets.count {
      let error = #expect(throws: DecodeError.self) {
        try decode(Array(octets[..<count]), channel: 1008, fromClient: isFromClient)
      }
      guard case .truncated = error?.reason else {
        Issue.record("\(count): \(String(describing: error))")
        continue
      }
    }
  }

  /// What Windows and FreeRDP send on drdynvc, channel header included.
  static let dynamic: [(octets: [UInt8], isFromClient: Bool, expected: DynamicChannelPDU)] = [
    (octets("0c000000 03000000 50000300 33331111 3d0aa704"), false, .capabilities(version: 3)),
    (
      octets("15000000 03000000 1c09 415544494f5f504c41594241434b5f44564300"), false,
      .createRequest(id: 9, name: "AUDIO_PLAYBACK_DVC")
    ),
    (octets("06000000 03000000 1003 010000c0"), true, .createResponse(id: 3, status: 0xC000_0001)),
    (octets("06000000 03000000 1007 00000000"), true, .createResponse(id: 7, status: 0)),
    (octets("02000000 03000000 4009"), false, .close(id: 9)),
    (octets("05000000 03000000 3407 aabbcc"), false, .data(id: 7, byteCount: 3)),
  ]

  @Test(arguments: dynamic.indices) func dynamicChannelsAreTold(_ index: Int) throws {
    let (octets, isFromClient, expected) = Self.dynamic[index]
    #expect(
      try decode(octets, channel: 1007, fromClient: isFromClient) == .dynamicChannel(expected)
    )
  }

  @Test func compressedAndCutChannelDataIsMeasuredOnly() throws {
    let compressed = try decode(octets("15000000 03002000 1c094155"), channel: 1007)
    guard case .channelData("drdynvc", let header) = compressed else {
      Issue.record("\(compressed)")
      return
    }
    #expect(header.byteCount == 21)
    #expect(!header.isWhole)
  }

  @Test func channelThatNobodyNamedIsNoPDU() throws {
    #expect(try decode(octets("40000000 03000000 1c094155"), channel: 1010) == .other)
  }
}
