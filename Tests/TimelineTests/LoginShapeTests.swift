import Streams
import Testing
import Timeline

/// Logins before MCS that are no CredSSP, told by their records alone.
@Suite struct LoginShapeTests {
  /// Octets that the sample's cipher adds to a record.
  private static let overhead = 24

  /// The sample's handshake, in which the server selects another protocol, and records of so many
  /// octets after it.
  private func facts(selected: UInt8, _ records: [(Side, Int)]) -> MessageFacts {
    var segments = HandshakeProgressTests.whole
    segments[1].octets[15] = selected
    for (side, count) in records {
      let length = count + Self.overhead
      let header: [UInt8] = [23, 3, 3, UInt8(length >> 8), UInt8(length & 255)]
      segments.append((side, header + [UInt8](repeating: 7, count: length)))
    }
    return decode(segments, segmentSize: 65_536)
  }

  /// The first messages of the login, and the connection's settings after them.
  private static let settings: [(Side, Int)] = [
    (.client, 450), (.server, 120), (.client, 12), (.client, 8),
  ]
  private static let logins: [(UInt8, [(Side, Int)])] = [
    (4, [(.server, 8), (.client, 520), (.server, 10)]),
    (16, [(.server, 59), (.client, 2100), (.server, 28)]),
  ]

  @Test(arguments: [0, 1])
  func loginIsThePhaseBeforeMCS(_ index: Int) {
    let (selected, login) = Self.logins[index]
    let early = facts(selected: selected, login)
    #expect(early.deepest == .credssp)
    #expect(early.encrypted.clientTokens == 1)
    #expect(early.encrypted.credSSPError == nil)
    let whole = facts(selected: selected, login + Self.settings)
    #expect(whole.deepest == .mcs)
    #expect(whole.phases.map(\.phase) == [.x224, .tls, .credssp, .mcs])
  }

  /// Under TLS alone the first record is that of the settings.
  @Test func withoutALoginMCSComesFirst() {
    #expect(facts(selected: 1, Self.settings).phases.map(\.phase) == [.x224, .tls, .mcs])
  }
}
