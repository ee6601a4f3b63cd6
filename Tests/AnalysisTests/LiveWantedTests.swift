import Analysis
import Capture
import Diagnosis
import Foundation
import Reports
import Testing
import Timeline
import Wire

/// Live capture asks for the verdicts that are due and no others: they are the same as among all.
@Suite struct LiveWantedTests {
  /// Streams asked for, of each capture: scans have thousands that are alike.
  private static let maximumStreams = 40

  private func live(_ path: String) throws -> LiveAnalysis {
    let source = try CaptureFile.open(path, filter: nil)
    var live = LiveAnalysis(ports: CaptureAnalysis.defaultPorts)
    for secrets in source.metadata.secrets { live.add(secrets) }
    while try source.advance() {
      let record = source.record
      source.withBytes { _ = live.take(record, $0) }
    }
    return live
  }

  private func diagnosis(_ timeline: CaptureTimeline, of wanted: Set<Int>?) throws -> Diagnosis {
    let end = try #require(timeline.last)
    let connections = timeline.snapshot(until: end)
    return Diagnosis(
      connections,
      udpConnections: timeline.udpSnapshot(of: connections, until: end),
      hosts: timeline.hosts,
      lookups: timeline.lookups,
      kerberos: timeline.kerberosExchanges,
      captureEnd: end,
      of: wanted
    )
  }

  /// What is said of one stream.
  private func words(_ diagnosis: Diagnosis, of stream: Int) -> [String] {
    let connections = diagnosis.connections.filter { $0.connection.stream == stream }
    return connections.map { judged in
      let attempt = diagnosis.attempts[judged.attempt]
      return "\(judged.role) \(judged.verdict.cause.id) \(judged.verdict.severity) "
        + "\(judged.verdict.confidence) \(judged.verdict.observed.map(\.text)) "
        + "\(attempt.streams) \(attempt.verdict.cause.id) \(attempt.succeeded)"
    }
  }

  @Test(arguments: GoldenCase.all)
  func whatIsAskedForIsJudgedAsAmongAll(_ golden: GoldenCase) throws {
    let timeline = try live(golden.capture.path).timeline
    let all = try diagnosis(timeline, of: nil)
    for stream in Set(all.connections.map(\.connection.stream)).sorted().prefix(
      Self.maximumStreams
    ) {
      let some = try diagnosis(timeline, of: [stream])
      #expect(words(some, of: stream) == words(all, of: stream))
    }
    // Attempts without a connection are the same, whoever asks for what.
    let none = try diagnosis(timeline, of: [])
    let unreached = all.attempts.filter(\.streams.isEmpty)
    #expect(
      none.attempts.filter(\.streams.isEmpty).map { "\($0.client) \($0.server)" }
        == unreached.map { "\($0.client) \($0.server)" }
    )
  }
}
