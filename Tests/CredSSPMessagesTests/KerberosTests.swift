import CredSSPMessages
import Testing
import Wire

@Suite struct KerberosTests {
  static let samples = [
    KerberosSamples.asRequest, KerberosSamples.asReply, KerberosSamples.tgsRequest,
    KerberosSamples.tgsReply, KerberosSamples.skewError, KerberosSamples.lockedError,
  ]

  @Test func requestsNameClientServiceAndEncryption() throws {
    let request = try KerberosMessage(KerberosSamples.asRequest[...])
    #expect(request.type == .asRequest)
    #expect(request.client == "lab")
    #expect(request.realm == "LAB.EXAMPLE")
    #expect(request.service == "krbtgt/LAB.EXAMPLE")
    #expect(request.offered.map(\.rawValue) == [18, 17, 23, 24, -135, 3])
    let ticket = try KerberosMessage(KerberosSamples.tgsRequest[...])
    #expect(ticket.service == "TERMSRV/host.lab.example")
    let reply = try KerberosMessage(KerberosSamples.tgsReply[...])
    #expect(reply.client == "lab")
    #expect(reply.service == "TERMSRV/host.lab.example")
    #expect(reply.encryption?.name == "aes256-cts-hmac-sha1-96")
  }

  @Test func errorsAreNamed() throws {
    let skew = try #require(try KerberosMessage(KerberosSamples.skewError[...]).error)
    #expect(skew.name == "KRB_AP_ERR_SKEW")
    #expect(skew.kind == .clock)
    #expect(
      skew.time == CalendarTime(year: 2026, month: 11, day: 27, hour: 10, minute: 11, second: 12)
    )
    #expect(!skew.isPartOfExchange)
    let locked = try #require(try KerberosMessage(KerberosSamples.lockedError[...]).error)
    #expect(locked.name == "KDC_ERR_CLIENT_REVOKED")
    #expect(locked.status?.name == "STATUS_ACCOUNT_LOCKED_OUT")
    #expect(locked.meaning == "the account is locked after too many wrong passwords")
  }

  @Test(arguments: samples) func everyPrefixIsTruncated(_ sample: [UInt8]) {
    for count in 0..<sample.count {
      let error = #expect(throws: DecodeError.self) { try KerberosMessage(sample[..<count]) }
      guard let error, case .truncated = error.reason else {
        Issue.record("\(count) octets: \(String(describing: error))")
        continue
      }
      #expect(0...count ~= error.offset)
    }
  }

  @Test(arguments: samples) func flippedOctetsDecodeOrThrow(_ sample: [UInt8]) {
    var generator = SeededGenerator(state: 12)
    for round in 0..<500 {
      let damaged = sample.flipped(1 + round % 3, by: &generator)
      do {
        #expect(try KerberosMessage(damaged[...]).offered.count <= sample.count)
      } catch {
        #expect(0...sample.count ~= error.offset, "seed 12, round \(round)")
      }
    }
  }

  @Test func exchangeInsideNegotiation() throws {
    let steps: [([UInt8], KerberosMessage.MessageType)] = [
      (TSRequestSamples.kerberosFirst, .tgtRequest), (TSRequestSamples.kerberosSecond, .tgtReply),
      (TSRequestSamples.kerberosThird, .apRequest), (TSRequestSamples.kerberosFourth, .apReply),
    ]
    for (sample, type) in steps {
      let tokens = try TSRequest(sample[...]).allTokens
      guard case .kerberos(let message) = tokens.last else {
        Issue.record("\(tokens)")
        continue
      }
      #expect(message.type == type)
    }
    let first = try TSRequest(TSRequestSamples.kerberosFirst[...])
    guard case .spnego(let offer) = first.tokens.first else {
      Issue.record("\(first.tokens)")
      return
    }
    #expect(offer.offered.map(\.name) == ["Kerberos", "Kerberos", "NEGOEX", "NTLM"])
    guard
      case .spnego(let answer) = try TSRequest(TSRequestSamples.kerberosSecond[...]).tokens.first
    else {
      Issue.record("no answer")
      return
    }
    #expect(answer.state?.name == "accept-incomplete")
    #expect(answer.chosen == .microsoftKerberos)
  }

  @Test func framingMeasuresAndRefuses() {
    #expect(KerberosFraming(startOf: [0, 0, 1]) == .needsMoreBytes(atLeast: 4))
    #expect(KerberosFraming(startOf: [0, 0, 1, 0, 0x6A]) == .message(byteCount: 260))
    #expect(KerberosFraming(startOf: [0x80, 0, 1, 0]) == .notKerberos)
    #expect(KerberosFraming(startOf: [0x16, 3, 1, 2]) == .notKerberos)
  }
}
