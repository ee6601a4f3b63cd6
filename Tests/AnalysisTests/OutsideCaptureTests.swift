import Diagnosis
import Foundation
import Reports
import Testing
import Timeline

/// Facts about public captures of Windows peers that are not in the repository; skipped where they
/// are not.
@Suite(.enabled(if: outsideFolder != nil, "RDPSCOPE_CAPTURES names no folder"))
struct OutsideCaptureTests {
  private func report(_ name: String) throws -> CaptureReport {
    try analyse(#require(outsideFolder) + "/" + name)
  }

  @Test(arguments: [
    "rdp-nla-kerberos-auth1.pcapng", "rdp-no-nla-accepted1.pcapng", "rdp-no-tls-accepted1.pcapng",
    "rdp-proprietary-encryption.pcap", "rdp-to-ssl.pcap",
  ])
  func healthyCapturesHaveNoFailure(_ name: String) throws {
    let report = try report(name)
    #expect(!report.diagnosis.connections.isEmpty)
    #expect(report.diagnosis.connections.allSatisfy { $0.verdict.severity != .failure })
    #expect(report.diagnosis.attempts.allSatisfy { $0.succeeded })
    #expect(report.diagnosis.connections.last?.connection.phase == .session)
  }

  @Test func refusedNLAIsNamed() throws {
    let attempt = try #require(report("rdp-no-nla-rejected1.pcapng").diagnosis.attempts.first)
    #expect(attempt.verdict.cause.id == "nla_required")
    #expect(attempt.verdict.evidence.flatMap(\.frames).contains(5))
    #expect(!attempt.succeeded)
  }

  @Test func fallbackAfterRefusedNTLMIsNotTheFault() throws {
    let diagnosis = try report("rdp-nla-ntlm-rejected1.pcapng").diagnosis
    #expect(diagnosis.connections.map(\.verdict.cause.id) == ["ntlm_blocked", "nla_required"])
    #expect(diagnosis.connections.map(\.role) == [.first, .fallback])
    #expect(diagnosis.connections.map(\.verdict.severity) == [.failure, .warning])
    #expect(diagnosis.attempts.map(\.verdict.cause.family) == [.authenticationFailed])
  }

  @Test func refusedTLSIsAFallbackThatSucceeded() throws {
    let diagnosis = try report("rdp-proprietary-encryption.pcap").diagnosis
    #expect(
      diagnosis.connections.map(\.verdict.cause.family) == [.securityLayerMismatch, .healthy]
    )
    #expect(diagnosis.connections.map(\.role) == [.first, .fallback])
    #expect(diagnosis.connections.map(\.verdict.severity) == [.warning, .none])
    #expect(diagnosis.attempts.map(\.succeeded) == [true])
  }
}
