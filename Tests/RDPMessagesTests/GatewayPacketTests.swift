import RDPMessages
import Testing
import Wire

@Suite struct GatewayPacketTests {
  /// A packet of a type, with its length.
  private static func packet(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
    [type, 0, 0, 0, UInt8(body.count + 8), 0, 0, 0] + body
  }

  static let handshake = packet(2, [0, 0, 0, 0, 1, 0, 0, 0, 7, 0])
  static let tunnel = packet(5, [0, 0, 0xE6, 0x59, 0x07, 0x80, 3, 0, 0, 0])
  static let authorization = packet(7, [0xDB, 0x59, 0x07, 0x80, 0, 0, 0, 0])
  static let channel = packet(8, [1, 1, 0x3D, 0x0D, 3, 0, 4, 0, 0x61, 0, 0, 0, 2, 0, 0x62, 0])
  static let data = packet(10, [3, 0, 1, 2, 3])
  static let close = packet(16, [0, 0, 0, 0])

  @Test func answersAreNamed() throws {
    #expect(try GatewayPacket(Self.handshake[...]).answer?.isSuccess == true)
    #expect(try GatewayPacket(Self.handshake[...]).answer?.name == "S_OK")
    let tunnel = try GatewayPacket(Self.tunnel[...])
    #expect(tunnel.answer?.name == "E_PROXY_MAXCONNECTIONSREACHED")
    #expect(tunnel.answer?.kind == .limit)
    #expect(tunnel.name == "TUNNEL_RESPONSE")
    let authorization = try GatewayPacket(Self.authorization[...])
    #expect(authorization.answer?.name == "E_PROXY_NAP_ACCESSDENIED")
    #expect(authorization.answer?.isSuccess == false)
  }

  @Test func channelNamesItsTargets() throws {
    #expect(
      try GatewayPacket(Self.channel[...]) == .channelCreate(resources: ["a", "b"], port: 3389)
    )
    guard case .data(let octets) = try GatewayPacket(Self.data[...]) else {
      Issue.record("no data")
      return
    }
    #expect(Array(octets) == [1, 2, 3])
  }

  /// The same code with and without the marks of an HRESULT; others keep their number.
  @Test(arguments: [
    (UInt32(0x59DD), "E_PROXY_TS_CONNECTFAILED", false),
    (0x8007_59DD, "E_PROXY_TS_CONNECTFAILED", false), (0x8009_030C, "SEC_E_LOGON_DENIED", false),
    (0x8007_0005, "ERROR_ACCESS_DENIED", false), (0x8034_0001, "0x80340001", false),
    (0x0123_59DA, "0x12359da", true), (0, "S_OK", true),
  ])
  func codesHaveNames(_ code: UInt32, _ name: String, _ isSuccess: Bool) {
    let error = GatewayError(rawValue: code)
    #expect(error.name == name)
    #expect(error.isSuccess == isSuccess)
  }

  @Test(arguments: [handshake, tunnel, authorization, channel, data, close])
  func everyPrefixIsTruncated(_ sample: [UInt8]) throws {
    for count in sample.indices {
      #expect(throws: DecodeError.self, "\(count)") {
        // As its length says, and as a decoder meets it that believes another.
        if let size = try GatewayPacket.byteCount(startOf: sample[..<count]), size <= count {
          return
        }
        _ = try GatewayPacket(sample[..<min(count, Self.lastNeeded(sample))])
      }
    }
    #expect(try GatewayPacket.byteCount(startOf: sample[...]) == sample.count)
  }

  /// Octets of a sample without which it cannot be decoded: what follows an answer's code is not
  /// looked at.
  private static func lastNeeded(_ sample: [UInt8]) -> Int {
    switch sample[0] {
    case 2, 7, 16: 11
    case 5: 13
    default: sample.count
    }
  }

  @Test(
    arguments: [
      [10, 0, 0, 0, 7, 0, 0, 0], [10, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF], [10, 0, 0, 0, 0, 0, 0, 1],
    ] as [[UInt8]]
  )
  func lengthsThatNoPacketHasAreRefused(_ octets: [UInt8]) {
    #expect(throws: DecodeError.self) { try GatewayPacket.byteCount(startOf: octets[...]) }
  }

  @Test func manyResourcesAreRefused() {
    let octets = Self.packet(8, [255, 255, 0, 0, 0, 0])
    #expect(throws: DecodeError.self) { try GatewayPacket(octets[...]) }
  }
}
