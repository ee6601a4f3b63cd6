import Analysis
import Capture
import ChainValidation
import Diagnosis
import Foundation
import Reports
import Streams
import Testing
import Timeline

/// Two captures of one connection, compared.
@Suite struct BothEndsTests {
  private func analyse(_ name: String) async throws -> AnalysisReport {
    let folder = capturesFolder.appending(path: name)
    return try await run(
      PacketList(contentsOf: folder.appending(path: "capture.pcapng").path),
      PacketList(contentsOf: folder.appending(path: "server.pcapng").path)
    )
  }

  private func run(_ client: PacketList, _ server: PacketList) async throws -> AnalysisReport {
    var validator = ChainValidator(name: "none") { nil }
    return try await CaptureAnalysis(ports: CaptureAnalysis.defaultPorts).run(
      client: (client.source, "client"),
      server: (server.source, "server"),
      validator: &validator
    )
  }

  /// Each is told otherwise, or not at all, by one of the captures alone.
  @Test(arguments: [
    ("both-ends-reset-forged", "rst_injection"),
    ("both-ends-path-breaks-behind-nat", "packet_loss_or_cable"),
    ("both-ends-syn-dropped", "firewall_drop"),
    ("both-ends-host-firewall", "host_firewall_drop"),
    ("both-ends-answers-dropped", "return_path_blocked"),
    ("both-ends-healthy-behind-nat", "session_ended"),
    ("both-ends-healthy-lossy", "session_ended"),
  ])
  func togetherTheyTell(_ name: String, _ cause: String) async throws {
    let report = try await analyse(name)
    let verdict = try #require(report.captures[0].diagnosis.attempts.first?.verdict)
    #expect(verdict.cause.id == cause)
    #expect(0.9 <= verdict.confidence)
    #expect(report.attempts(atLeast: .failure) == (verdict.severity == .failure ? 1 : 0))
  }

  @Test func translationIsSeenThrough() async throws {
    let pair = try #require(await analyse("both-ends-healthy-behind-nat").endToEnd?.pairs.first)
    #expect(pair.matchedBy == .sequenceNumbers)
    #expect(pair.isTranslated)
    #expect(pair.toServer.lost.isEmpty && pair.toClient.lost.isEmpty)
    #expect(pair.toServer.appeared.isEmpty && pair.toClient.appeared.isEmpty)
  }

  @Test func lossIsLocated() async throws {
    let pair = try #require(await analyse("both-ends-healthy-lossy").endToEnd?.pairs.first)
    #expect(0 < pair.toServer.lost.count + pair.toClient.lost.count)
    #expect(pair.toServer.appeared.isEmpty && pair.toClient.appeared.isEmpty)
    let repeats =
      pair.client.tcp.client.retransmissionCount + pair.server.tcp.server.retransmissionCount
    #expect(pair.toServer.lost.count + pair.toClient.lost.count <= repeats)
  }

  /// Clocks that differ by hours, and addresses and sequence numbers that a box rewrites.
  @Test(arguments: ["both-ends-reset-forged", "both-ends-healthy-lossy"])
  func clocksAndNumbersAreReconciled(_ name: String) async throws {
    let folder = capturesFolder.appending(path: name)
    let client = try PacketList(contentsOf: folder.appending(path: "capture.pcapng").path)
    var server = try PacketList(contentsOf: folder.appending(path: "server.pcapng").path)
    let plain = try await run(client, server)
    server.shiftTimes(by: 5_400)
    server.rewrite(CaptureRewriting(network: 7, timeToLive: 3, ports: 1111))
    let other = try await run(client, server)
    let pair = try #require(other.endToEnd?.pairs.first)
    #expect(abs((pair.clock?.seconds ?? 0) - 5_400) < 0.1)
    #expect((pair.clock?.uncertainty ?? 1) < 0.05)
    #expect(pair.isTranslated)
    #expect(
      other.captures[0].diagnosis.attempts.map(\.verdict.cause.id)
        == plain.captures[0].diagnosis.attempts.map(\.verdict.cause.id)
    )
  }

  /// A capture that ends before the reset is no witness that none was sent, nor is one that lost
  /// packets.
  @Test func anEndedCaptureIsNoWitness() async throws {
    let folder = capturesFolder.appending(path: "both-ends-reset-forged")
    let client = try PacketList(contentsOf: folder.appending(path: "capture.pcapng").path)
    let server = try PacketList(contentsOf: folder.appending(path: "server.pcapng").path)
    var early = server
    early.packets.removeLast(20)
    var lossy = server
    // The server's confirm, which the capture near the client shows to have been sent.
    let confirm = try #require(
      server.packets.firstIndex {
        $0.bytes.dropFirst(34).prefix(2).elementsEqual([0x0D, 0x3D]) && 66 + 19 <= $0.bytes.count
      }
    )
    lossy.packets.remove(at: confirm)
    for poor in [early, lossy] {
      let report = try await run(client, poor)
      // The capture near the client is still a good witness of what the client did not send.
      let claims = report.captures[0].diagnosis.connections.flatMap(\.verdict.observed)
        .filter { $0.kind == .resetInjected && $0.text.contains("in the server's name") }
      #expect(claims.isEmpty)
    }
  }

  /// The same capture twice: nothing is lost, nothing forged, and who resets is who says so.
  @Test(arguments: GoldenCase.all)
  func twiceTheSameCaptureTellsNothingNew(_ golden: GoldenCase) async throws {
    let list = try PacketList(contentsOf: golden.capture.path)
    let report = try await run(list, list)
    let endToEnd = try #require(report.endToEnd)
    #expect(endToEnd.pairs.count == report.captures[0].diagnosis.connections.count)
    for pair in endToEnd.pairs {
      for side in Side.allCases {
        let match = pair.direction(from: side)
        #expect(match.lost.isEmpty && match.appeared.isEmpty)
      }
      #expect(pair.clock == nil || pair.clock?.seconds == 0)
    }
    let wrong: Set<EvidenceKind> = [.resetInjected, .pathBroke, .synLostBetween, .lossBetween]
    for judged in report.captures.flatMap(\.diagnosis.connections) {
      #expect(wrong.isDisjoint(with: judged.verdict.observed.map(\.kind)))
    }
  }
}
