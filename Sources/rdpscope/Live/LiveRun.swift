import Analysis
import ArgumentParser
import Capture
import ChainValidation
import Reports
import Wire

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Live capture from its start to its end: packets in, events out, one loop, one thread.
struct LiveRun: ~Copyable {
  /// Milliseconds of waiting for packets at a time, and so how late an event may be.
  private static let patience: Int32 = 100
  /// Packets between two looks at the clock.
  private static let packetsPerLook = 512
  /// Seconds between two looks at the kernel's drop counts.
  private static let dropInterval = 1.0
  /// The share of the time that judging may take while packets come: one tenth.
  private static let restAfterJudging = 9.0

  private let feed: any LiveFeed
  private var analysis: LiveAnalysis
  private var validator: ChainValidator?
  private var printer: LivePrinter
  private var recorder: FailureRecorder?
  private var hooks: Hooks
  private let json: LiveJSON
  private var lastPacket = ContinuousClock.now
  private var nextJudging = ContinuousClock.now
  private var nextDrops = ContinuousClock.now
  private var drops = DropCounts()
  /// Whether something could not be written.
  private var hasFailed = false
  private let start = ContinuousClock.now

  /// Prepares a run.
  init(
    feed: any LiveFeed,
    analysis: LiveAnalysis,
    validator: ChainValidator,
    printer: consuming LivePrinter,
    recorder: FailureRecorder?,
    hooks: Hooks,
    source: String
  ) {
    self.feed = feed
    self.analysis = analysis
    self.validator = validator
    self.printer = printer
    self.recorder = recorder
    self.hooks = hooks
    json = LiveJSON(path: source)
    self.analysis.classifies = recorder != nil
  }

  /// Runs until the packets end or somebody ends it.
  ///
  /// - Throws: The exit status when something failed; the reason is then on stderr.
  mutating func loop() async throws {
    var isOpen = true
    while isOpen, !Signals.wantsEnd {
      isOpen = try takePackets()
      try await tick(isEnd: false)
    }
    try await tick(isEnd: true)
    hooks.finish()
    summarize()
    if hasFailed { throw ExitCode(Output.writeFailed) }
  }

  /// Takes packets until there is none for a while or it is time to look at the clock; false at
  /// the end of them.
  private mutating func takePackets() throws -> Bool {
    var hasPackets = false
    defer { if hasPackets { lastPacket = .now } }
    for _ in 0..<Self.packetsPerLook {
      let arrival: Arrival
      do throws(CaptureError) { arrival = try feed.next(milliseconds: Self.patience) } catch {
        StandardError.write("rdpscope: \(error.message)\n")
        return false
      }
      switch arrival {
      case .packet, .activity:
        take(isActivity: arrival == .activity)
        hasPackets = true
      case .idle: return true
      case .end: return false
      }
    }
    return true
  }

  private mutating func take(isActivity: Bool) {
    for secrets in feed.takeSecrets() { analysis.add(secrets) }
    let record = feed.record
    feed.withBytes { bytes in
      let interest = analysis.take(record, bytes, isActivity: isActivity)
      recorder?.keep(record, bytes, interest)
    }
  }

  /// Says what is due.
  private mutating func tick(isEnd: Bool) async throws {
    let now = ContinuousClock.now
    if Signals.take(SIGHUP) { try printer.reopen() }
    if Signals.take(SIGUSR1) { summarize() }
    guard isEnd || nextJudging <= now else { return }
    for warning in feed.takeWarnings() {
      try printer.print(
        .notice(
          CaptureReport.Warning(code: warning.code, message: warning.message, frame: warning.frame)
        )
      )
    }
    try noteDrops(now)
    // A pipe that has ended goes on no more: its last packet is its end.
    let idle = isEnd && feed is PipeFeed ? 0 : lastPacket.duration(to: now).seconds
    let events = await analysis.evaluate(
      at: analysis.now(idle: idle),
      validator: &validator,
      isEnd: isEnd
    )
    for event in events { try say(event) }
    try record(at: analysis.now(idle: idle), isEnd: isEnd)
    hooks.tick()
    let cost = now.duration(to: .now)
    nextJudging = .now + max(.milliseconds(Int(Self.patience)), cost * Self.restAfterJudging)
  }

  private mutating func say(_ event: LiveEvent) throws {
    recorder?.note(event)
    hooks.note(event, json)
    try printer.print(event)
  }

  /// Writes the failures whose time has come.
  private mutating func record(at now: Timestamp, isEnd: Bool) throws {
    let outcomes = recorder?.write(at: now, interfaces: feed.interfaces, isEnd: isEnd) ?? []
    for outcome in outcomes {
      switch outcome {
      case .recorded(let attempt, let path):
        try say(.recorded(attempt: attempt, path: path))
      case .failed(_, let reason):
        hasFailed = true
        try say(
          .notice(CaptureReport.Warning(code: "recording_failed", message: reason, frame: nil))
        )
      }
    }
  }

  private mutating func noteDrops(_ now: ContinuousClock.Instant) throws {
    guard nextDrops <= now else { return }
    nextDrops = now + .seconds(Self.dropInterval)
    let counts = feed.dropped
    let lost = counts.total - drops.total
    drops = counts
    guard 0 < lost else { return }
    analysis.noteLoss(lost, until: analysis.now(idle: 0))
    try printer.print(
      .notice(
        CaptureReport.Warning(
          code: "packets_dropped",
          message: "\(lost) packets were dropped (\(counts.kernel) by the kernel, "
            + "\(counts.interface) by the interface since the start): a larger --buffer-size helps",
          frame: nil
        )
      )
    )
  }

  /// Statistics, on stderr.
  private func summarize() {
    let counts = analysis.statistics
    let failures = counts.failuresByCause.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { "\($0.value) \($0.key)" }.joined(separator: ", ")
    StandardError.write(
      "rdpscope: \(counts.packets) packets in \(Int(start.duration(to: .now).seconds)) s, "
        + "\(drops.total) dropped; \(counts.connections) connections judged finally, "
        + "\(counts.open) open, \(counts.failures) failed attempts"
        + (failures.isEmpty ? "" : " (\(failures))") + "\n"
    )
    if let recorder {
      StandardError.write(
        "rdpscope: \(recorder.writtenCount) failures kept, \(recorder.failedCount) could not be\n"
      )
    }
    if 0 < hooks.droppedCount + hooks.failedCount {
      StandardError.write(
        "rdpscope: hooks: \(hooks.droppedCount) failures dropped, \(hooks.failedCount) programs "
          + "failed\n"
      )
    }
  }
}

extension Duration {
  /// As seconds.
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
