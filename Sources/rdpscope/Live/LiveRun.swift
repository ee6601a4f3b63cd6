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
  /// Seconds of packet time after which it is looked, however little time has passed.
  private static let packetSecondsPerLook = 5.0
  /// Seconds between two looks at the kernel's drop counts.
  private static let dropInterval = 1.0
  /// Judging may take one tenth of the time while packets come.
  private static let restAfterJudging = 9.0

  private let feed: any LiveFeed
  private var analysis: LiveAnalysis
  private var validator: ChainValidator?
  private var outputs: LiveOutputs
  private var lastPacket = ContinuousClock.now
  private var nextJudging = ContinuousClock.now
  /// The last packet's time at the last look.
  private var lastJudging: Timestamp?
  private var nextDrops = ContinuousClock.now
  private var drops = DropCounts()
  private let start = ContinuousClock.now

  /// Prepares a run.
  init(
    feed: any LiveFeed,
    analysis: consuming LiveAnalysis,
    validator: ChainValidator,
    outputs: consuming LiveOutputs
  ) {
    self.feed = feed
    analysis.classifies = outputs.keepsPackets
    self.analysis = analysis
    self.validator = validator
    self.outputs = outputs
  }

  /// Runs until the packets end or somebody ends it.
  ///
  /// - Throws: The exit status when something failed; the reason is then on stderr.
  mutating func loop() async throws {
    var isOpen = true
    while isOpen, !Signals.wantsEnd, !outputs.wantsQuit {
      isOpen = takePackets()
      try await tick(isEnd: false)
    }
    try await tick(isEnd: true)
    outputs.closeTable()
    summarize()
    if outputs.hasFailed { throw ExitCode(Output.writeFailed) }
  }

  /// Waits for packets and takes those that are there, so many before it is time to look at the
  /// clock; false at the end of them.
  ///
  /// Only for the first is waited: a trickle without pauses would put off what is due.
  private mutating func takePackets() -> Bool {
    var hasPackets = false
    defer { if hasPackets { lastPacket = .now } }
    for _ in 0..<Self.packetsPerLook {
      let arrival: Arrival
      do throws(CaptureError) {
        arrival = try feed.next(milliseconds: hasPackets ? 0 : Self.patience)
      } catch {
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
      outputs.keep(record, bytes, interest, at: analysis.time, feed.interfaces)
    }
  }

  /// Says what is due.
  private mutating func tick(isEnd: Bool) async throws {
    let now = ContinuousClock.now
    if Signals.take(SIGHUP) { try outputs.reopen() }
    if Signals.take(SIGUSR1) { summarize() }
    // A recording that is played faster than it was made has deadlines of its own.
    let isDue = nextJudging <= now || Self.packetSecondsPerLook <= sinceJudging
    guard isEnd || isDue else { return }
    for warning in feed.takeWarnings() { try warn(warning.code, warning.message, warning.frame) }
    if isEnd || nextDrops <= now { try noteDrops(now) }
    // A pipe that has ended goes on no more: its last packet is its end.
    let idle = isEnd && feed is PipeFeed ? 0 : lastPacket.duration(to: now).seconds
    let time = analysis.now(idle: idle)
    let events = await analysis.evaluate(at: time, validator: &validator, isEnd: isEnd)
    for event in events { try outputs.say(event) }
    lastJudging = analysis.hasBegun ? analysis.time : nil
    try outputs.tick(analysis, at: time, feed: feed, isEnd: isEnd)
    let rest = now.duration(to: .now) * Self.restAfterJudging
    nextJudging = .now + max(.milliseconds(Int(Self.patience)), rest)
  }

  /// Seconds of packet time since the last look.
  private var sinceJudging: Double {
    lastJudging.map { analysis.time.seconds(since: $0) } ?? 0
  }

  private mutating func noteDrops(_ now: ContinuousClock.Instant) throws {
    nextDrops = now + .seconds(Self.dropInterval)
    let counts = feed.dropped
    let lost = counts.total - drops.total
    drops = counts
    analysis.noteLoss(lost, at: feed.clock)
    guard 0 < lost else { return }
    try warn(
      "packets_dropped",
      "\(lost) packets were dropped (\(counts.kernel) by the kernel, \(counts.interface) by the "
        + "interface since the start): a larger --buffer-size helps",
      nil
    )
  }

  private mutating func warn(_ code: String, _ message: String, _ frame: Int?) throws {
    try outputs.say(
      .notice(
        CaptureReport.Warning(code: code, message: message, frame: frame),
        at: feed.clock ?? (analysis.hasBegun ? analysis.time : nil)
      )
    )
  }

  private func summarize() {
    outputs.summarize(
      analysis.statistics,
      drops: drops,
      seconds: start.duration(to: .now).seconds
    )
  }
}

extension Duration {
  /// As seconds.
  var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
