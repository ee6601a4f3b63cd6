import RDPMessages
import Streams
import Testing
import Timeline

@Suite struct PreconnectionStreamTests {
  static let preconnection = octets(
    "20000000 00000000 02000000 00000000 0700 540065007300740056004d000000"
  )

  @Test(arguments: [1, 5, 12, 31, 1000]) func negotiationFollowsIt(_ size: Int) {
    let request = octets(TLS12Handshake.segments[0].digits)
    let facts = decode([(.client, Self.preconnection + request)], segmentSize: size)
    #expect(facts.preconnection?.message.blob == "TestVM")
    #expect(facts.request?.message.negotiation?.requestedProtocols.names == ["ssl"])
    #expect(facts.foreign == nil && facts.undecoded.isEmpty)
  }

  /// Hyper-V's way: TLS without a negotiation.
  @Test(arguments: [1, 5, 1000]) func tlsFollowsIt(_ size: Int) {
    let hello = octets(TLS12Handshake.segments[2].digits)
    let facts = decode([(.client, Self.preconnection + hello)], segmentSize: size)
    #expect(facts.preconnection?.message.version == 2)
    #expect(facts.tls.clientHello != nil && facts.deepest == .tls)
    #expect(facts.foreign == nil && facts.undecoded.isEmpty)
  }

  @Test func aLikeBeginningIsAnotherProtocol() {
    let facts = decode([(.client, octets("20000000 00000000 09000000 00000000"))], segmentSize: 7)
    #expect(facts.preconnection == nil && facts.foreign != nil)
  }
}
