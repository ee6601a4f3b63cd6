import RDPMessages
import Testing
import Wire

@Suite struct PreconnectionTests {
  /// The examples of [MS-RDPEPS] 4: version 1 with an id, version 2 with a text.
  static let first = octets("10000000 00000000 01000000 94c2eb ea")
  static let second = octets(
    "20000000 00000000 02000000 00000000 0700 540065007300740056004d000000"
  )

  @Test func versionOneHasAnID() throws {
    var reader = ByteReader(Self.first, layer: .negotiation)
    let pdu = try PreconnectionPDU(decoding: &reader)
    #expect(pdu.version == 1 && pdu.id == 0xEAEB_C294 && pdu.blob == nil)
    #expect(PreconnectionPDU.byteCount(startOf: Self.first[...]) == 16)
  }

  @Test func versionTwoHasAText() throws {
    var reader = ByteReader(Self.second, layer: .negotiation)
    let pdu = try PreconnectionPDU(decoding: &reader)
    #expect(pdu.version == 2 && pdu.id == 0 && pdu.blob == "TestVM")
    #expect(PreconnectionPDU.byteCount(startOf: Self.second.prefix(5)) == 12)
    #expect(PreconnectionPDU.byteCount(startOf: Self.second.prefix(12)) == 32)
  }

  @Test(arguments: [first, second]) func everyPrefixIsTruncated(_ sample: [UInt8]) {
    for count in 0..<sample.count {
      var reader = ByteReader(sample[..<count], layer: .negotiation)
      #expect(throws: DecodeError.self) { try PreconnectionPDU(decoding: &reader) }
    }
  }

  @Test(arguments: [
    "0f000000 00000000 01000000 00000000", "ffffffff 00000000 01000000 00000000",
    "10000000 00000000 03000000 00000000", "12000000 00000000 02000000 00000000 ffff",
    "16030100 00", "0300002f 2a",
  ])
  func otherBeginningsAreRefused(_ digits: String) {
    var reader = ByteReader(octets(digits), layer: .negotiation)
    #expect(throws: DecodeError.self) { try PreconnectionPDU(decoding: &reader) }
    #expect(
      digits.hasPrefix("12") || PreconnectionPDU.byteCount(startOf: octets(digits)[...]) == nil
    )
  }
}
