import CredSSPMessages
import Testing
import Wire

@Suite struct NTLMTests {
  private func message(_ sample: [UInt8]) throws -> NTLMMessage {
    let request = try TSRequest(sample[...])
    guard case .ntlm(let message) = request.tokens.first else {
      throw Missing(what: "no NTLM in \(request.tokens)")
    }
    return message
  }

  struct Missing: Error { let what: String }

  @Test func challengeNamesServerAndSystem() throws {
    guard case .challenge(let challenge) = try message(TSRequestSamples.challengeServer2022) else {
      throw Missing(what: "challenge")
    }
    #expect(challenge.targetName == "IT-HELP")
    #expect(challenge.target.computer == "IT-HELP-TEST")
    #expect(challenge.target.domain == "IT-HELP")
    #expect(challenge.target.dnsComputer == "IT-HELP-TEST.ad.it-help.ninja")
    #expect(challenge.target.dnsDomain == "ad.it-help.ninja")
    #expect(challenge.target.dnsForest == "ad.it-help.ninja")
    #expect(challenge.target.time?.description == "2024-05-06T20:10:13.767774Z")
    #expect(challenge.version?.description == "Windows Server 2022 (10.0.20348)")
    #expect(challenge.flags.isSuperset(of: [.unicode, .targetInformation, .targetIsDomain]))
  }

  @Test func authenticateNamesUserAndWorkstation() throws {
    guard case .authenticate(let login) = try message(TSRequestSamples.authenticate) else {
      throw Missing(what: "authenticate")
    }
    #expect(login.user == "lab")
    #expect(login.isVersion2)
    #expect(login.version?.number == "6.1.7601")
  }

  /// A field of one octet whose offset lies beyond the message, and one that wraps around.
  @Test(arguments: [UInt32(0x10_0000), 0xFFFF_FFFF, 0xFFFF_FFF0])
  func fieldOutsideIsALocatedError(_ offset: UInt32) {
    var octets = NTLMMessage.signature + [2, 0, 0, 0]
    octets += [1, 0, 1, 0] + (0..<4).map { UInt8(truncatingIfNeeded: offset >> ($0 * 8)) }
    octets += [UInt8](repeating: 0, count: 40)
    let error = #expect(throws: DecodeError.self) { try NTLMMessage(octets[...]) }
    #expect(error?.layer == .ntlm)
    #expect(error?.field == "TargetName")
    #expect(error?.offset == 12)
  }

  @Test func listWithoutEndIsBounded() {
    var octets = NTLMMessage.signature + [2, 0, 0, 0] + [UInt8](repeating: 0, count: 8)
    let count = 10_000
    octets += [UInt8](repeating: 0, count: 20)
    octets += [UInt8(truncatingIfNeeded: count * 4), UInt8(truncatingIfNeeded: (count * 4) >> 8)]
    octets += [0, 0]
    octets += [48, 0, 0, 0]
    for _ in 0..<count { octets += [8, 0, 0, 0] }
    let error = #expect(throws: DecodeError.self) { try NTLMMessage(octets[...]) }
    guard case .limitExceeded = error?.reason else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  /// A field that points outside is a problem of its token; the message around it stands.
  @Test func damagedTokenLeavesTheRequest() throws {
    var sample = TSRequestSamples.challenge
    let signature = try #require(
      sample.indices.first { sample[$0...].starts(with: NTLMMessage.signature) }
    )
    sample[signature + 16] = 0xFF
    sample[signature + 17] = 0xFF
    let request = try TSRequest(sample[...])
    #expect(request.problems.map(\.field) == ["TargetName"])
    #expect(request.problems.map(\.offset) == [signature + 12])
    guard case .other = request.tokens.first else {
      Issue.record("\(request.tokens)")
      return
    }
  }
}
