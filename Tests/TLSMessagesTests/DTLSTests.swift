import TLSMessages
import Testing
import Wire

@Suite struct DTLSTests {
  /// A handshake fragment of a message of `length` octets.
  private func fragment(
    _ type: UInt8,
    _ length: Int,
    number: UInt8,
    at offset: Int,
    _ octets: [UInt8]
  ) -> [UInt8] {
    func three(_ value: Int) -> [UInt8] {
      [16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }
    return [type] + three(length) + [0, number] + three(offset) + three(octets.count) + octets
  }

  @Test func recordHasItsEpoch() throws {
    var reader = ByteReader(
      [22, 0xFE, 0xFD, 0, 1, 0, 0, 0, 0, 0, 5, 0, 2, 0xAA, 0xBB, 0x99],
      layer: .tls
    )
    let record = try DTLSRecord(decoding: &reader)
    #expect(record.type == .handshake)
    #expect(record.version == .dtls12)
    #expect(record.epoch == 1)
    #expect(Array(record.fragment) == [0xAA, 0xBB])
    #expect(reader.remainingCount == 1)
  }

  @Test func everyPrefixOfARecordIsTruncated() {
    let sample: [UInt8] = [21, 0xFE, 0xFF, 0, 0, 0, 0, 0, 0, 0, 5, 0, 2, 2, 40]
    for count in sample.indices {
      var reader = ByteReader(sample[..<count], layer: .tls)
      #expect(throws: DecodeError.self, "\(count)") { try DTLSRecord(decoding: &reader) }
    }
  }

  @Test(
    arguments: [
      [22, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], [9, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
      [22, 0xFE, 0xFD, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF],
    ] as [[UInt8]]
  )
  func whatIsNoRecordIsRefused(_ octets: [UInt8]) {
    var reader = ByteReader(octets, layer: .tls)
    #expect(throws: DecodeError.self) { try DTLSRecord(decoding: &reader) }
  }

  @Test func fragmentsMakeAMessageOnce() throws {
    var framer = DTLSHandshakeFramer()
    let body = Array(UInt8(0)..<100)
    #expect(try framer.take(fragment(11, 100, number: 2, at: 0, Array(body[..<40]))[...]) == [])
    // A fragment beyond a hole is passed over; it comes again with its flight.
    #expect(try framer.take(fragment(11, 100, number: 2, at: 70, Array(body[70...]))[...]) == [])
    let rest = fragment(11, 100, number: 2, at: 30, Array(body[30...]))
    let message = HandshakeMessage(type: .certificate, body: body[...])
    #expect(try framer.take(rest[...]) == [message])
    #expect(try framer.take(fragment(11, 100, number: 2, at: 0, body)[...]) == [])
  }

  @Test func messagesComeInAnyOrderAndSeveralToARecord() throws {
    var framer = DTLSHandshakeFramer()
    let record = fragment(14, 0, number: 4, at: 0, []) + fragment(2, 1, number: 1, at: 0, [7])
    #expect(try framer.take(record[...]).map(\.type) == [.serverHelloDone, .serverHello])
  }

  @Test func helloLosesItsCookie() throws {
    let start: [UInt8] = [0xFE, 0xFD] + [UInt8](repeating: 1, count: 32) + [0]
    let rest: [UInt8] = [0, 2, 0xC0, 0x2C, 1, 0]
    let body = start + [3, 9, 9, 9] + rest
    var framer = DTLSHandshakeFramer()
    let message = try #require(
      try framer.take(fragment(1, body.count, number: 1, at: 0, body)[...]).first
    )
    #expect(Array(message.body) == start + rest)
    guard case .clientHello(let hello) = try HandshakeBody(message) else {
      Issue.record("not a ClientHello")
      return
    }
    #expect(hello.offeredVersions == [.dtls12, .dtls10])
    #expect(hello.offer.ja4.hasPrefix("dd2i0100"))
  }

  @Test func lyingFragmentsAreRefused() {
    let cases = [
      fragment(11, 10, number: 0, at: 8, [1, 2, 3]),
      fragment(11, 0xFFFFFF, number: 0, at: 0, [1]),
      Array(fragment(11, 10, number: 0, at: 0, [1, 2, 3]).dropLast()),
      fragment(1, 3, number: 0, at: 0, [1, 2, 3]),
    ]
    for octets in cases {
      var framer = DTLSHandshakeFramer()
      #expect(throws: DecodeError.self) { try framer.take(octets[...]) }
    }
  }

  @Test func fewMessagesWaitAtATime() throws {
    var framer = DTLSHandshakeFramer()
    for number in UInt8.min...UInt8.max {
      _ = try framer.take(fragment(11, 9, number: number, at: 0, [1])[...])
    }
    #expect(try framer.take(fragment(11, 9, number: 200, at: 1, [1])[...]) == [])
    let last = [UInt8](repeating: 2, count: 8)
    #expect(try framer.take(fragment(11, 9, number: 3, at: 1, last)[...]).count == 1)
    #expect(try framer.take(fragment(11, 9, number: 200, at: 1, last)[...]).isEmpty)
  }
}
