import Capture
import CredSSPMessages
import Diagnosis
import Foundation
import Reports
import Testing
import Timeline
import Wire

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

  /// The server's own words, at the frame that has them.
  @Test func refusedNTLMIsSaidByTheServer() throws {
    let name = "rdp-nla-ntlm-rejected1.pcapng"
    let attempt = try #require(report(name).diagnosis.attempts.first)
    #expect(attempt.verdict.cause.id == "ntlm_blocked")
    #expect(attempt.verdict.certainty == "certain")
    let said = try #require(attempt.verdict.evidence.first { $0.kind == .loginRefused(.ntlm) })
    #expect(said.frames == [15])
    #expect(said.text.contains("SEC_E_UNSUPPORTED_FUNCTION, 0x80090302"))
    #expect(!attempt.verdict.evidence.contains { $0.kind == .refusedHybridRequired })
    let login = try #require(json(name)[0]["authentication"] as? [String: Any])
    #expect(login["errorCode"] as? String == "0x80090302")
    #expect(login["mechanism"] as? String == "ntlm")
    #expect(login["user"] as? String == "Administrator")
    #expect(login["workstation"] as? String == "IT-HELP-CLIENT")
    #expect(login["serverName"] as? String == "IT-HELP-TEST.ad.it-help.ninja")
    #expect(login["serverOS"] as? String == "Windows Server 2022 (10.0.20348)")
  }

  @Test func refusedRestrictedAdminHasErrorInfoAndUltimatum() throws {
    let attempt = try #require(
      report("rdp-restricted-admin-rejected1.pcapng").diagnosis.attempts.first
    )
    let texts = attempt.verdict.evidence.map(\.text).joined(separator: "\n")
    #expect(texts.contains("ERRINFO_RPC_INITIATED_DISCONNECT_BY_USER"))
    #expect(texts.contains("rn-user-requested"))
    #expect(texts.contains("no Save Session Info comes"))
    #expect(attempt.verdict.certainty == "certain")
  }

  @Test(arguments: ["rdp-nla-kerberos-auth1.pcapng", "rdp-no-nla-accepted1.pcapng"])
  func healthyCapturesShowLogonAndOrderlyEnd(_ name: String) throws {
    let connection = try #require(report(name).diagnosis.connections.last)
    let kinds = connection.verdict.evidence.map(\.kind)
    #expect(kinds.contains(.loggedOn))
    #expect(kinds.contains(.orderlyPrelude))
    #expect(connection.verdict.evidence.contains { $0.text.contains("IT-HELP\\Administrator") })
    #expect(connection.connection.facts.undecoded.isEmpty)
  }

  /// The client asks the KDC for the server's ticket beside the connection, over TCP.
  @Test func kerberosBesideTheConnectionIsJoined() throws {
    let connection = try #require(
      report("rdp-nla-kerberos-auth1.pcapng").diagnosis.connections.last
    )
    let ticket = try #require(connection.verdict.observed.first { $0.kind == .ticketGranted })
    #expect(ticket.text.contains("TERMSRV/IT-HELP-TEST.ad.it-help.ninja"))
    // The KDC's wish for a proof is a step and no refusal.
    #expect(
      !connection.verdict.observed.contains {
        if case .kdcRefused = $0.kind { true } else { false }
      }
    )
  }

  /// A server that promises heartbeats and is not heard any more, while its client still talks.
  @Test func missedHeartbeatsAreTold() throws {
    let path = try #require(outsideFolder) + "/rdp-no-nla-accepted1.pcapng"
    var list = try PacketList(contentsOf: path)
    func missed() throws -> Evidence? {
      let diagnosis = try list.analyse(withKeys: true).diagnosis
      return diagnosis.connections.first?.verdict.observed.first { $0.kind == .heartbeatsMissed }
    }
    #expect(try missed() == nil)
    let fromServer = [UInt8(3389 >> 8), UInt8(3389 & 0xFF)]
    list.packets.removeAll { 605 < $0.record.frame && Array($0.bytes[34..<36]) == fromServer }
    let evidence = try #require(try missed())
    #expect(evidence.frames.first == 605)
    #expect(evidence.text.contains("every 1 s"))
    #expect(evidence.text.contains("after 8 misses"))
    // Seven seconds are within what it allows itself.
    let start = list.packets[0].record.timestamp
    list.packets.removeAll { 8 < $0.record.timestamp.seconds(since: start) }
    #expect(try missed() == nil)
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

  @Test func refusedRestrictedAdminIsNamed() throws {
    let attempt = try #require(
      report("rdp-restricted-admin-rejected1.pcapng").diagnosis.attempts.first
    )
    #expect(attempt.verdict.cause.id == "restricted_admin_disabled")
    #expect(!attempt.succeeded)
  }

  /// The facts that Zeek's own tests expect of its two captures.
  @Test func whatZeekLogsIsInTheReport() throws {
    let connections = try json("rdp-proprietary-encryption.pcap")
    #expect(connections.count == 2)
    let refused = try #require(connections[0]["negotiation"] as? [String: Any])
    #expect(refused["cookie"] as? String == "FTBCO\\A70")
    #expect(refused["failure"] as? String == "SSL_NOT_ALLOWED_BY_SERVER")
    let client = try #require(connections[1]["clientInfo"] as? [String: Any])
    #expect(client["name"] as? String == "FROG-POND")
    #expect((client["product"] as? String)?.hasPrefix("RDP 6.0") == true)
    #expect(client["channels"] as? [String] == ["rdpdr", "rdpsnd", "drdynvc", "cliprdr"])
    #expect((client["keyboardLayout"] as? String)?.contains("United States") == true)
    #expect(client["colorDepth"] as? Int == 32)
    let server = try #require(connections[1]["serverInfo"] as? [String: Any])
    #expect("\(server["encryptionLevel"] ?? "")".lowercased().contains("high"))
    #expect("\(server["encryptionMethod"] ?? "")".contains("128"))
    let cookies = try json("rdp-to-ssl.pcap").compactMap {
      ($0["negotiation"] as? [String: Any])?["cookie"] as? String
    }
    #expect(cookies == ["AWAKECODI", "AWAKECODI"])
  }

  private func json(_ name: String) throws -> [[String: Any]] {
    let report = AnalysisReport(captures: [try report(name)])
    let text = JSONReport.text(report, version: "test")
    let root = try JSONSerialization.jsonObject(with: Data(text)) as? [String: Any]
    return try #require(root?["connections"] as? [[String: Any]])
  }
}
