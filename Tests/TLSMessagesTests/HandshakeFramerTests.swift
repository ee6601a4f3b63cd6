import TLSMessages
import Testing
import Wire

@Suite struct HandshakeFramerTests {
  static let flight =
    HandshakeSamples.serverHello2008 + HandshakeTests.chain([CertificateSamples.remoteDesktop2008])
    + [14, 0, 0, 0]

  @Test func oneRecordHoldsSeveralMessages() throws {
    var framer = HandshakeFramer()
    let stream = [UInt8](repeating: 0, count: 5) + Self.flight
    try framer.append(stream[5...])
    #expect(try framer.next()?.type == .serverHello)
    let certificate = try framer.next()
    #expect(certificate?.type == .certificate)
    // Nothing was copied: the octets keep their place in the stream.
    #expect(certificate?.body.startIndex == 5 + HandshakeSamples.serverHello2008.count + 4)
    #expect(try framer.next() == HandshakeMessage(type: .serverHelloDone, body: []))
    #expect(try framer.next() == nil)
    #expect(framer.pendingByteCount == 0)
  }

  @Test(arguments: [1, 2, 3, 4, 5, 7, 64, 100, 501])
  func messagesAreTheSameHoweverTheyAreCut(_ size: Int) throws {
    var whole = HandshakeFramer()
    try whole.append(Self.flight[...])
    var expected: [HandshakeMessage] = []
    while let message = try whole.next() { expected.append(message) }

    var framer = HandshakeFramer()
    var messages: [HandshakeMessage] = []
    for start in stride(from: 0, to: Self.flight.count, by: size) {
      try framer.append(Self.flight[start..<min(start + size, Self.flight.count)])
      while let message = try framer.next() { messages.append(message) }
    }
    #expect(messages == expected)
    #expect(messages.count == 3)
  }

  @Test func messageOfSixteenMegabytesIsRefused() throws {
    var framer = HandshakeFramer()
    let record = [UInt8](repeating: 0, count: 20) + [11, 0xff, 0xff, 0xff, 0, 0]
    try framer.append(record[20...])
    let expected = DecodeError(
      layer: .tls,
      field: "length",
      offset: 21,
      reason: .limitExceeded(limit: HandshakeFramer.maximumMessageByteCount, found: 0xffffff)
    )
    #expect(throws: expected) { try framer.next() }
    // What follows cannot be found any more.
    #expect(throws: expected) { try framer.next() }
    #expect(throws: expected) { try framer.append([14, 0, 0, 0]) }
  }

  @Test func longestMessageIsPutTogether() throws {
    var framer = HandshakeFramer()
    let length = HandshakeFramer.maximumMessageByteCount
    let message = [11, UInt8(length >> 16), 0, 0] + [UInt8](repeating: 1, count: length)
    var found: [HandshakeMessage] = []
    for start in stride(from: 0, to: message.count, by: 16_384) {
      try framer.append(message[start..<min(start + 16_384, message.count)])
      while let next = try framer.next() { found.append(next) }
    }
    #expect(found.map(\.body.count) == [length])
  }

  @Test func whatWaitsIsBounded() throws {
    var framer = HandshakeFramer()
    try framer.append([UInt8](repeating: 0, count: 100)[...])
    var refused: DecodeError?
    for _ in 0..<40 where refused == nil {
      do throws(DecodeError) {
        try framer.append([UInt8](repeating: 0, count: 16_384)[...])
      } catch {
        refused = error
      }
    }
    #expect(refused?.field == "handshake messages waiting")
    #expect(framer.pendingByteCount == 0)
  }
}
