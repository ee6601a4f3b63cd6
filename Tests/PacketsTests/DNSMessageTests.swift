import Packets
import Testing

@Suite struct DNSMessageTests {
  /// The question for the A record of `rdp.example.test`.
  static let question: [UInt8] =
    [0x7E, 0x67, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0]
    + [3] + Array("RDP".utf8) + [7] + Array("example".utf8) + [4] + Array("test".utf8) + [0]
    + [0, 1, 0, 1]

  private func decode(_ bytes: [UInt8]) -> DNSMessage? {
    DNSMessage(bytes.span, in: 0..<bytes.count)
  }

  @Test func questionHasItsName() throws {
    let message = try #require(decode(Self.question))
    #expect(message.name == "rdp.example.test")
    #expect(message.asksForAddress)
    #expect(!message.isResponse)
    #expect(message.id == 0x7E67)
  }

  @Test func refusalHasItsCode() throws {
    var bytes = Self.question
    bytes[2] = 0x81
    bytes[3] = 0x83
    let message = try #require(decode(bytes))
    #expect(message.isResponse)
    #expect(message.responseCode == 3)
    #expect(message.answerCount == 0)
  }

  @Test func everyPrefixIsNone() {
    for count in 0..<Self.question.count {
      let prefix = Array(Self.question.prefix(count))
      #expect(decode(prefix) == nil)
    }
  }

  @Test func octetsThatAreNoNameAreEscaped() throws {
    var bytes = Self.question
    bytes[13] = 0x1B
    bytes[14] = UInt8(ascii: ".")
    let message = try #require(decode(bytes))
    #expect(message.name == "\\027\\046p.example.test")
  }

  /// A pointer in a question would point before it; a label cannot leave the datagram.
  @Test(arguments: [UInt8(0xC0), 0x40, 63])
  func hostileLabelIsNone(_ length: UInt8) {
    var bytes = Self.question
    bytes[12] = length
    #expect(decode(bytes) == nil)
  }
}
