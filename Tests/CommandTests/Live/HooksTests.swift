import Analysis
import Capture
import ChainValidation
import Foundation
import Reports
import Testing

@testable import rdpscope

/// Programs that are told of failures: what they get, and that nobody waits for them.
@Suite struct HooksTests {
  /// As live capture does: who reads may go.
  init() { Signals.ignoreBrokenPipes() }

  /// A failure that is news.
  private func failure() async throws -> LiveEvent {
    let path = Command.root.appending(path: "Captures/nla-required/capture.pcapng").path
    let source = try CaptureFile.open(path, filter: nil)
    var live = LiveAnalysis(ports: CaptureAnalysis.defaultPorts)
    while try source.advance() {
      let record = source.record
      source.withBytes { _ = live.take(record, $0) }
    }
    var validator: ChainValidator?
    let events = await live.evaluate(at: live.now(idle: 2), validator: &validator)
    return try #require(
      events.first { if case .verdict(let said) = $0 { said.isNewFailure } else { false } }
    )
  }

  private let json = LiveJSON(path: "eth0")

  @Test func aProgramGetsTheVerdictOnItsInput() async throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "told").path
    let event = try await failure()
    var hooks = Hooks([Hook(command: ["/bin/sh", "-c", "cat >'\(file)'"], wantsText: false)])
    hooks.note(event, json)
    hooks.finish()
    #expect(FileManager.default.contents(atPath: file) == Data(json.line(event)))
    #expect(hooks.droppedCount == 0 && hooks.failedCount == 0)
  }

  @Test func aProgramThatHangsHoldsUpNobody() async throws {
    let event = try await failure()
    var hooks = Hooks([Hook(command: ["sleep", "60"], wantsText: false)])
    let start = ContinuousClock.now
    for _ in 0..<100 {
      hooks.note(event, json)
      hooks.tick()
    }
    #expect(start.duration(to: .now) < .seconds(2))
    let room = Hooks.maximumQueued + Hooks.maximumRunning
    #expect(hooks.droppedCount == 100 - room)
    hooks.finish()
    #expect(start.duration(to: .now) < .seconds(6))
    #expect(hooks.droppedCount == 100 - Hooks.maximumRunning)
    #expect(hooks.failedCount == Hooks.maximumRunning)
  }

  @Test func aProgramThatFailsOrIsNotThereIsCounted() async throws {
    let event = try await failure()
    var hooks = Hooks([
      Hook(command: ["/bin/false"], wantsText: false),
      Hook(command: ["/nonexistent"], wantsText: true),
    ])
    hooks.note(event, json)
    hooks.finish()
    #expect(hooks.failedCount == 1 && hooks.droppedCount == 1)
  }
}
