import Packets
import Testing

@testable import Redaction

/// Pseudonyms agree where they should, and nowhere else.
@Suite struct RedactorTests {
  private let redactor = Redactor(key: Array("one key".utf8))

  /// How many of the first bits two addresses share.
  private func sharedBits(_ one: IPAddress, _ other: IPAddress) -> Int {
    one.high == other.high
      ? 64 + (one.low ^ other.low).leadingZeroBitCount : (one.high ^ other.high).leadingZeroBitCount
  }

  @Test(arguments: [UInt64(1), 2, 3])
  func addressesKeepTheirNeighbours(_ seed: UInt64) {
    var random = Generator(state: seed)
    for _ in 0..<300 {
      let first = UInt32.random(in: 0x0100_0000...0xDFFF_FFFF, using: &random)
      // A neighbour: the same up to some bit.
      let second = first ^ (1 << UInt32.random(in: 0...31, using: &random))
      let one = IPAddress(ipv4: first)
      let other = IPAddress(ipv4: second)
      guard !other.isMulticast, !other.isBroadcast, !other.isUnspecified else { continue }
      guard !one.isLoopback, !other.isLoopback else { continue }
      let renamed = (redactor.address(one), redactor.address(other))
      #expect(sharedBits(renamed.0, renamed.1) == sharedBits(one, other), "seed \(seed)")
      #expect(renamed.0.isIPv4 && renamed.0.isPrivate == one.isPrivate)
    }
    for _ in 0..<100 {
      let one = IPAddress(
        high: 0x2001_0DB8_0000_0000 | UInt64(UInt32.random(in: 0...(.max), using: &random)),
        low: .random(in: 0...(.max), using: &random)
      )
      let other = IPAddress(high: one.high, low: one.low ^ (1 << (seed * 17)))
      #expect(
        sharedBits(redactor.address(one), redactor.address(other)) == sharedBits(one, other)
      )
    }
  }

  @Test(arguments: ["10.", "192.168.", "172.", "169.254.", "fe80:", "fd"])
  func networksOfAKindStayOfTheKind(_ start: String) throws {
    let samples = [
      "10.1.2.3", "192.168.7.9", "172.20.0.1", "169.254.3.4", "fe80::1234:5678", "fd12:3456::1",
    ]
    let text = try #require(samples.first { $0.hasPrefix(start) })
    let address = try #require(IPAddress(text))
    let renamed = redactor.address(address)
    #expect(renamed != address)
    #expect(renamed.isPrivate == address.isPrivate)
    #expect(renamed.isLinkLocal == address.isLinkLocal)
  }

  @Test(arguments: [
    "0.0.0.0", "127.0.0.1", "224.0.0.251", "255.255.255.255", "::", "::1", "ff02::1:3",
  ])
  func addressesOfNobodyStay(_ text: String) throws {
    let address = try #require(IPAddress(text))
    #expect(redactor.address(address) == address)
  }

  @Test func aNameIsTheSameWhereverItStands() {
    let user = redactor.name("alice")
    #expect(user.hasPrefix("name-") && user.count == 13)
    #expect(redactor.name("ALICE") == user)
    #expect(redactor.name("CORP\\alice") == redactor.name("corp") + "\\" + user)
    #expect(redactor.name("alice@corp.example").hasPrefix(user + "@"))
    #expect(redactor.name("TERMSRV/alice").hasSuffix("/" + user))
    #expect(redactor.name("*.corp.example").hasPrefix("*.name-"))
    #expect(redactor.name("alicf") != user)
    #expect(redactor.name("") == "")
    #expect(
      redactor.name("192.0.2.1") == redactor.address(IPAddress(ipv4: 0xC000_0201)).description
    )
  }

  @Test func distinguishedNamesKeepTheirForm() {
    let host = redactor.name("host")
    #expect(redactor.distinguishedName("CN=host") == "CN=" + host)
    #expect(
      redactor.distinguishedName("1.2.3=x,O=host,DC=host")
        == "1.2.3=" + redactor.name("x") + ",O=\(host),DC=\(host)"
    )
    // A comma in a value ends no attribute, and what follows it is no type.
    #expect(!redactor.distinguishedName("O=Foo\\, Bar=secret").contains("Bar"))
  }

  @Test func fingerprintsKeepTheirLength() {
    let digest = String(repeating: "0a", count: 32)
    #expect(redactor.identifier(digest).count == 64)
    #expect(redactor.identifier("00ab").count == 4)
    #expect(redactor.identifier("") == "")
    #expect(redactor.identifier(digest) != digest)
  }

  @Test func hardwareAddressesAreOfNoManufacturer() {
    let address = MACAddress(0x0011_2233_4455)
    let renamed = redactor.hardware(address)
    #expect(renamed != address)
    #expect(renamed.rawValue & 0x0300_0000_0000 == 0x0200_0000_0000)
    #expect(redactor.hardware(.broadcast) == .broadcast)
    #expect(redactor.hardware(MACAddress(0x3333_0000_0001)).isMulticast)
  }

  @Test func theKeyDecides() {
    let address = IPAddress(ipv4: 0x5DB8_D822)
    let same = Redactor(key: Array("one key".utf8))
    #expect(same.name("alice") == redactor.name("alice"))
    #expect(same.address(address) == redactor.address(address))
    #expect(Redactor().name("alice") != Redactor().name("alice"))
    #expect(Redactor(key: Array("another".utf8)).path("a.pcap") != redactor.path("a.pcap"))
  }
}

/// A generator with a seed (SplitMix64), for cases that can be repeated.
struct Generator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
