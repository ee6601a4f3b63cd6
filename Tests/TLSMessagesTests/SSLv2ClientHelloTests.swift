import TLSMessages
import Testing
import Wire

@Suite struct SSLv2ClientHelloTests {
  /// Length 46, ClientHello, TLS 1.0; suites 21, session id 0, challenge 16.
  static let record = octets(
    """
    802e 01 0301 0015 0000 0010
    00002f 000035 00000a 000005 000004 010080 0700c0
    000102030405060708090a0b0c0d0e0f
    """
  )

  @Test func suitesOfBothProtocolsAreRead() throws {
    var reader = ByteReader(Self.record, layer: .tls)
    let hello = try SSLv2ClientHello(decoding: &reader)
    #expect(hello.version == .tls10)
    #expect(hello.cipherSpecs.count == 7)
    #expect(hello.cipherSuites.map(\.rawValue) == [0x2f, 0x35, 0x0a, 0x05, 0x04])
    #expect(hello.sessionIDByteCount == 0)
    #expect(hello.challenge == Array(0...15))
    #expect(SSLv2ClientHello.isPlausible(Self.record[...]))
  }

  @Test func everyPrefixIsTruncated() {
    for count in 0..<Self.record.count {
      var reader = ByteReader(Self.record[..<count], layer: .tls)
      let error = #expect(throws: DecodeError.self) { try SSLv2ClientHello(decoding: &reader) }
      guard case .truncated? = error?.reason else {
        Issue.record("\(count) octets")
        continue
      }
    }
  }

  @Test(arguments: [
    "16030100 2e", "030000 13 0e", "802e 02 0301", "802e 01 0401", "8003 01 0301", "802e 01 03",
  ])
  func otherBeginningsAreNotPlausible(_ digits: String) {
    #expect(!SSLv2ClientHello.isPlausible(octets(digits)[...]))
  }

  @Test(arguments: [
    // No top bit, another message, a list that is no multiple of 3, more than is there, octets over.
    ("002e 01 0301", "length"), ("8001 04", "msg_type"),
    ("800a 01 0301 0001 0000 0000 00", "cipher_spec_length"),
    ("8009 01 0301 ffff 0000 0000", "cipher_specs"),
    ("800b 01 0301 0000 0000 0001 0000", "challenge"),
  ])
  func damagedRecordNamesTheField(_ digits: String, _ field: String) {
    var reader = ByteReader(octets(digits), layer: .tls)
    let error = #expect(throws: DecodeError.self) { try SSLv2ClientHello(decoding: &reader) }
    #expect(error?.field == field)
  }
}
