import TLSMessages
import Testing
import Wire

@Suite struct CipherSuiteTests {
  @Test(arguments: [
    (UInt16(0xC030), TLSVersion.tls12, 39, 15...15), (0x1302, .tls13, 32, 15...15),
    (0xCCA8, .tls12, 25, 9...9), (0xC02F, .tls12, 23, nil), (0x0005, .tls10, 35, 15...15),
    (0x002F, .tls10, 48, 12...27), (0x002F, .tls12, 64, 12...27), (0xC028, .tls12, 80, 16...31),
  ])
  func plaintextIsReckonedFromTheRecord(
    _ suite: UInt16,
    _ version: TLSVersion,
    _ length: Int,
    _ plaintext: ClosedRange<Int>?
  ) {
    let range = CipherSuite(rawValue: suite).plaintextRange(recordLength: length, version: version)
    #expect(range == plaintext)
  }

  @Test func unknownSuitesKeepTheirNumber() {
    #expect(CipherSuite(rawValue: 0xC030).name == "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384")
    #expect(CipherSuite(rawValue: 0xFEDC).plaintextRange(recordLength: 100, version: .tls12) == nil)
  }
}

@Suite struct HelloTests {
  /// A ClientHello of TLS 1.2 with server name, groups, point formats and signature algorithms.
  static let clientHello: [UInt8] = {
    let extensions: [UInt8] =
      [0, 0, 0, 9, 0, 7, 0, 0, 4] + Array("host".utf8) + [0, 10, 0, 4, 0, 2, 0, 29]
      + [0, 11, 0, 2, 1, 0] + [0, 13, 0, 4, 0, 2, 4, 1]
    let body: [UInt8] =
      [3, 3] + Array(repeating: 7, count: 32) + [0] + [0, 4, 0x0A, 0x0A, 0xC0, 0x30] + [1, 0]
    return body + [0, UInt8(extensions.count)] + extensions
  }()

  private func decode(_ bytes: ArraySlice<UInt8>) throws(DecodeError) -> ClientHello {
    var reader = ByteReader(bytes, layer: .tls)
    return try ClientHello(decoding: &reader)
  }

  @Test func clientHelloIsDecoded() throws {
    let hello = try decode(Self.clientHello[...])
    #expect(hello.serverName == "host")
    #expect(hello.cipherSuites.map(\.rawValue) == [0x0A0A, 0xC030])
    #expect(hello.extensions.types == [0, 10, 11, 13])
    #expect(hello.offeredVersions == [.tls12, .tls11, .tls10, .ssl3])
    #expect(hello.ja4.hasPrefix("t12d010400_"))
  }

  @Test func everyPrefixThrows() {
    // The extensions are optional as a whole: without them the hello is an old client's.
    let withoutExtensions = 2 + 32 + 1 + 6 + 2
    for count in 0..<Self.clientHello.count where count != withoutExtensions {
      #expect(throws: DecodeError.self, "\(count) octets") {
        try decode(Self.clientHello[..<count])
      }
    }
  }

  @Test func framerRefusesAHugeMessage() {
    var framer = HandshakeFramer()
    #expect(throws: DecodeError.self) {
      try framer.append([1, 0xFF, 0xFF, 0xFF][...])
      _ = try framer.next()
    }
  }

  @Test func alertOfTwoOctetsIsNamed() throws {
    var reader = ByteReader([2, 48], layer: .tls)
    let alert = try TLSAlert(decoding: &reader)
    #expect(alert.description.name == "unknown_ca")
    #expect(alert.isFatal)
    var encrypted = ByteReader(Array(repeating: 9, count: 26), layer: .tls)
    #expect(throws: DecodeError.self) { try TLSAlert(decoding: &encrypted) }
  }
}
