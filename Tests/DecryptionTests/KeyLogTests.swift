import Testing

@testable import Decryption

struct KeyLogTests {
  @Test func everyLabelGoesToItsConnection() throws {
    let ring = KeyRing()
    let log = """
      # a comment
      CLIENT_RANDOM 0102 aabb\r
      CLIENT_HANDSHAKE_TRAFFIC_SECRET 0304 01
      SERVER_HANDSHAKE_TRAFFIC_SECRET 0304 02
      CLIENT_TRAFFIC_SECRET_0 0304 03
      SERVER_TRAFFIC_SECRET_0 0304 04
      EXPORTER_SECRET 0304 05
      CLIENT_EARLY_TRAFFIC_SECRET 0304 06
      RSA 0011223344556677 BBCC
      """
    let count = ring.add(keyLog: log.utf8)
    #expect(count == (secrets: 6, malformed: 0))
    #expect(ring.secrets(clientRandom: [1, 2])?.master == [0xAA, 0xBB])
    let secrets = try #require(ring.secrets(clientRandom: [3, 4]))
    #expect(secrets.clientHandshake == [1])
    #expect(secrets.serverHandshake == [2])
    #expect(secrets.clientTraffic == [3])
    #expect(secrets.serverTraffic == [4])
    let encrypted: [UInt8] = [0, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88]
    #expect(ring.premaster(encrypted: encrypted[...]) == [0xBB, 0xCC])
  }

  @Test func whatIsNoLineIsCounted() {
    let ring = KeyRing()
    let log =
      "CLIENT_RANDOM 01\nCLIENT_RANDOM 012 34\nNEW_LABEL 01 02\nCLIENT_RANDOM 01 zz\n\u{0}\n"
    #expect(ring.add(keyLog: log.utf8) == (secrets: 0, malformed: 5))
    #expect(ring.isEmpty)
  }
}
