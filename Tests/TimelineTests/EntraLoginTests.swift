import CredSSPMessages
import Streams
import Testing
import Wire

@testable import Timeline

/// A login with Entra ID inside decrypted TLS. [MS-RDPBCGR] 2.2.18
@Suite struct EntraLoginTests {
  private static let moment = Moment(frame: 9, time: Timestamp(nanoseconds: 9))

  private func decoder(result: String, pieces size: Int) -> StreamDecoder {
    let decoder = StreamDecoder(startsAtBeginning: true)
    let said: [(Side, String)] = [
      (.server, #"{"ts_nonce":"TOwhu3nD8nqKWo2AhsSAeZEeFRrRPfTZVPLzSdh5kAw"}"#),
      (.client, #"{"rdp_assertion":"eyJhbGciOiJSUzI1NiJ9.eyJ0cyI6IjEifQ.c2lnbmF0dXJl"}"#),
      (.server, #"{"authentication_result":"# + result + "}"),
    ]
    for (side, text) in said {
      let octets = Array(text.utf8) + [0]
      for start in stride(from: 0, to: octets.count, by: size) {
        decoder.observe(plaintext: octets[start...].prefix(size), from: side, at: Self.moment)
      }
    }
    return decoder
  }

  /// However its octets are cut into records, nothing of it is malformed.
  @Test(arguments: [1, 10, 1000])
  func loginIsRead(_ size: Int) {
    let facts = decoder(result: "0", pieces: size).facts
    #expect(facts.undecoded.isEmpty)
    #expect(facts.login.mechanism == .rdsaad)
    #expect(facts.login.error == nil)
    #expect(facts.deepest == .credssp)
  }

  @Test func refusalHasItsCode() {
    let facts = decoder(result: "2147942405", pieces: 1000).facts
    #expect(facts.login.error?.message == LoginStatus(rawValue: 0x8007_0005))
    #expect(facts.login.error?.side == .server)
  }

  /// The connection goes on behind it.
  @Test func settingsFollow() {
    let decoder = decoder(result: "0", pieces: 1000)
    let attach: [UInt8] = [3, 0, 0, 8, 2, 0xF0, 0x80, 0x28]
    decoder.observe(plaintext: attach[...], from: .client, at: Self.moment)
    #expect(decoder.facts.deepest == .mcs)
    #expect(decoder.facts.undecoded.isEmpty)
  }

  @Test func endlessMessageIsGivenUp() {
    let decoder = StreamDecoder(startsAtBeginning: true)
    let octets = [RDSAADMessage.first] + [UInt8](repeating: 0x20, count: 1 << 16)
    decoder.observe(plaintext: octets[...], from: .server, at: Self.moment)
    #expect(decoder.facts.undecoded.map(\.message.field) == ["JSON"])
  }
}
