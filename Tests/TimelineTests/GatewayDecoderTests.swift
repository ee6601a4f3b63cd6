import RDPMessages
import Streams
import Testing
import Wire

@testable import Timeline

/// The plaintext of a small conversation with a gateway, however it is cut or damaged.
@Suite struct GatewayDecoderTests {
  private static let request = Array(
    ("RDG_OUT_DATA /remoteDesktopGateway/ HTTP/1.1\r\nHost: gw.example\r\nUpgrade: websocket\r\n"
      + "RDG-Connection-Id: {1}\r\nRDG-User-Id: dQBzAGUAcgA=\r\n\r\n").utf8
  )
  private static let answer = Array("HTTP/1.1 101 Switching Protocols\r\n\r\n".utf8)

  private static func packet(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
    [type, 0, 0, 0, UInt8(body.count + 8), 0, 0, 0] + body
  }

  /// A frame with a mask of zeros, or without one.
  private static func frame(_ payload: [UInt8], isMasked: Bool) -> [UInt8] {
    [0x82, UInt8(payload.count) | (isMasked ? 0x80 : 0)] + (isMasked ? [0, 0, 0, 0] : []) + payload
  }

  private static let client =
    request + frame(packet(8, [1, 0, 0x3D, 0x0D, 3, 0, 2, 0, 0x61, 0]), isMasked: true)
    + frame(packet(10, [1, 0, 3]), isMasked: true)
  private static let server =
    answer + frame(packet(9, [0, 0, 0, 0, 0, 0, 0, 0]), isMasked: false)
    + frame(packet(16, [0, 0, 0, 0]), isMasked: false)

  private func decoder() -> GatewayDecoder {
    GatewayDecoder(tunnels: GatewayTunnels()) { StreamDecoder(startsAtBeginning: true) }
  }

  private func moment(_ frame: Int) -> Moment {
    Moment(frame: frame, time: Timestamp(nanoseconds: Int64(frame)))
  }

  @Test(arguments: [1, 2, 3, 5, 17, 1000])
  func conversationIsTheSameHoweverItIsCut(_ size: Int) throws {
    let decoder = decoder()
    for (octets, side) in [(Self.request, Side.client), (Self.server, .server)] {
      for start in stride(from: 0, to: octets.count, by: size) {
        try decoder.take(octets[start...].prefix(size), from: side, at: moment(1))
      }
    }
    let rest = Self.client.dropFirst(Self.request.count)
    for start in stride(from: rest.startIndex, to: rest.endIndex, by: size) {
      try decoder.take(rest[start...].prefix(size), from: .client, at: moment(2))
    }
    let facts = try #require(decoder.facts)
    #expect(facts.kind == .webSocket)
    #expect(facts.user == "user")
    #expect(facts.target == "a")
    #expect(facts.targetPort == 3389)
    #expect(facts.exchanges.map(\.response?.message.code) == [101])
    #expect(facts.channelOpened != nil)
    #expect(facts.steps.map(\.message.name).contains("CLOSE_CHANNEL"))
    #expect(decoder.tunnel?.clientBytes == 1)
  }

  /// Damage anywhere becomes an error or nothing, and never a trap.
  @Test(arguments: 0..<40)
  func damageIsAnErrorOrNothing(_ seed: UInt64) {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    for _ in 0..<50 {
      var client = Self.client
      var server = Self.server
      for _ in 0...next(6) {
        client[next(client.count)] = UInt8(next(256))
        server[next(server.count)] = UInt8(next(256))
      }
      let decoder = decoder()
      try? decoder.take(client.prefix(Self.request.count), from: .client, at: moment(1))
      try? decoder.take(server[...], from: .server, at: moment(2))
      try? decoder.take(client.dropFirst(Self.request.count), from: .client, at: moment(3))
      #expect((decoder.facts?.steps.count ?? 0) <= GatewayFacts.maximumSteps)
    }
  }

  @Test func ordinaryRequestsShowNoGateway() throws {
    let decoder = decoder()
    try decoder.take(Array("GET / HTTP/1.1\r\n\r\n".utf8)[...], from: .client, at: moment(1))
    #expect(decoder.facts == nil)
    #expect(decoder.isOther)
  }
}
