import TLSMessages
import Testing
import Wire

@Suite struct RecordTests {
  @Test(
    arguments: [
      ([22, 3, 1, 0x01, 0x1c], TLSContentType.handshake, TLSVersion.tls10, 284),
      ([23, 3, 3, 0x00, 0x27], .applicationData, .tls12, 39),
      ([20, 3, 0, 0, 1], .changeCipherSpec, .ssl3, 1),
      ([24, 3, 3, 0x48, 0x00], .heartbeat, .tls12, 18_432),
    ] as [([UInt8], TLSContentType, TLSVersion, Int)]
  )
  func plausibleHeader(
    _ bytes: [UInt8],
    _ type: TLSContentType,
    _ version: TLSVersion,
    _ length: Int
  ) {
    let header = TLSRecordHeader(bytes[...])
    #expect(header?.type == type)
    #expect(header?.version == version)
    #expect(header?.length == length)
  }

  @Test(
    arguments: [
      // TPKT, fast path, SSL 2.0, HTTP, an unknown type, another major version, an unknown
      // minor version, empty, too long.
      [3, 0, 0, 19, 14], [0, 9, 0, 0, 0], [0x80, 46, 1, 3, 1], Array("HTTP/".utf8),
      [19, 3, 1, 0, 1], [25, 3, 1, 0, 1], [22, 2, 0, 0, 1], [22, 3, 5, 0, 1],
      [22, 3, 3, 0, 0], [22, 3, 3, 0x48, 0x01],
    ] as [[UInt8]]
  )
  func implausibleHeader(_ bytes: [UInt8]) {
    #expect(TLSRecordHeader(bytes[...]) == nil)
  }

  @Test func shortHeaderIsNone() {
    for count in 0..<5 { #expect(TLSRecordHeader([22, 3, 1, 0, 1][..<count]) == nil) }
  }

  @Test(
    arguments: [
      ([2, 48], "unknown_ca", true, true), ([1, 0], "close_notify", false, false),
      ([2, 40], "handshake_failure", true, false), ([2, 70], "protocol_version", true, false),
      ([1, 45], "certificate_expired", false, true), ([2, 200], "0xC8", true, false),
    ] as [([UInt8], String, Bool, Bool)]
  )
  func alert(
    _ bytes: [UInt8],
    _ name: String,
    _ isFatal: Bool,
    _ isAboutCertificate: Bool
  ) throws {
    var reader = ByteReader(bytes, layer: .tls)
    let alert = try TLSAlert(decoding: &reader)
    #expect(alert.description.name == name)
    #expect(alert.isFatal == isFatal)
    #expect(alert.description.isAboutCertificate == isAboutCertificate)
    #expect(!alert.description.meaning.isEmpty)
  }

  @Test(
    arguments: [
      ([], "level"), ([2], "description"), ([0, 40], "level"), ([2, 40, 0], "alert"),
      // Encrypted, as TLS 1.2 GCM sends it.
      ([UInt8](repeating: 0x5a, count: 26), "alert"),
    ] as [([UInt8], String)]
  )
  func alertThatCannotBeRead(_ bytes: [UInt8], _ field: String) {
    var reader = ByteReader(bytes, layer: .tls)
    let error = #expect(throws: DecodeError.self) { try TLSAlert(decoding: &reader) }
    #expect(error?.field == field)
  }

  @Test func names() {
    #expect(
      [TLSVersion.ssl3, .tls10, .tls11, .tls12, .tls13].map(\.name) == [
        "SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3",
      ]
    )
    #expect(TLSVersion(rawValue: 0x7f1c).name == "0x7F1C")
    #expect(HandshakeType.serverHelloDone.name == "server_hello_done")
    #expect(HandshakeType(rawValue: 99).name == "0x63")
    #expect(CipherSuite(rawValue: 0xc102).name == "TLS_GOSTR341112_256_WITH_28147_CNT_IMIT")
    #expect(CipherSuite(rawValue: 0xabcd).name == "0xABCD")
    #expect(NamedGroup(rawValue: 0x11ec).name == "X25519MLKEM768")
    #expect(SignatureScheme(rawValue: 0x0101).name == "md5_rsa")
    #expect(ExtensionType(rawValue: 0xff01).name == "renegotiation_info")
  }
}
