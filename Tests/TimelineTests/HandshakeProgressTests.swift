import Streams
import TLSMessages
import Testing
import Timeline
import Wire

@Suite struct HandshakeProgressTests {
  static let whole: [(side: Side, octets: [UInt8])] = TLS12Handshake.segments.map {
    ($0.isClient ? .client : .server, octets($0.digits))
  }

  /// However the segments are cut, the messages are the same.
  @Test(arguments: [1, 2, 3, 7, 100, 536, 65_536])
  func segmentsDoNotMatter(_ size: Int) throws {
    let facts = decode(Self.whole, segmentSize: size)
    #expect(facts.undecoded.isEmpty)
    #expect(
      facts.tls.steps.map(\.message) == [
        .clientHello, .serverHello, .certificate, .serverKeyExchange, .serverHelloDone,
        .clientKeyExchange, .newSessionTicket,
      ]
    )
    #expect(facts.tls.version == .tls12)
    #expect(facts.tls.group == facts.tls.serverKeyExchange?.message.group)
    #expect(facts.tls.certificates.count == 1)
    #expect(facts.tls.clientFinished != nil && facts.tls.serverFinished != nil)
    #expect(facts.tls.isResumed == false && facts.tls.resumption == nil)
  }

  /// A server's flight split over many small records, one octet of handshake in each.
  @Test func recordsDoNotMatter() throws {
    let split = Self.whole.enumerated().map { index, segment in
      index == 3 ? (segment.side, smallRecords(segment.octets)) : segment
    }
    let facts = decode(split, segmentSize: 1000)
    #expect(facts.undecoded.isEmpty)
    #expect(facts.tls.steps.count == 7)
    #expect(facts.tls.certificates.first?.sha256.count == 64)
  }

  /// A handshake that stops anywhere has its phase, and nothing in it is an error.
  @Test func everyPrefixHasItsPhase() throws {
    let beforeTLS = Self.whole[0].octets.count + Self.whole[1].octets.count
    let total = Self.whole.reduce(0) { $0 + $1.octets.count }
    for count in stride(from: 0, to: total, by: 13) {
      var left = count
      let cut = Self.whole.map { segment in
        let kept = Array(segment.octets.prefix(left))
        left -= kept.count
        return (segment.side, kept)
      }
      let facts = decode(cut, segmentSize: 536)
      #expect(facts.undecoded.isEmpty)
      #expect((facts.deepest == .tls) == (beforeTLS + TLSRecordHeader.byteCount <= count))
    }
  }

  /// What goes before TLS, and a connection of TLS 1.3 after it.
  private func afterNegotiation(
    _ segments: [(isClient: Bool, digits: String)]
  ) -> [(side: Side, octets: [UInt8])] {
    Self.whole.prefix(2) + segments.map { ($0.isClient ? .client : .server, octets($0.digits)) }
  }

  @Test(arguments: [1, 7, 536, 65_536])
  func anotherHelloIsAskedFor(_ size: Int) {
    let facts = decode(afterNegotiation(TLS13Handshakes.retried), segmentSize: size)
    #expect(facts.undecoded.isEmpty)
    #expect(
      facts.tls.steps.map(\.message) == [.clientHello, .serverHello, .clientHello, .serverHello]
    )
    #expect(facts.tls.helloRetryRequest?.message.group == .secp384r1)
    #expect(facts.tls.clientHello?.message.extensions.keyShareGroups == [.x25519])
    #expect(facts.tls.serverHello?.message.isHelloRetryRequest == false)
    #expect(facts.tls.group == .secp384r1)
    #expect(facts.tls.version == .tls13)
    #expect(facts.tls.isResumed == false && facts.tls.resumption == nil)
    #expect(facts.tls.clientFinished != nil && facts.tls.serverFinished != nil)
  }

  @Test func sessionIsResumedByPreSharedKey() {
    let facts = decode(afterNegotiation(TLS13Handshakes.resumed), segmentSize: 536)
    #expect(facts.undecoded.isEmpty)
    #expect(facts.tls.clientHello?.message.pskOffered == true)
    #expect(facts.tls.isResumed == true)
    #expect(facts.tls.resumption == .preSharedKey)
    #expect(facts.tls.helloRetryRequest != nil)
  }

  private func smallRecords(_ octets: [UInt8]) -> [UInt8] {
    var rest = octets[...]
    var result: [UInt8] = []
    while let header = TLSRecordHeader(rest) {
      let body = rest.dropFirst(TLSRecordHeader.byteCount).prefix(header.length)
      for octet in body { result += rest.prefix(3) + [0, 1, octet] }
      rest = rest.dropFirst(TLSRecordHeader.byteCount + header.length)
    }
    return result
  }
}
