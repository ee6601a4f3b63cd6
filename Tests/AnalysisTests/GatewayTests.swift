import Capture
import Diagnosis
import Foundation
import RDPMessages
import Reports
import Streams
import Testing
import Timeline

/// Connections to an RD Gateway, and what is inside of them.
@Suite struct GatewayTests {
  private func diagnosis(_ name: String) throws -> Diagnosis {
    let folder = capturesFolder.appending(path: name)
    return try analyse(GoldenCase(folder: folder).capture.path).diagnosis
  }

  @Test(arguments: ["gateway-session-keys", "gateway-session-two-keys"])
  func sessionInsideIsAConnection(_ name: String) throws {
    let diagnosis = try diagnosis(name)
    let inner = try #require(diagnosis.connections.first { $0.connection.isInsideGateway })
    #expect(inner.connection.phase == .session)
    #expect(inner.verdict.cause.id == "session_ended")
    #expect(inner.connection.stream == 0)
    let outer = diagnosis.connections.filter { !$0.connection.isInsideGateway }
    #expect(outer.allSatisfy { $0.verdict.cause.id == "gateway_channel_works" })
    #expect(outer.compactMap(\.connection.facts.gateway?.target) == ["desktop.example.test"])
    #expect(diagnosis.attempts.map(\.verdict.cause.id) == ["session_ended"])
    #expect(diagnosis.attempts.map(\.streams.count) == [outer.count])
  }

  /// Without keys, port 443 is anybody's: nothing is listed.
  @Test func nothingIsSaidWithoutKeys() throws {
    let folder = capturesFolder.appending(path: "gateway-session-keys")
    let list = try PacketList(contentsOf: GoldenCase(folder: folder).capture.path)
    let report = try list.analyse()
    #expect(report.diagnosis.connections.isEmpty)
    #expect(report.diagnosis.attempts.isEmpty)
  }

  /// The session inside stands up to packets that are missing: no false alarm, no trap.
  @Test(arguments: 1...8)
  func lostPacketsAreNoFailure(_ period: Int) throws {
    let folder = capturesFolder.appending(path: "gateway-session-keys")
    var list = try PacketList(contentsOf: GoldenCase(folder: folder).capture.path)
    list.packets.removeAll { 40 < $0.record.frame && $0.record.frame % (period * 3) == 0 }
    let diagnosis = try list.analyse(withKeys: true).diagnosis
    #expect(diagnosis.connections.contains { $0.connection.isToGateway })
    #expect(diagnosis.connections.allSatisfy { $0.verdict.severity != .failure })
  }

  @Test(arguments: [
    ("gateway-forbidden-keys", "gateway_user_denied"),
    ("gateway-user-denied-keys", "gateway_user_denied"),
    ("gateway-target-denied-keys", "gateway_target_denied"),
    ("gateway-target-unreachable-keys", "gateway_target_unreachable"),
  ])
  func refusalIsNamed(_ name: String, _ cause: String) throws {
    let attempt = try #require(try diagnosis(name).attempts.first)
    #expect(attempt.verdict.cause.id == cause)
    #expect(attempt.verdict.cause.family == .gatewayFailed)
    #expect(!attempt.succeeded)
    #expect(!attempt.verdict.evidence.flatMap(\.frames).isEmpty)
  }
}

@Suite(.enabled(if: outsideFolder != nil, "set RDPSCOPE_CAPTURES to a folder of captures"))
struct OutsideGatewayTests {
  private func diagnosis(_ name: String) throws -> Diagnosis {
    try analyse("\(try #require(outsideFolder))/\(name)").diagnosis
  }

  @Test func tunnelOfWindows() throws {
    let diagnosis = try diagnosis("rdp-rdg-same-creds-kerberos-password-success1.pcapng")
    #expect(
      diagnosis.connections.map(\.verdict.cause.id)
        == ["gateway_channel_works", "closed_by_client", "kdc_proxy_works"]
    )
    let gateway = try #require(diagnosis.connections.first?.connection.facts.gateway)
    #expect(gateway.kind == .webSocket)
    #expect(gateway.target == "IT-HELP-TEST.ad.it-help.ninja")
    #expect(gateway.targetPort == 3389)
    #expect(gateway.user == "ProtectedUser@ad.it-help.ninja")
    #expect(gateway.steps.compactMap(\.message.answer).allSatisfy { $0.isSuccess })
    let inner = diagnosis.connections[1].connection
    #expect(inner.isInsideGateway)
    #expect(inner.phase == .session)
    #expect(inner.facts.selected?.names == ["hybrid_ex"])
    let proxy = try #require(diagnosis.connections.last?.connection.facts.gateway)
    #expect(proxy.exchanges.compactMap(\.response?.message.code) == [200, 200, 200])
    #expect(diagnosis.attempts.map(\.succeeded) == [true])
    #expect(diagnosis.attempts.map(\.streams) == [[0, 1]])
  }

  /// Without keys, and with the port named: whoever announces HTTP is no Remote Desktop client, and
  /// nothing is called a failure of Remote Desktop.
  @Test(arguments: [
    "rdp-rdg-same-creds-kerberos-password-success1.pcapng",
    "rdp-rdg-no-kdc-proxy-ntlm-downgrade-failure.pcapng",
  ])
  func httpsOnANamedPortIsNoFailure(_ name: String) throws {
    let folder = try #require(outsideFolder)
    let list = try PacketList(contentsOf: "\(folder)/\(name)")
    let diagnosis = try list.analyse(ports: [443]).diagnosis
    let second = try #require(diagnosis.connections.first { $0.connection.stream == 1 })
    #expect(second.connection.phase == .tls)
    #expect(second.verdict.cause.family == .probe)
    #expect(diagnosis.connections.allSatisfy { $0.verdict.severity != .failure })
  }

  @Test func refusalOfWindows() throws {
    let diagnosis = try diagnosis("rdp-rdg-no-kdc-proxy-ntlm-downgrade-failure.pcapng")
    let attempt = try #require(diagnosis.attempts.first)
    #expect(diagnosis.attempts.count == 1)
    #expect(attempt.verdict.cause.id == "gateway_login_refused")
    #expect(attempt.verdict.cause.family == .gatewayFailed)
    let texts = attempt.verdict.evidence.map(\.text)
    #expect(texts.contains { $0.contains("401 (User Account Restricted)") })
    #expect(texts.contains { $0.contains("HTTP status 503") })
    #expect(attempt.verdict.evidence.flatMap(\.frames) == [34, 36, 27])
  }
}
