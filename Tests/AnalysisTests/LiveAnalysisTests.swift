import Analysis
import Capture
import ChainValidation
import Diagnosis
import Foundation
import Reports
import Testing
import Timeline
import Wire

/// The same packets give the same final verdicts, whether they come from a file or one by one.
@Suite struct LiveAnalysisTests {
  /// Plays a capture through the live path and looks at it now and then, as live capture does.
  private func play(_ path: String, every interval: Int) async throws -> [LiveEvent] {
    let source = try CaptureFile.open(path, filter: nil)
    var live = LiveAnalysis(
      ports: CaptureAnalysis.defaultPorts,
      deadlines: Self.patient,
      folds: false
    )
    var validator: ChainValidator?
    var events: [LiveEvent] = []
    for secrets in source.metadata.secrets { live.add(secrets) }
    var pending: [DecryptionSecrets] = []
    source.onSecrets = { pending.append($0) }
    while try source.advance() {
      for secrets in pending { live.add(secrets) }
      pending = []
      let record = source.record
      source.withBytes { _ = live.take(record, $0) }
      guard record.frame % interval == 0 else { continue }
      events += await live.evaluate(at: live.now(idle: 0), validator: &validator)
    }
    events += await live.evaluate(at: live.now(idle: 0), validator: &validator, isEnd: true)
    return events
  }

  /// Nothing is final before the end, so that it can be compared with a file as a whole.
  private static let patient: Deadlines = {
    var deadlines = Deadlines()
    deadlines.revisions = .infinity
    deadlines.abandonment = .infinity
    return deadlines
  }()

  /// A connection inside of a gateway's channel has its stream's number.
  private func name(_ judged: JudgedConnection) -> String {
    "\(judged.connection.stream) \(judged.connection.transport != .tcp)"
  }

  private func summary(_ judged: JudgedConnection) -> String {
    let connection = judged.connection
    return "\(connection.stream) \(connection.client) \(connection.server) \(judged.role) "
      + "\(connection.phase) \(connection.ending) \(judged.verdict.cause.id) "
      + "\(judged.verdict.severity) \(judged.verdict.confidence) "
      + "\(judged.verdict.observed.map { "\($0.kind) \($0.frames) \($0.text)" })"
  }

  @Test(arguments: GoldenCase.all, [1, 7])
  func finalVerdictsAreThoseOfTheFile(_ golden: GoldenCase, _ interval: Int) async throws {
    let path = try golden.capture.path
    let file = try analyse(path)
    let events = try await play(path, every: interval)
    var final: [String: String] = [:]
    var revisions: [String: Int] = [:]
    for case .verdict(let said) in events {
      let stream = name(said.judged)
      #expect(said.revision == revisions[stream, default: -1] + 1)
      #expect(final[stream] == nil, "judged after it was final")
      revisions[stream] = said.revision
      if said.isFinal { final[stream] = summary(said.judged) }
    }
    let expected = file.diagnosis.connections.map { (name($0), summary($0)) }
    #expect(final == Dictionary(uniqueKeysWithValues: expected))
    let unreached = events.compactMap { event -> String? in
      guard case .unreached(let said) = event, said.isFinal, !said.isWithdrawn else { return nil }
      return "\(said.attempt.client) \(said.attempt.server) \(said.attempt.verdict.cause.id)"
    }
    let expectedAttempts = file.diagnosis.attempts.filter { $0.streams.isEmpty }
    #expect(
      unreached.sorted()
        == expectedAttempts.map { "\($0.client) \($0.server) \($0.verdict.cause.id)" }.sorted()
    )
  }
}
