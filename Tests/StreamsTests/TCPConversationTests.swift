import Packets
import Streams
import Testing
import Wire

/// Takes no interest in the octets.
private final class Silent: StreamConsumer {
  func consume(_ bytes: Span<UInt8>, at position: StreamPosition) {}
  func skip(_ count: Int, at position: StreamPosition, cause: GapCause) {}
}

/// One segment of a table: milliseconds, sender, header as in ``header(_:from:to:)``.
private struct Step {
  var milliseconds: Int64
  var side: Side
  var header: String
  var payload = 0
  var window: UInt16 = 64_000
  var options: [UInt8] = []
  var timeToLive: UInt8 = 64
  var identification: UInt16?

  static func client(_ milliseconds: Int64, _ header: String, _ payload: Int = 0) -> Self {
    Self(milliseconds: milliseconds, side: .client, header: header, payload: payload)
  }

  static func server(_ milliseconds: Int64, _ header: String, _ payload: Int = 0) -> Self {
    Self(milliseconds: milliseconds, side: .server, header: header, payload: payload)
  }

  func with(_ change: (inout Self) -> Void) -> Self {
    var copy = self
    change(&copy)
    return copy
  }
}

private func conversation(_ steps: [Step]) -> TCPConversation {
  let client = Endpoint(address: IPAddress(ipv4: 0x0A00_0001), port: 50_000)
  let server = Endpoint(address: IPAddress(ipv4: 0x0A00_0002), port: 3389)
  let start = Moment(frame: 1, time: Timestamp(nanoseconds: 0))
  var tcp = TCPConversation(client: client, server: server, first: start)
  let consumer = Silent()
  for (index, step) in steps.enumerated() {
    let ends = step.side == .client ? (client, server) : (server, client)
    let segment = header(
      step.header,
      from: ends.0,
      to: ends.1,
      payloadLength: step.payload,
      window: step.window,
      optionsLength: step.options.count
    )
    let bytes = step.options + [UInt8](repeating: 0, count: step.payload)
    tcp.observe(
      ObservedSegment(
        segment: segment,
        side: step.side,
        moment: Moment(
          frame: index + 1,
          time: Timestamp(nanoseconds: step.milliseconds * 1_000_000)
        ),
        timeToLive: step.timeToLive,
        identification: step.identification ?? UInt16(index)
      ),
      in: bytes.span,
      to: consumer
    )
  }
  return tcp
}

@Suite struct TCPConversationTests {
  private static let handshake = [
    Step.client(0, "S 1000").with { $0.options = [2, 4, 5, 0xB4, 3, 3, 8, 0] },
    Step.server(20, "SA 5000 1001").with { $0.options = [2, 4, 4, 0xEC] },
    Step.client(30, "A 1001 5001"),
  ]

  @Test func handshakeGivesTimeAndOptions() {
    let tcp = conversation(Self.handshake)
    #expect(tcp.roundTripTime == 0.03)
    #expect(tcp.established?.frame == 3)
    #expect(tcp.client.options?.maximumSegmentSize == 1460)
    #expect(tcp.client.options?.windowScale == 8)
    #expect(tcp.server.options?.maximumSegmentSize == 1260)
    #expect(tcp.server.options?.windowScale == nil)
    #expect(tcp.synFrames == [1, 2])
    #expect(tcp.client.retransmissionCount == 0)
  }

  @Test func repeatedSYNIsARetransmission() {
    let tcp = conversation([.client(0, "S 1000"), .client(1000, "S 1000"), .client(3000, "S 1000")])
    #expect(tcp.client.retransmissionCount == 2)
    #expect(tcp.client.retransmissions.first?.offset == -1)
    #expect(tcp.client.retransmissions.first?.repeats.map(\.frame) == [2, 3])
    #expect(tcp.roundTripTime == nil)
    #expect(tcp.synFrames == [1, 2, 3])
  }

  @Test func repeatedOctetsAreARetransmission() {
    let tcp = conversation(
      Self.handshake + [
        .client(100, "PA 1001 5001", 100), .client(400, "PA 1001 5001", 100),
        .server(420, "A 5001 1101"),
      ]
    )
    #expect(tcp.client.retransmissionCount == 1)
    #expect(tcp.client.retransmissions.first?.original?.frame == 4)
    #expect(tcp.client.lostRanges.isEmpty)
    #expect(tcp.client.byteCount == 100)
    #expect(tcp.client.unacknowledgedCount == 0)
  }

  @Test func lateOctetsAreOutOfOrder() {
    let tcp = conversation(
      Self.handshake + [.client(100, "A 1101 5001", 100), .client(101, "A 1001 5001", 100)]
    )
    #expect(tcp.client.outOfOrderCount == 1)
    #expect(tcp.client.retransmissionCount == 0)
  }

  @Test func keepAlivesAreCountedUntilAnswered() {
    let probes = [Step.client(60_000, "A 1000 5001"), .client(61_000, "A 1000 5001", 1)]
    let open = conversation(Self.handshake + [.server(40, "A 5001 1001")] + probes)
    #expect(open.client.keepAliveCount == 2)
    #expect(open.client.unansweredKeepAlives.map(\.frame) == [5, 6])
    #expect(open.client.retransmissionCount == 0)
    let answered = conversation(
      Self.handshake + [.server(40, "A 5001 1001")] + probes + [.server(61_010, "A 5001 1001")]
    )
    #expect(answered.client.keepAliveCount == 2)
    #expect(answered.client.unansweredKeepAlives.isEmpty)
  }

  @Test func closedWindowLastsUntilItOpens() {
    let closed = Step.server(100, "A 5001 1001").with { $0.window = 0 }
    let still = Step.server(2100, "A 5001 1001").with { $0.window = 0 }
    #expect(conversation(Self.handshake + [closed, still]).server.zeroWindowSince?.frame == 4)
    let opened = conversation(Self.handshake + [closed, still, .server(3100, "A 5001 1001")])
    #expect(opened.server.zeroWindowCount == 1)
    #expect(opened.server.zeroWindowSince == nil)
    #expect(opened.server.longestZeroWindow == 3)
  }

  /// Distance of the reset's number from the sender's next one.
  @Test(arguments: [("RA 5101 1001", 0), ("R 5101", 0), ("RA 5001 1001", -100), ("R 9101", 4000)])
  func resetsAreMeasured(_ header: String, _ distance: Int) {
    let tcp = conversation(
      Self.handshake + [.server(50, "PA 5001 1001", 100), .server(100, header)]
    )
    #expect(tcp.resets.map(\.sequenceDistance) == [distance])
    #expect(tcp.resets.first?.answersSYN == false)
    #expect(tcp.rstFrames == [5])
  }

  @Test func resetAfterFINIsExact() {
    let tcp = conversation(Self.handshake + [.server(50, "FA 5001 1001"), .server(60, "R 5002")])
    #expect(tcp.resets.first?.sequenceDistance == 0)
    #expect(tcp.finFrames == [4])
    #expect(tcp.server.finish?.frame == 4)
    #expect(tcp.client.finish == nil)
  }

  @Test func resetMayAnswerASYN() {
    let tcp = conversation([.client(0, "S 1000"), .server(1, "RA 0 1001")])
    #expect(tcp.resets.first?.answersSYN == true)
    #expect(tcp.resets.first?.isForeign == false)
  }

  @Test func foreignResetsAreKnownByTheirMarks() {
    let elsewhere = Step.server(100, "RA 5001 1001").with { $0.timeToLive = 61 }
    #expect(conversation(Self.handshake + [elsewhere]).resets.first?.hasForeignTimeToLive == true)
    let ignored = conversation(
      Self.handshake + [.server(100, "RA 5001 1001"), .server(110, "PA 5001 1001", 10)]
    )
    #expect(ignored.resets.first?.isIgnoredBySender == true)
    #expect(ignored.resets.first?.firstSegmentAfter?.frame == 5)
  }

  @Test func numbersWrapWithoutTrace() {
    let tcp = conversation([
      .client(0, "S 4294967200"), .server(10, "SA 4294967290 4294967201"),
      .client(20, "A 4294967201 4294967291"), .client(30, "PA 4294967201 4294967291", 200),
      .server(40, "PA 4294967291 105", 50), .client(50, "PA 105 45", 10), .server(60, "A 45 115"),
    ])
    #expect(tcp.client.byteCount == 210)
    #expect(tcp.server.byteCount == 50)
    #expect(tcp.client.retransmissionCount + tcp.server.retransmissionCount == 0)
    #expect(tcp.client.unacknowledgedCount == 0)
    #expect(tcp.server.unacknowledgedCount == 0)
  }

  @Test func copiesCountAsFramesOnly() {
    let data = Step.client(100, "PA 1001 5001", 100).with { $0.identification = 77 }
    let tcp = conversation(Self.handshake + [data, data.with { $0.milliseconds = 101 }])
    #expect(tcp.copyCount == 1)
    #expect(tcp.frameCount == 5)
    #expect(tcp.client.retransmissionCount == 0)
    #expect(tcp.client.segmentCount == 3)
  }

  @Test func flagFramesAreBounded() {
    let count = TCPConversation.maximumFlagFrames + 5
    let tcp = conversation((0..<count).map { .client(Int64($0) * 1000, "S 1000") })
    #expect(tcp.synFrames == Array(1...TCPConversation.maximumFlagFrames))
    #expect(tcp.omittedFlagFrameCount == 5)
  }
}
