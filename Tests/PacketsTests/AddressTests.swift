import Testing

@testable import Packets

struct AddressTests {
  /// The canonical text, and others that mean the same. RFC 5952 §4
  @Test(
    arguments: [
      ("10.0.0.1", ["10.0.0.1", "::ffff:10.0.0.1", "::ffff:a00:1"]),
      ("255.255.255.255", ["255.255.255.255"]), ("0.0.0.0", ["0.0.0.0"]), ("::", ["::", "0::0"]),
      ("::1", ["::1", "0:0:0:0:0:0:0:1"]),
      ("2001:db8::1", ["2001:DB8:0:0:0:0:0:1", "2001:db8::0:1"]),
      ("2001:db8:0:1:1:1:1:1", ["2001:db8:0:1:1:1:1:1", "2001:db8::1:1:1:1:1"]),
      ("2001:0:0:1::1", ["2001:0:0:1:0:0:0:1"]), ("2001:db8::1:0:0:1", ["2001:db8:0:0:1:0:0:1"]),
      ("fe80::", ["fe80::", "fe80:0::"]), ("::1.2.3.4", []),
      ("64:ff9b::102:304", ["64:ff9b::1.2.3.4"]),
    ] as [(String, [String])]
  )
  func textIsCanonical(_ canonical: String, _ others: [String]) throws {
    for text in others { #expect(IPAddress(text)?.description == canonical, "\(text)") }
    let address = try #require(IPAddress(canonical))
    #expect(IPAddress(address.description) == address)
  }

  @Test(arguments: [
    "", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.-4", "1.2.3.+4", "1..2.3", "0001.2.3.4", ":",
    ":::",
    "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "1:2:3:4:5:6:7::8", "12345::", "g::",
    "::1%eth0",
    "[::1]", "1.2.3.4::", "host", ":1:2:3:4:5:6:7", "+1::",
  ])
  func otherTextIsNoAddress(_ text: String) {
    #expect(IPAddress(text) == nil)
  }

  @Test(arguments: [
    ("169.254.1.1", "link-local"), ("fe80::1", "link-local"), ("febf::1", "link-local"),
    ("127.0.0.1", "loopback"), ("::1", "loopback"), ("224.0.0.251", "multicast"),
    ("ff02::fb", "multicast"), ("10.1.2.3", "private"), ("172.31.0.1", "private"),
    ("192.168.1.1", "private"), ("fd00::1", "private"), ("172.32.0.1", ""), ("8.8.8.8", ""),
    ("2001:db8::1", ""), ("fec0::1", ""), ("0.0.0.0", "unspecified"), ("::", "unspecified"),
    ("255.255.255.255", "broadcast"),
  ])
  func scopesAreTold(_ text: String, _ scope: String) throws {
    let address = try #require(IPAddress(text))
    #expect(address.isLinkLocal == (scope == "link-local"))
    #expect(address.isLoopback == (scope == "loopback"))
    #expect(address.isMulticast == (scope == "multicast"))
    #expect(address.isPrivate == (scope == "private"))
    #expect(address.isUnspecified == (scope == "unspecified"))
    #expect(address.isBroadcast == (scope == "broadcast"))
    #expect(address.isIPv4 == !text.contains(":"))
  }

  @Test func addressesAreOrderedAsNumbers() {
    let texts = ["::1", "9.0.0.0", "10.0.0.0", "10.0.0.1", "2001:db8::", "2001:db8::1", "fe80::"]
    let addresses = texts.compactMap { IPAddress($0) }
    #expect(addresses.reversed().sorted().map(\.description) == texts)
  }

  @Test func linkAddresses() {
    let address = MACAddress(0xFFFF_0155_5D0A_0B0C)
    #expect(address.description == "01:55:5d:0a:0b:0c")
    #expect(address.isMulticast)
    #expect(address.organization == 0x01555D)
    #expect(MACAddress.broadcast.description == "ff:ff:ff:ff:ff:ff")
  }
}
