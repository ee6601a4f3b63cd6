import RDPMessages
import Testing
import Wire

/// Blocks that no capture here has, made from the specification's layouts, and their limits.
@Suite struct DataBlockTests {
  @Test func monitorsHaveTheirPlaces() throws {
    var reader = ByteReader(
      octets(
        """
        00000000 02000000
        00000000 00000000 7f070000 37040000 01000000
        00fbffff 38ffffff ffffffff ff020000 00000000
        """
      ),
      layer: .gcc
    )
    let monitors = try ClientMonitorData(decoding: &reader).monitors
    #expect(monitors.map(\.left) == [0, -1280])
    #expect(monitors.map(\.top) == [0, -200])
    #expect(monitors.map(\.right) == [1919, -1])
    #expect(monitors.map(\.isPrimary) == [true, false])
  }

  @Test func monitorAttributesAreRead() throws {
    let digits = "00000000 14000000 01000000 50020000 4d010000 5a000000 96000000 8c000000"
    var reader = ByteReader(octets(digits), layer: .gcc)
    let attributes = try ClientMonitorExtendedData(decoding: &reader).attributes
    #expect(attributes.map(\.physicalWidth) == [592])
    #expect(attributes.map(\.physicalHeight) == [333])
    #expect(attributes.map(\.orientation) == [90])
    #expect(attributes.map(\.desktopScaleFactor) == [150])
    #expect(attributes.map(\.deviceScaleFactor) == [140])
    for count in 0..<32 {
      var cut = ByteReader(octets(digits)[..<count], layer: .gcc)
      #expect(throws: DecodeError.self) { try ClientMonitorExtendedData(decoding: &cut) }
    }
  }

  @Test func aMillionChannelsAreRefused() {
    var reader = ByteReader(octets("40420f00") + [UInt8](repeating: 0x41, count: 64), layer: .gcc)
    #expect {
      try ClientNetworkData(decoding: &reader)
    } throws: { error in
      (error as? DecodeError)?.reason == .limitExceeded(limit: 31, found: 1_000_000)
    }
  }

  @Test func fewerChannelsThanAnnouncedAreTruncated() {
    var reader = ByteReader(octets("02000000 7264706472000000 00008080"), layer: .gcc)
    #expect(throws: DecodeError.self) { try ClientNetworkData(decoding: &reader) }
  }

  @Test func redirectedClientsNameTheirSession() throws {
    var reader = ByteReader(octets("57000000 07000000"), layer: .gcc)
    let cluster = try ClientClusterData(decoding: &reader)
    #expect(cluster.redirectedSessionID == 7)
    #expect(cluster.redirectionVersion == 6)
    #expect(cluster.supportsRedirection && cluster.usesSmartCard)
  }

  /// A Core Data block of each age: its optional fields end anywhere between two of them.
  @Test func oldCoreDataLeavesFieldsOut() throws {
    let whole = MCSSamples.windows11ConnectInitial
    let key = try #require(whole.indices.first { whole[$0...].starts(with: "Duca".utf8) })
    // Behind the key: the blocks' length 2, this block's header 4.
    let core = Array(whole.dropFirst(key + 4 + 2 + 4).prefix(230))
    #expect(core.prefix(4) == [0x10, 0, 8, 0])
    let boundaries = [
      128, 130, 132, 136, 138, 140, 142, 206, 207, 208, 212, 216, 220, 222, 226, 230,
    ]
    for count in 0...core.count {
      var reader = ByteReader(core[..<count], layer: .gcc)
      if boundaries.contains(count) {
        let decoded = try ClientCoreData(decoding: &reader)
        #expect(decoded.clientName == "IT-HELP-CLIENT")
        #expect((decoded.earlyCapabilityFlags == nil) == (count < 142))
        #expect((decoded.deviceScaleFactor == nil) == (count < 230))
        #expect(decoded.bitsPerPixel == (count < 138 ? 8 : count < 142 ? 24 : 32))
      } else {
        #expect(throws: DecodeError.self) { try ClientCoreData(decoding: &reader) }
      }
    }
  }

  @Test func x509ChainIsCutOut() throws {
    let digits = "02000080 02000000 03000000 aabbcc 02000000 ddee 00000000000000000000000000000000"
    var reader = ByteReader(octets(digits), layer: .gcc)
    let certificate = try ServerCertificate(decoding: &reader)
    #expect(certificate.isTemporary)
    guard case .x509(let chain) = certificate.kind else {
      Issue.record("not X.509")
      return
    }
    #expect(chain.map(Array.init) == [[0xAA, 0xBB, 0xCC], [0xDD, 0xEE]])
    for count in 0..<21 {
      var cut = ByteReader(octets(digits)[..<count], layer: .gcc)
      #expect(throws: DecodeError.self) { try ServerCertificate(decoding: &cut) }
    }
  }

  @Test(arguments: [
    ("02000000 ff000000", "NumCertBlobs"), ("02000000 01000000 ffffffff 00", "abCert"),
    ("03000000", "dwVersion"),
    ("01000000 01000000 01000000 0600 1c00 52534132 48000000", "PublicKeyBlob"),
  ])
  func wrongCertificatesAreRefused(_ digits: String, _ field: String) {
    var reader = ByteReader(octets(digits), layer: .gcc)
    #expect {
      try ServerCertificate(decoding: &reader)
    } throws: { error in
      (error as? DecodeError)?.field == field
    }
  }

  @Test func aServerWithoutEncryptionHasNoKey() throws {
    var reader = ByteReader(octets("00000000 00000000"), layer: .gcc)
    let security = try ServerSecurityData(decoding: &reader)
    #expect(security.method.names == ["none"] && security.level == .none)
    #expect(security.certificate == nil && security.random.isEmpty)
  }

  @Test(arguments: [
    (UInt32(0x0409), "English - United States"), (0x0407, "German - Germany"),
    (0x0001_0409, "United States - Dvorak"), (0x0009_0407, "German - Germany"),
    (0xA000, "0xa000"),
  ])
  func layoutsHaveNames(_ value: UInt32, _ name: String) {
    #expect(KeyboardLayout(rawValue: value).name == name)
  }

  @Test func unknownNamesAreNumbers() {
    #expect(ClientBuild(rawValue: 1).product == nil)
    #expect(RDPVersion(rawValue: 0x0009_0000).name == "0x90000")
    #expect(EncryptionLevel(rawValue: 9).name == "9")
    #expect(EncryptionMethods(rawValue: 0x42).names == ["128bit", "0x40"])
    #expect(MCSResult(rawValue: 14).name == "rt-unspecified-failure")
    #expect(MCSResult(rawValue: 31).name == "31")
  }
}
