import Crypto
import Testing

@testable import Decryption

struct KeyScheduleTests {
  /// The vector of the TLS working group's list for P_SHA256.
  @Test func pseudorandomFunctionOfTLS12() throws {
    let output = PseudorandomFunction.hash(.sha256)(
      try octets("9bbe436ba940f017b17652849a71db35"),
      label: "test label",
      seed: try octets("a0ba9f936cda311827a6f796ffd5198c"),
      count: 100
    )
    let expected = try octets(
      "e3f229ba727be17b8d122620557cd453c2aab21d07c3d495329b52d4e61edb5a6b301791e90d35c9c9a46b4e14baf9"
        + "af0fa022f7077def17abfd3797c0564bab4fbc91666e9def9b97fce34f796789baa48082d122ee42c5a72e5a"
        + "5110fff70187347b66"
    )
    #expect(output == expected)
  }

  /// RFC 8448 §3: the server's handshake keys of a simple handshake.
  @Test func keysOfTLS13() throws {
    let secret = TrafficSecret(
      octets: try octets("b67b7d690cc16c4e75e54213cb2d37b4e9c912bcded9105d42befd59d391ad38"),
      algorithm: .sha256
    )
    #expect(
      secret.expand(label: "key", count: 16) == (try octets("3fce516009c21727d0f2e4e86ee403bc"))
    )
    #expect(secret.expand(label: "iv", count: 12) == (try octets("5d313eb2671276ee13000b30")))
  }

  /// [MS-RDPBCGR] 5.3.7, computed apart from this code; a session of 40 000 packets agreed with it.
  @Test func keysOfStandardSecurityAreUpdated() throws {
    let first = (0..<16).map { UInt8($0) }
    let initial = (16..<32).map { UInt8($0) }
    let strong = RDPSessionKeys.updated(
      first,
      initial: initial,
      .rc4(keyByteCount: 16, salt: [])
    )
    #expect(strong == (try octets("2bab955176b813824add928b5d0a326d")))
    let weak = RDPSessionKeys.updated(
      try octets("d1269e0304050607"),
      initial: try octets("d1269e1314151617"),
      .rc4(keyByteCount: 8, salt: [0xD1, 0x26, 0x9E])
    )
    #expect(weak == (try octets("d1269ee4b10654a7")))
  }
}
