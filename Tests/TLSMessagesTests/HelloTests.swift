import TLSMessages
import Testing
import Wire

@Suite struct HelloTests {
  /// What tshark says of a ClientHello, and JA4 computed from its definition by another program.
  struct Client: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let message: [UInt8]
    let versions: [TLSVersion]
    let serverName: String
    let alpn: [String]
    let suites: [String]
    let ja3: String
    let ja3String: String
    let ja4: String
  }

  static let clients = [
    Client(
      testDescription: "Windows 11",
      message: HandshakeSamples.mstscClientHello,
      versions: [.tls13, .tls12, .tls11, .tls10],
      serverName: "IT-HELP-TEST.ad.it-help.ninja",
      alpn: [],
      suites: ["TLS_AES_256_GCM_SHA384", "TLS_RSA_WITH_AES_128_CBC_SHA"],
      ja3: "3c293bdf2a25c07559b560ba86debc77",
      ja3String: "771,4866-4865-49196-49195-49200-49199-49188-49187-49192-49191-49162-49161-49172-"
        + "49171-157-156-61-60-53-47,0-5-43-13-35-10-51-49-23-65281-45,29-23-24,",
      ja4: "t13d201100_2b729b4bf6f3_9e7b989ebec8"
    ),
    Client(
      testDescription: "Windows 7",
      message: HandshakeSamples.windows7ClientHello,
      versions: [.tls10, .ssl3],
      serverName: "192.168.1.150",
      alpn: [],
      suites: ["TLS_RSA_WITH_AES_128_CBC_SHA", "TLS_RSA_WITH_RC4_128_MD5"],
      ja3: "eaef0d8d3d689b3adc0c46bc5b6fc95e",
      ja3String: "769,47-53-5-10-49171-49172-49161-49162-50-56-19-4,0-5-10-11,23-24,0",
      ja4: "t10d120400_d94e65cdb899_dedc66686760"
    ),
    Client(
      testDescription: "OpenSSL 3.0",
      message: HandshakeSamples.opensslClientHello,
      versions: [.tls13, .tls12, .tls11, .tls10],
      serverName: "rdp.example",
      alpn: ["h2", "http/1.1"],
      suites: ["TLS_AES_256_GCM_SHA384", "TLS_EMPTY_RENEGOTIATION_INFO_SCSV"],
      ja3: "5a1edc7f170af1014fc65c994878e63c",
      ja3String: "771,4866-4867-4865-49196-49200-159-52393-52392-52394-49195-49199-158-49188-49192-"
        + "107-49187-49191-103-49162-49172-57-49161-49171-51-157-156-61-60-53-47-255,"
        + "0-11-10-35-16-22-23-13-43-45-51,29-23-30-25-24-256-257-258-259-260,0-1-2",
      ja4: "t13d3111h2_e8f1e7e78f70_1f22a2ca17c4"
    ),
  ]

  @Test(arguments: clients) func clientHelloIsWhatTsharkReads(_ expected: Client) throws {
    let hello = try clientHello(expected.message)
    #expect(hello.extensions.problems == [])
    #expect(hello.random.count == 32)
    #expect(hello.compression == [0])
    #expect(hello.offeredVersions == expected.versions)
    #expect(hello.serverName == expected.serverName)
    #expect(hello.alpn == expected.alpn)
    #expect([hello.cipherSuites.first?.name, hello.cipherSuites.last?.name] == expected.suites)
    #expect(hello.offer.ja3String == expected.ja3String)
    #expect(hello.offer.ja3 == expected.ja3)
    #expect(hello.offer.ja4 == expected.ja4)
    #expect(!hello.hasSessionTicket && !hello.pskOffered)
  }

  @Test func clientHelloOfWindowsInDetail() throws {
    let hello = try clientHello(HandshakeSamples.mstscClientHello)
    #expect(hello.extensions.supportedGroups.map(\.name) == ["x25519", "secp256r1", "secp384r1"])
    #expect(hello.extensions.keyShareGroups == [.x25519])
    #expect(hello.extensions.sessionTicket == [])
    #expect(hello.offersSessionTicket)
    #expect(hello.highestVersion == .tls13)
    #expect(hello.supportedVersions == [.tls13, .tls12, .tls11, .tls10])
    #expect(hello.supportedGroups == [29, 23, 24])
    #expect(hello.signatureAlgorithms.first == 0x0804)
    #expect(hello.pointFormats == [])
    #expect(
      hello.extensions.signatureAlgorithms.map(\.name).prefix(6) == [
        "rsa_pss_rsae_sha256", "rsa_pss_rsae_sha384", "rsa_pss_rsae_sha512", "rsa_pkcs1_sha256",
        "rsa_pkcs1_sha384", "rsa_pkcs1_sha1",
      ]
    )
    #expect(hello.extensions.signatureAlgorithms.map(\.name).contains("sha1_dsa"))
    #expect(
      hello.extensions.types.map(\.name) == [
        "server_name", "status_request", "supported_versions", "signature_algorithms",
        "session_ticket", "supported_groups", "key_share", "post_handshake_auth",
        "extended_master_secret", "renegotiation_info", "psk_key_exchange_modes",
      ]
    )
  }

  /// What tshark says of a ServerHello.
  struct Server: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let message: [UInt8]
    let version: TLSVersion
    let suite: String
    let ja3s: String
    var group: NamedGroup?
    var isRetry = false
    var sentinel: ServerHello.DowngradeSentinel?
    var encryptThenMAC = false
  }

  static let servers = [
    Server(
      testDescription: "Windows Server 2022",
      message: HandshakeSamples.serverHello2022,
      version: .tls12,
      suite: "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
      ja3s: "ae4edc6faf64d08308082ad26be60767"
    ),
    Server(
      testDescription: "Windows Server 2008 R2",
      message: HandshakeSamples.serverHello2008,
      version: .tls10,
      suite: "TLS_RSA_WITH_AES_128_CBC_SHA",
      ja3s: "18e962e106761869a61045bed0e81c2c"
    ),
    Server(
      testDescription: "OpenSSL 3.0, TLS 1.3",
      message: HandshakeSamples.serverHelloTLS13,
      version: .tls13,
      suite: "TLS_AES_256_GCM_SHA384",
      ja3s: "15af977ce25de452b96affa2addb1036",
      group: .x25519
    ),
    Server(
      testDescription: "OpenSSL 3.0, asks again",
      message: HandshakeSamples.helloRetryRequest,
      version: .tls13,
      suite: "TLS_AES_256_GCM_SHA384",
      ja3s: "15af977ce25de452b96affa2addb1036",
      group: .secp384r1,
      isRetry: true
    ),
    Server(
      testDescription: "OpenSSL 3.0, held to TLS 1.2",
      message: HandshakeSamples.serverHelloDHE,
      version: .tls12,
      suite: "TLS_DHE_RSA_WITH_AES_256_CBC_SHA",
      ja3s: "1908a20337c69c20cff9ebf7a44ba3e9",
      sentinel: .toTLS12,
      encryptThenMAC: true
    ),
  ]

  @Test(arguments: servers) func serverHelloIsWhatTsharkReads(_ expected: Server) throws {
    let hello = try serverHello(expected.message)
    #expect(hello.extensions.problems == [])
    #expect(hello.selectedVersion == expected.version)
    #expect(hello.cipherSuite.name == expected.suite)
    #expect(hello.ja3s == expected.ja3s)
    #expect(hello.group == expected.group)
    #expect(hello.isHelloRetryRequest == expected.isRetry)
    #expect(hello.downgradeSentinel == expected.sentinel)
    #expect(hello.encryptThenMAC == expected.encryptThenMAC)
    #expect(hello.alpn == nil)
  }

  @Test func resumptionIsToldByTheSessionOrNotAtAll() throws {
    let named = try clientHello(HandshakeSamples.mstscClientHello)
    let unnamed = try clientHello(HandshakeSamples.windows7ClientHello)
    let server = try serverHello(HandshakeSamples.serverHello2022)
    #expect(named.sessionID.count == 32 && unnamed.sessionID.isEmpty)
    #expect(server.resumes(named) == false)
    #expect(server.resumes(unnamed) == false)
    #expect(try serverHello(HandshakeSamples.helloRetryRequest).resumes(named) == nil)
    #expect(try serverHello(HandshakeSamples.serverHelloTLS13).resumes(named) == false)

    // The same answer with the client's session id is a resumption.
    var echo = HandshakeSamples.serverHello2022
    echo.replaceSubrange(39..<71, with: named.sessionID)
    #expect(try serverHello(echo).resumes(named) == true)

    // A ticket and no session id: only a missing Certificate would tell.
    let ticketOnly = try clientHello(
      hello(sessionID: [], suites: [0xc030], extensions: [(35, [1, 2, 3])])
    )
    #expect(ticketOnly.hasSessionTicket)
    #expect(server.resumes(ticketOnly) == nil)

    let psk = try clientHello(hello(sessionID: [], suites: [0x1301], extensions: [(41, [0])]))
    #expect(psk.pskOffered)
  }

  /// The example of the JA4 specification: Chrome with GREASE in every list.
  @Test func ja4LeavesGREASEOut() throws {
    let suites: [UInt16] = [
      0x1a1a, 0x1301, 0x1302, 0x1303, 0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8, 0xc013,
      0xc014, 0x009c, 0x009d, 0x002f, 0x0035,
    ]
    let types: [UInt16] = [
      0x001b, 0x0000, 0x0033, 0x0010, 0x4469, 0x0017, 0x0005, 0x0023, 0x0012, 0x000b, 0xff01,
      0x0015,
    ]
    var extensions: [(UInt16, [UInt8])] = [(0x0a0a, [])]
    for type in types {
      extensions.append((type, type == 16 ? octets("000c 026832 08687474702f312e31") : []))
    }
    extensions += [
      (0x000d, octets("0010 0403 0804 0401 0503 0805 0501 0806 0601")),
      (0x000a, octets("0008 3a3a 001d 0017 0018")), (0x002b, octets("06 dada 0304 0303")),
      (0x002d, octets("0101")), (0xbaba, [0]),
    ]
    let chrome = try clientHello(hello(sessionID: [], suites: suites, extensions: extensions))
    #expect(chrome.offeredVersions == [.tls13, .tls12])
    #expect(chrome.offer.ja4 == "t13d1516h2_8daaf6152771_e5627efa2ab1")
    #expect(!chrome.offer.ja3String.contains("6682") && !chrome.offer.ja3String.contains("14906"))
  }

  @Test func ja4OfAHelloWithoutAnything() throws {
    let bare = try clientHello(hello(sessionID: [], suites: [], extensions: []))
    #expect(bare.offer.ja4 == "t12i000000_000000000000_000000000000")
    #expect(bare.offer.ja3String == "771,,,,")
  }

  @Test func brokenExtensionLeavesTheOthers() throws {
    let client = try clientHello(
      hello(
        sessionID: [],
        suites: [0xc030],
        extensions: [
          (0, octets("0010 00 0005 68")), (10, octets("0003 0017 00")),
          (16, octets("0003 02 6832")),
        ]
      )
    )
    #expect(client.serverName == nil)
    #expect(client.alpn == ["h2"])
    #expect(client.extensions.problems.map(\.field) == ["server_name_list", "NamedGroup"])
    #expect(client.extensions.types.map(\.rawValue) == [0, 10, 16])
  }

  @Test func endlessExtensionsAreCutAtTheLimit() throws {
    let many = (0..<16_000).map { (UInt16(1000 + $0), [UInt8]()) }
    let client = try clientHello(hello(sessionID: [], suites: [0x1301], extensions: many))
    #expect(client.extensions.types.count == HelloExtensions.maximumCount)
    #expect(
      client.extensions.problems.map(\.reason) == [
        .limitExceeded(
          limit: HelloExtensions.maximumCount,
          found: HelloExtensions.maximumCount + 1
        )
      ]
    )
  }

  @Test func longestSuiteListIsRead() throws {
    let suites = (0..<32_767).map { UInt16($0) }
    let client = try clientHello(hello(sessionID: [], suites: suites, extensions: []))
    #expect(client.cipherSuites.count == 32_767)
    #expect(client.offer.ja4.hasPrefix("t12i99"))
  }

  private func clientHello(_ message: [UInt8]) throws -> ClientHello {
    var reader = ByteReader(message.dropFirst(4), layer: .tls)
    return try ClientHello(decoding: &reader)
  }

  private func serverHello(_ message: [UInt8]) throws -> ServerHello {
    var reader = ByteReader(message.dropFirst(4), layer: .tls)
    return try ServerHello(decoding: &reader)
  }

  /// A ClientHello of TLS 1.2 with these fields.
  private func hello(
    sessionID: [UInt8],
    suites: [UInt16],
    extensions: [(UInt16, [UInt8])]
  ) -> [UInt8] {
    let pair = { (value: Int) in [UInt8(value >> 8), UInt8(value & 0xff)] }
    let body = extensions.flatMap { pair(Int($0.0)) + pair($0.1.count) + $0.1 }
    var message: [UInt8] = [1, 0, 0, 0, 3, 3] + [UInt8](repeating: 7, count: 32)
    message += [UInt8(sessionID.count)] + sessionID
    message += pair(suites.count * 2) + suites.flatMap { pair(Int($0)) } + [1, 0]
    return extensions.isEmpty ? message : message + pair(body.count) + body
  }
}
