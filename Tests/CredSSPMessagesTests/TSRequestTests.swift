import CredSSPMessages
import Testing
import Wire

@Suite struct TSRequestTests {
  static let samples = [
    TSRequestSamples.negotiate, TSRequestSamples.challenge, TSRequestSamples.authenticate,
    TSRequestSamples.challengeServer2022, TSRequestSamples.refusal,
    TSRequestSamples.kerberosFirst, TSRequestSamples.kerberosSecond,
    TSRequestSamples.kerberosThird, TSRequestSamples.kerberosFourth,
    TSRequestSamples.kerberosLast, TSRequestSamples.credentials,
  ]

  @Test(arguments: samples) func everySampleDecodesWithoutProblems(_ sample: [UInt8]) throws {
    let request = try TSRequest(sample[...])
    #expect(request.version == 6)
    #expect(request.problems == [])
  }

  @Test(arguments: samples) func everyPrefixIsTruncated(_ sample: [UInt8]) {
    for count in 0..<sample.count {
      let error = #expect(throws: DecodeError.self) { try TSRequest(sample[..<count]) }
      guard let error, case .truncated = error.reason else {
        Issue.record("\(count) octets: \(String(describing: error))")
        continue
      }
      #expect(0...count ~= error.offset)
    }
  }

  @Test(arguments: samples) func flippedOctetsDecodeOrThrow(_ sample: [UInt8]) {
    var generator = SeededGenerator(state: 11)
    for round in 0..<500 {
      let damaged = sample.flipped(1 + round % 3, by: &generator)
      do {
        let request = try TSRequest(damaged[...])
        #expect(request.tokens.count <= TSRequest.maximumTokens)
      } catch {
        #expect(0...sample.count ~= error.offset, "seed 11, round \(round)")
      }
    }
  }

  @Test func errorCodeIsNamed() throws {
    let request = try TSRequest(TSRequestSamples.refusal[...])
    let error = try #require(request.error)
    #expect(error.rawValue == 0x8009_0302)
    #expect(error.name == "SEC_E_UNSUPPORTED_FUNCTION")
    #expect(error.number == "0x80090302")
    #expect(error.kind == .ntlm)
    #expect(request.tokens.isEmpty)
  }

  @Test func statusOutsideEveryListKeepsItsNumber() {
    let status = LoginStatus(rawValue: 0xC000_BEEF)
    #expect(status.name == "0xC000BEEF")
    #expect(status.kind == .unknown)
  }

  @Test func proofNonceAndCredentialsAreReportedAsPresent() throws {
    let proof = try TSRequest(TSRequestSamples.authenticate[...])
    #expect(proof.provesPublicKey)
    #expect(proof.hasNonce)
    #expect(proof.credentialsByteCount == nil)
    let credentials = try TSRequest(TSRequestSamples.credentials[...])
    #expect(credentials.credentialsByteCount == 85)
    #expect(!credentials.provesPublicKey)
  }

  /// Tokens, proofs, credentials and tickets stand in no dump.
  @Test func secretsAreMarked() throws {
    let trace = FieldTrace()
    try FieldTrace.$current.withValue(trace) {
      for sample in [TSRequestSamples.authenticate, TSRequestSamples.credentials] {
        _ = try TSRequest(sample[...])
      }
    }
    let secret = Set(trace.fields.filter(\.isSecret).map(\.name))
    #expect(
      secret == [
        "LmChallengeResponse", "NtChallengeResponse", "EncryptedRandomSessionKey", "pubKeyAuth",
        "authInfo",
      ]
    )
  }

  @Test func deepNestingIsAnError() {
    var nested: [UInt8] = [0x05, 0x00]
    for _ in 0..<1000 {
      nested = [0x30, 0x84] + fourOctets(nested.count) + nested
    }
    let error = #expect(throws: DecodeError.self) { try TSRequest(nested[...]) }
    #expect(error?.offset == 0)
  }

  /// A token inside SPNEGO is not followed into SPNEGO again, however deep it goes on.
  @Test func nestedNegotiationStopsAtTheFirst() throws {
    let identifier: [UInt8] = [0x06, 0x06, 0x2B, 0x06, 0x01, 0x05, 0x05, 0x02]
    var token: [UInt8] = [0x05, 0x00]
    for _ in 0..<1000 {
      let offer = element(
        0xA0,
        element(0x30, element(0xA0, element(0x30, [])) + element(0xA2, element(0x04, token)))
      )
      token = element(0x60, identifier + offer)
    }
    let request = element(
      0x30,
      element(0xA0, [2, 1, 6])
        + element(0xA1, element(0x30, element(0x30, element(0xA0, element(0x04, token)))))
    )
    let all = try TSRequest(request[...]).allTokens
    #expect(all.count == 2)
    guard case .other = all.last else {
      Issue.record("\(all)")
      return
    }
  }
}

/// An element of DER.
func element(_ tag: UInt8, _ contents: [UInt8]) -> [UInt8] {
  contents.count < 0x80
    ? [tag, UInt8(contents.count)] + contents
    : [tag, 0x84] + fourOctets(contents.count) + contents
}

private func fourOctets(_ count: Int) -> [UInt8] {
  [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> $0) }
}
