import CredSSPMessages
import Diagnosis
import Foundation
import Reports
import Testing
import Timeline

/// A client's exchange with a KDC beside recorded connections: evidence where the login failed, and
/// nothing where somebody got in.
@Suite struct KerberosTrafficTests {
  private static let client: [UInt8] = [192, 0, 2, 10]
  private static let kdc: [UInt8] = [192, 0, 2, 53]

  /// An element of DER with less than 128 octets.
  private static func element(_ tag: UInt8, _ contents: [UInt8]) -> [UInt8] {
    [tag, UInt8(contents.count)] + contents
  }

  private static func number(_ tag: UInt8, _ value: UInt8) -> [UInt8] {
    element(tag, element(2, [value]))
  }

  private static func text(_ text: String) -> [UInt8] { element(0x1B, Array(text.utf8)) }

  /// TGS-REQ for TERMSRV/host of the realm LAB.
  private static let request: [UInt8] = {
    let name = element(
      0x30,
      number(0xA0, 2) + element(0xA1, element(0x30, text("TERMSRV") + text("host")))
    )
    let body = element(0x30, element(0xA2, text("LAB")) + element(0xA3, name))
    return element(
      0x6C,
      element(0x30, number(0xA1, 5) + number(0xA2, 12) + element(0xA4, body))
    )
  }()

  private static func error(_ code: UInt8) -> [UInt8] {
    element(
      0x7E,
      element(
        0x30,
        number(0xA0, 5) + number(0xA1, 30) + number(0xA6, code) + element(0xA9, text("LAB"))
      )
    )
  }

  private func report(_ name: String, answering code: UInt8?) throws -> Diagnosis {
    let golden = GoldenCase(folder: capturesFolder.appending(path: name))
    var list = try PacketList(contentsOf: golden.capture.path).adding(
      udp: Self.request,
      from: Self.client,
      to: Self.kdc,
      ports: (50_000, 88),
      after: 1000
    )
    if let code {
      list = list.adding(
        udp: Self.error(code),
        from: Self.kdc,
        to: Self.client,
        ports: (88, 50_000),
        after: 2000
      )
    }
    return try list.analyse().diagnosis
  }

  private func kinds(_ diagnosis: Diagnosis) -> [EvidenceKind] {
    diagnosis.connections.flatMap { $0.verdict.observed.map(\.kind) }
  }

  @Test func refusedTicketIsEvidenceOfALoginThatFailed() throws {
    let diagnosis = try report("credential-prompt-cancelled", answering: 37)
    let refusal = try #require(
      diagnosis.connections.first?.verdict.observed.first { $0.kind == .kdcRefused(.clock) }
    )
    #expect(refusal.frames.count == 2)
    #expect(refusal.text.contains("TERMSRV/host"))
    #expect(refusal.text.contains("KRB_AP_ERR_SKEW, 37"))
    #expect(diagnosis.connections.first?.verdict.cause.id == "clock_skew")
  }

  /// No refusal of a ticket makes a failure of a session, whatever its code.
  @Test(arguments: [UInt8(6), 7, 18, 23, 24, 37])
  func refusedTicketLeavesAHealthySessionAlone(_ code: UInt8) throws {
    let diagnosis = try report("healthy-nla-login", answering: code)
    #expect(diagnosis.connections.allSatisfy { $0.verdict.severity == .none })
    #expect(!kinds(diagnosis).contains { if case .kdcRefused = $0 { true } else { false } })
  }

  /// 25 asks for a proof, 52 for TCP: steps of every good login.
  @Test(arguments: [UInt8(25), 52]) func stepsAreNoRefusals(_ code: UInt8) throws {
    let diagnosis = try report("credential-prompt-cancelled", answering: code)
    #expect(!kinds(diagnosis).contains { if case .kdcRefused = $0 { true } else { false } })
  }

  @Test func silentKDCIsTold() throws {
    let diagnosis = try report("credential-prompt-cancelled", answering: nil)
    #expect(kinds(diagnosis).contains(.kdcUnanswered))
  }
}
