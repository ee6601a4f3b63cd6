import TLSMessages
import Testing
import Wire

@Suite struct CertificateFactsTests {
  /// What openssl and tshark say of a certificate.
  struct Case: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let der: [UInt8]
    var subject: String
    var issuer: String?
    var commonName: String
    var serial: String
    var notBefore: String
    var notAfter: String
    var keyType: String
    var keyBits: Int
    var curve: String?
    var signature: String
    var sha256: String
    var names: [String] = []
    var keyUsages: [String] = []
    var purposes: [String] = []
    var isCA: Bool?
  }

  static let cases = [
    Case(
      testDescription: "issued by a domain's authority",
      der: CertificateSamples.domainIssued,
      subject: "CN=IT-HELP-TEST.ad.it-help.ninja",
      issuer: "DC=ninja,DC=it-help,DC=ad,CN=IT-HELP-DC",
      commonName: "IT-HELP-TEST.ad.it-help.ninja",
      serial: "31000000102cb42340b5497d9a000000000010",
      notBefore: "2024-04-02T23:54:10",
      notAfter: "2026-04-02T23:54:10",
      keyType: "rsa",
      keyBits: 2048,
      signature: "sha256WithRSAEncryption",
      sha256: "a8a9db45c23d74ceb98370581cf25359e848efc433ab85fc22aabdd277b83f55",
      names: ["IT-HELP-TEST.ad.it-help.ninja"],
      keyUsages: ["digitalSignature", "keyEncipherment"],
      purposes: ["serverAuth"]
    ),
    Case(
      testDescription: "made by Remote Desktop Services",
      der: CertificateSamples.remoteDesktop2008,
      subject: "CN=WIN2K8R2.awakecoding.ath.cx",
      commonName: "WIN2K8R2.awakecoding.ath.cx",
      serial: "16ed2aa0495f259d4f5d99edada570d1",
      notBefore: "2011-02-12T21:37:35",
      notAfter: "2021-02-12T00:00:00",
      keyType: "rsa",
      keyBits: 2048,
      signature: "sha1WithRSAEncryption",
      sha256: "a5b05d2ae076130aa41060f53ecd72bdf864ea0179250e927549c94d5ab2499a",
      keyUsages: ["keyEncipherment", "dataEncipherment"],
      purposes: ["serverAuth"]
    ),
    Case(
      testDescription: "RSA of 512 bits, MD5",
      der: CertificateSamples.rsa512MD5,
      subject: "C=DE,O=Old\\, Inc.,CN=old.example",
      commonName: "old.example",
      serial: "4d09f8bea4ea80bc57853c2fcffdb40a9f0083b7",
      notBefore: "2026-11-24T00:29:16",
      notAfter: "2036-11-21T00:29:16",
      keyType: "rsa",
      keyBits: 512,
      signature: "md5WithRSAEncryption",
      sha256: "de00662675a0a833f0069061702423d5098ea2a5d27d3df5a24f3fe73d36a143",
      isCA: true
    ),
    Case(
      testDescription: "RSA of 1024 bits, SHA-1",
      der: CertificateSamples.rsa1024SHA1,
      subject: "CN=weak.example",
      commonName: "weak.example",
      serial: "0402fb36f7958aa048605e1c8750cda51bf0db00",
      notBefore: "2026-11-24T00:29:16",
      notAfter: "2026-11-25T00:29:16",
      keyType: "rsa",
      keyBits: 1024,
      signature: "sha1WithRSAEncryption",
      sha256: "733dea9e98bfcf4126221d7924fff4c246db635ff75ced77cbad64381043d91e",
      isCA: true
    ),
    Case(
      testDescription: "elliptic curve, names, addresses, Remote Desktop purpose",
      der: CertificateSamples.ecWithNames,
      subject: "O=Firm,CN=rdp.example",
      commonName: "rdp.example",
      serial: "5e4db71144ac5a826be6e97235b67c4fa1babf28",
      notBefore: "2026-11-24T00:29:16",
      notAfter: "2027-12-29T00:29:16",
      keyType: "ec",
      keyBits: 256,
      curve: "secp256r1",
      signature: "ecdsa-with-SHA256",
      sha256: "8edd3658a28bcfe02e646cb675c9b05e0bba903fe02ec6f5fb133e31dbc70976",
      names: ["rdp.example", "*.rdp.example", "192.0.2.7", "2001:db8::1:0:7"],
      purposes: ["serverAuth", "remoteDesktopAuthentication"],
      isCA: true
    ),
    Case(
      testDescription: "Ed25519, Unicode, a serial number with its top bit set",
      der: CertificateSamples.ed25519Unicode,
      subject: "CN=Grün,O=日本",
      commonName: "Grün",
      serial: "00f0000000000000000000000000000001",
      notBefore: "2026-11-24T00:29:16",
      notAfter: "2126-10-31T00:29:16",
      keyType: "ed25519",
      keyBits: 256,
      signature: "ed25519",
      sha256: "f1bba069175309ae0a53a095f1b21187d3bb7f3308405b6de8ce7ce42e1f64fe",
      isCA: true
    ),
    Case(
      testDescription: "DSA, valid beyond 2262",
      der: CertificateSamples.dsa,
      subject: "CN=dsa.example",
      commonName: "dsa.example",
      serial: "50f3bc1b3eff153cedfecc2b4a5a8ab4d97a40be",
      notBefore: "2026-11-24T02:22:59",
      notAfter: "2273-04-23T02:22:59",
      keyType: "dsa",
      keyBits: 1024,
      signature: "dsaWithSHA1",
      sha256: "910cf271bf06d74790a9f7032b1de17b01f1e933e7f96acf6e23cba4861fa214",
      isCA: true
    ),
  ]

  @Test(arguments: cases) func factsAreThoseOfOpenSSL(_ expected: Case) {
    let facts = CertificateFacts(der: expected.der[...])
    #expect(facts.problems == [])
    #expect(facts.subject == expected.subject)
    #expect(facts.issuer == expected.issuer ?? expected.subject)
    #expect(facts.selfSigned == (expected.issuer == nil))
    #expect(facts.commonName == expected.commonName)
    #expect(facts.serial == expected.serial)
    #expect(facts.notBefore.map(\.description)?.hasPrefix(expected.notBefore) == true)
    #expect(facts.notAfter.map(\.description)?.hasPrefix(expected.notAfter) == true)
    #expect(facts.keyType == expected.keyType)
    #expect(facts.keyBits == expected.keyBits)
    #expect(facts.curve == expected.curve)
    #expect(facts.signature == expected.signature)
    #expect(facts.sha256 == expected.sha256)
    #expect(facts.names == expected.names)
    #expect(facts.keyUsages == expected.keyUsages)
    #expect(facts.extendedKeyUsages == expected.purposes)
    #expect(facts.isCA == expected.isCA)
  }

  @Test(arguments: cases) func cutCertificateKeepsWhatCameBefore(_ expected: Case) {
    for count in 0..<expected.der.count {
      let facts = CertificateFacts(der: expected.der[..<count])
      #expect(!facts.problems.isEmpty, "\(count) octets")
      let isStarted = facts.serial == expected.serial
      #expect(isStarted || facts.subject == "", "\(count) octets")
      #expect(facts.keyBits == nil || facts.subject == expected.subject, "\(count) octets")
    }
    // Only the signature is missing.
    let facts = CertificateFacts(der: expected.der.dropLast())
    #expect(facts.subject == expected.subject)
    #expect(facts.keyBits == expected.keyBits)
    #expect(facts.names == expected.names)
  }

  @Test func problemsAreLocatedInTheStream() {
    let lead = [UInt8](repeating: 0, count: 100)
    let all = lead + CertificateSamples.rsa1024SHA1
    let facts = CertificateFacts(der: all[100..<all.count - 1])
    #expect(facts.problems.map(\.layer) == [.x509])
    #expect(facts.problems.map(\.field) == ["Certificate"])
    #expect(facts.problems.map(\.offset) == [104])
  }

  @Test func damagedDateLeavesTheOthers() throws {
    var der = CertificateSamples.remoteDesktop2008
    // notBefore is the first UTCTime: 17 0d and thirteen characters; its month becomes 19.
    let start = try #require(
      der.indices.first { der[$0] == 0x17 && der[$0 + 1] == 0x0d && der[$0 + 14] == 0x5a }
    )
    der[start + 4] = UInt8(ascii: "1")
    der[start + 5] = UInt8(ascii: "9")
    let facts = CertificateFacts(der: der[...])
    #expect(facts.notBefore == nil)
    #expect(facts.notAfter?.description.hasPrefix("2021-02-12") == true)
    #expect(facts.problems.map(\.field) == ["notBefore"])
    #expect(facts.keyBits == 2048)
  }

  @Test(arguments: [
    // A length of 2^32 - 1, an indefinite length, a length of 127 octets, a long tag, a primitive.
    "3084ffffffff 30", "3080 0000", "30ff 30", "3f8101 00", "0401 00",
    // Nested sequences, deeper than any certificate.
    String(repeating: "3080", count: 200),
  ])
  func lengthBombIsALocatedProblem(_ digits: String) {
    let facts = CertificateFacts(der: octets(digits)[...])
    #expect(facts.problems.first?.layer == .x509)
    #expect(facts.subject == "")
    #expect(facts.sha256.count == 64)
  }

  @Test func deepNestingInANameIsAProblem() {
    var name: [UInt8] = []
    for _ in 0..<60 { name = [0x30, UInt8(name.count)] + name }
    // serialNumber 1, signature empty, issuer nested.
    let body = [0x02, 0x01, 0x01, 0x30, 0x00] + name
    let certificate =
      [0x30, 0x82, 0x00, UInt8(body.count + 3), 0x30, 0x81, UInt8(body.count)] + body
    let facts = CertificateFacts(der: certificate[...])
    #expect(facts.serial == "01")
    #expect(facts.problems.map(\.field) == ["issuer", "validity"])
  }

  @Test func hugeCertificateIsNotRead() {
    let facts = CertificateFacts(
      der: [UInt8](repeating: 0x30, count: CertificateFacts.maximumByteCount + 1)[...]
    )
    #expect(
      facts.problems.map(\.reason) == [
        .limitExceeded(
          limit: CertificateFacts.maximumByteCount,
          found: CertificateFacts.maximumByteCount + 1
        )
      ]
    )
  }

  @Test(arguments: cases) func flippedOctetsGiveFactsOrProblems(_ sample: Case) {
    var generator = SeededGenerator(state: 20)
    for round in 0..<500 {
      let der = sample.der.flipped(1 + round % 4, by: &generator)
      let facts = CertificateFacts(der: der[...])
      for problem in facts.problems {
        #expect(0...der.count ~= problem.offset, "seed 20, round \(round)")
      }
    }
  }

  @Test(
    arguments: [
      ("170b 32343032303331303131 5a", "2024-02-03T10:11:00"),
      // YYMMDDhhmmZ, as before 1994.
      ("170b 393530333034303530365a", "1995-03-04T05:06:00"),
      ("170d 3439313233313233353935395a", "2049-12-31T23:59:59"),
      ("170d 3530303130313030303030305a", "1950-01-01T00:00:00"),
      // 1995-03-04 05:06:07+0130 and -0200.
      ("1711 3935303330343035303630372b30313330", "1995-03-04T03:36:07"),
      ("1711 3935303330343035303630372d30323030", "1995-03-04T07:06:07"),
      ("180f 39393939313233313233353935395a", "9999-12-31T23:59:59"),
      ("1812 32303234303232393030303030302e32355a", "2024-02-29T00:00:00"),
      // 29 February of a common year, month 13, letters, nothing.
      ("180f 32303233303232393030303030305a", nil),
      ("170d 3234313330343035303630375a", nil),
      ("170d 7878787878787878787878785a", nil),
      ("1700", nil),
    ] as [(String, String?)]
  )
  func datesOfEveryForm(_ digits: String, _ expected: String?) {
    let date = octets(digits)
    // serialNumber, signature, issuer, validity of the date twice.
    let body =
      [0x02, 0x01, 0x01, 0x30, 0x00, 0x30, 0x00, 0x30, UInt8(date.count * 2)] + date + date
    let certificate = [0x30, UInt8(body.count + 2), 0x30, UInt8(body.count)] + body
    let facts = CertificateFacts(der: certificate[...])
    #expect((facts.notBefore?.description.prefix(19)).map(String.init) == expected)
    #expect(facts.notAfter == facts.notBefore)
  }
}
