import Analysis
import Capture
import Diagnosis
import Foundation
import Reports
import Testing

/// The code that a user saw, as evidence.
@Suite struct ClientCodeTests {
  private func report(_ name: String, _ text: String) throws -> CaptureReport {
    let golden = try #require(GoldenCase.all.first { $0.folder.lastPathComponent == name })
    let code = try #require(ClientCode(text))
    let path = try golden.capture.path
    return try CaptureAnalysis(ports: CaptureAnalysis.defaultPorts, code: code)
      .run(CaptureFile.open(path, filter: nil), path: path)
  }

  @Test(arguments: [
    ("port-closed", "0x204", true), ("port-closed", "ECONNREFUSED", true),
    ("port-closed", "ERRCONNECT_CONNECT_FAILED", true), ("port-closed", "0x807", false),
    ("port-closed", "ECONNRESET", false), ("host-never-answers-arp", "0x104", false),
    ("name-not-resolved", "0x104", true),
    ("name-not-resolved", "ERRCONNECT_DNS_NAME_NOT_FOUND", true),
    ("stale-session-after-sleep", "os error 54", true), ("stale-session-after-sleep", "0x4", true),
    ("stale-session-after-sleep", "0x204", false), ("nla-required", "0xB09", true),
    ("nla-required", "ERRCONNECT_HYBRID_REQUIRED_BY_SERVER", true),
    ("ended-by-another-connection", "0x5", true), ("ended-by-another-connection", "0x9", false),
    ("certificate-denied-tls12", "0x907", true), ("nla-wrong-password", "2055", true),
    ("nla-wrong-password", "ERRCONNECT_LOGON_FAILURE", true),
    ("healthy-still-open", "0x204", false), ("key-unreadable-reset", "2308", true),
    ("syn-unanswered", "10060", true),
  ])
  func packetsAgreeOrNot(_ name: String, _ code: String, _ agrees: Bool) throws {
    let report = try report(name, code)
    #expect(report.answer?.agrees == agrees, "\(report.answer?.text ?? "")")
  }

  /// A code makes nothing broken, and never turns a verdict into another family on its own.
  @Test(arguments: GoldenCase.all, ["0x204", "0x4", "0x904", "0x907", "0x104", "0x807"])
  func codeAloneMakesNoVerdict(_ golden: GoldenCase, _ text: String) throws {
    let path = try golden.capture.path
    let silent = try analyse(path).diagnosis.connections.map(\.verdict)
    let code = try #require(ClientCode(text))
    let heard = try CaptureAnalysis(ports: CaptureAnalysis.defaultPorts, code: code)
      .run(CaptureFile.open(path, filter: nil), path: path).diagnosis.connections.map(\.verdict)
    for (one, other) in zip(silent, heard) {
      if one.severity == .none { #expect(other.cause.id == one.cause.id) }
      if 0.9 <= one.confidence { #expect(other.cause.family == one.cause.family) }
    }
  }

  @Test func codeSpeaksForAndAgainst() throws {
    let fitting = try #require(report("port-closed", "0x204").diagnosis.attempts.first?.verdict)
    #expect(fitting.evidence.contains { $0.kind == .clientCode })
    let golden = try #require(GoldenCase.all.first { $0.testDescription == "port-closed" })
    let silent = try #require(analyse(golden.capture.path).diagnosis.attempts.first?.verdict)
    #expect(silent.confidence <= fitting.confidence)
    let other = try #require(report("port-closed", "0x807").diagnosis.attempts.first?.verdict)
    #expect(other.against.contains { $0.kind == .clientCode })
    #expect(other.confidence < silent.confidence)
  }

  @Test(arguments: [
    ("0x0002000D", "ERRCONNECT_CONNECT_TRANSPORT_FAILED (0x2000D)"),
    ("ERRCONNECT_TLS_CONNECT_FAILED [0x00020008]", "ERRCONNECT_TLS_CONNECT_FAILED (0x20008)"),
    ("FREERDP_ERROR_DNS_ERROR", "ERRCONNECT_DNS_ERROR (0x20004)"),
    ("os error 54", "ECONNRESET"), ("errno 111", "ECONNREFUSED"), ("WSAETIMEDOUT", "ETIMEDOUT"),
    ("10061", "ECONNREFUSED"), ("Connection reset by peer", "ECONNRESET"), ("104", "0x68 (104)"),
    ("0x4", "0x4 (4)"),
  ])
  func namesAndNumbersAreRead(_ text: String, _ read: String) {
    #expect(ClientCode(text)?.text == read)
  }

  @Test func everyKnownCodeHasCausesOrSaysNothing() throws {
    for value in UInt32(0)...0x2300 {
      let code = try #require(ClientCode(String(value)))
      guard let symptom = code.symptom, !symptom.families.isEmpty else { continue }
      #expect(!code.causes.isEmpty || symptom == .closedByUser, "\(code.text)")
    }
  }
}
