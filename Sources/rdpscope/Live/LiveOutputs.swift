import Analysis
import ArgumentParser
import Capture
import Reports
import Timeline
import Wire

/// Everywhere that live capture's packets and events go.
struct LiveOutputs: ~Copyable {
  /// Seconds between two pictures of the table.
  private static let drawInterval = Duration.milliseconds(500)
  /// Pause between two complaints about hooks.
  private static let complaintInterval = Duration.seconds(60)

  private var printer: LivePrinter
  private var recorder: FailureRecorder?
  private let recording: RotatingCapture?
  private var hooks: Hooks
  private let metrics: MetricsServer?
  private let json: LiveJSON
  private var screen: LiveScreen
  private var terminal: LiveTerminal?
  private var nextDrawing = ContinuousClock.now
  private var lastCounts = (packets: 0, octets: 0, at: ContinuousClock.now)
  private var rates = (packets: 0.0, octets: 0.0)
  /// Why packets could not be recorded, as it was last said.
  private var saidProblem: String?
  /// Lines that nobody took, as they were last said.
  private var saidLines = 0
  /// Failed hooks, as they were last said.
  private var saidHooks = (0, 0)
  private var nextComplaint = ContinuousClock.now
  /// Whether something could not be written.
  private(set) var hasFailed = false

  /// Gathers the outputs.
  init(
    printer: consuming LivePrinter,
    recorder: FailureRecorder?,
    recording: RotatingCapture?,
    hooks: Hooks,
    metrics: MetricsServer?,
    source: String
  ) {
    self.printer = printer
    self.recorder = recorder
    self.recording = recording
    self.hooks = hooks
    self.metrics = metrics
    json = LiveJSON(path: source)
    screen = LiveScreen(source: source)
  }

  /// Shows the table from now on, if there is a terminal.
  mutating func showTable() { terminal = LiveTerminal() }

  /// Whether the packets are kept for a while.
  var keepsPackets: Bool { recorder != nil }
  /// Whether somebody pressed q at the table.
  var wantsQuit: Bool { terminal?.wantsQuit ?? false }

  /// Takes a packet.
  ///
  /// - Parameters:
  ///   - record: What is known of it.
  ///   - bytes: Its octets.
  ///   - interest: What it is to the flight recorder.
  ///   - time: Its time as verdicts count it, which does not step back.
  ///   - interfaces: Where packets come from.
  mutating func keep(
    _ record: PacketRecord,
    _ bytes: Span<UInt8>,
    _ interest: PacketInterest,
    at time: Timestamp,
    _ interfaces: @autoclosure () -> [CaptureInterface]
  ) {
    if recorder != nil {
      var record = record
      record.timestamp = time
      recorder?.keep(record, bytes, interest)
    }
    recording?.write(record, bytes, interfaces())
  }

  /// Says an event.
  ///
  /// - Throws: The exit status when it cannot be written; the reason is then on stderr.
  mutating func say(_ event: LiveEvent) throws {
    recorder?.note(event)
    hooks.note(event, json)
    if terminal != nil { screen.note(event) } else { try printer.print(event) }
  }

  /// Does what is due: files, programs, questions about metrics, the table.
  mutating func tick(
    _ analysis: borrowing LiveAnalysis,
    at now: Timestamp,
    feed: any LiveFeed,
    isEnd: Bool
  ) throws {
    try record(at: now, interfaces: feed.interfaces, isEnd: isEnd)
    if isEnd {
      recording?.finish(dropped: feed.dropped.total, at: now)
      hooks.finish()
    } else {
      recording?.flush()
      hooks.tick()
    }
    try complainAboutRecording(at: now)
    try complainAboutLines(at: now)
    try complainAboutHooks(at: now, isEnd: isEnd)
    let statistics = analysis.statistics
    metrics?.tick {
      Metrics.text(
        statistics,
        drops: feed.dropped,
        kept: recorder.map { ($0.writtenCount, $0.failedCount) },
        hooks: (hooks.droppedCount, hooks.failedCount)
      )
    }
    draw(analysis, at: now, drops: feed.dropped)
    guard isEnd else { return try printer.flush() }
    if !printer.finish() { hasFailed = true }
  }

  /// Opens the files anew, which somebody may have moved away.
  mutating func reopen() throws {
    try printer.reopen()
    recording?.reopen()
  }

  /// Gives the terminal back.
  mutating func closeTable() { terminal = nil }

  // MARK: - Files

  /// Writes the failures whose time has come.
  private mutating func record(
    at now: Timestamp,
    interfaces: [CaptureInterface],
    isEnd: Bool
  ) throws {
    let outcomes = recorder?.write(at: now, interfaces: interfaces, isEnd: isEnd) ?? []
    for outcome in outcomes {
      switch outcome {
      case .recorded(let attempt, let path):
        try say(.recorded(attempt: attempt, path: path, at: now))
      case .failed(_, let reason):
        hasFailed = true
        try warn("failure_not_kept", reason, at: now)
      case .skipped(let count):
        let message = "the packets of \(count) failures were not kept: too many failed at once"
        try warn("failures_not_kept", message, at: now)
      }
    }
  }

  /// Says once that packets cannot be recorded, and once that they can be again.
  private mutating func complainAboutRecording(at now: Timestamp) throws {
    guard let recording, recording.problem != saidProblem else { return }
    saidProblem = recording.problem
    if let problem = recording.problem {
      hasFailed = true
      try warn("packets_not_recorded", problem + "; it is tried again", at: now)
    } else {
      try warn(
        "packets_recorded_again",
        "packets are recorded again; \(recording.lostCount) so far could not be",
        at: now
      )
    }
  }

  /// Says how many lines were dropped, once there is room to say so.
  private mutating func complainAboutLines(at now: Timestamp) throws {
    guard saidLines < printer.droppedCount, !printer.isWaiting else { return }
    saidLines = printer.droppedCount
    hasFailed = true
    try warn(
      "lines_dropped",
      "\(saidLines) lines so far are missing here: nobody took those before them",
      at: now
    )
  }

  /// Says how many failures nobody was told of, once a minute at most.
  private mutating func complainAboutHooks(at now: Timestamp, isEnd: Bool) throws {
    let counts = (hooks.droppedCount, hooks.failedCount)
    guard counts != saidHooks, isEnd || nextComplaint <= .now else { return }
    saidHooks = counts
    nextComplaint = .now + Self.complaintInterval
    try warn(
      "hooks_failed",
      "\(counts.0) failures so far found no room among the programs that are told of them, and "
        + "\(counts.1) programs failed or took longer than \(Int(Hooks.patience)) s",
      at: now
    )
  }

  private mutating func warn(_ code: String, _ message: String, at now: Timestamp) throws {
    try say(.notice(CaptureReport.Warning(code: code, message: message, frame: nil), at: now))
  }

  // MARK: - For people

  private mutating func draw(
    _ analysis: borrowing LiveAnalysis,
    at now: Timestamp,
    drops: DropCounts
  ) {
    let clock = ContinuousClock.now
    guard let size = terminal?.size, nextDrawing <= clock else { return }
    nextDrawing = clock + Self.drawInterval
    let counts = analysis.statistics
    let seconds = lastCounts.at.duration(to: clock).seconds
    if 1 <= seconds {
      rates = (
        Double(counts.packets - lastCounts.packets) / seconds,
        Double(counts.octets - lastCounts.octets) / seconds
      )
      lastCounts = (counts.packets, counts.octets, clock)
    }
    let memory = ProcessMemory.residentMiB.map { ", \($0) MiB of memory" } ?? ""
    let summary =
      "\(counts.open) open, \(counts.failures + counts.pendingFailures) failed; \(Int(rates.packets)) packets/s, "
      + "\(Int(rates.octets * 8 / 1e6)) Mbit/s, \(drops.total) dropped" + memory
    let lines = screen.lines(
      analysis.states(at: now),
      at: now,
      summary: summary,
      rows: size.rows,
      columns: size.columns
    )
    terminal?.draw(lines)
  }

  /// Statistics, on stderr.
  func summarize(_ counts: LiveStatistics, drops: DropCounts, seconds: Double) {
    let failures = Self.list(counts.failuresByCause)
    let pending = counts.pendingFailures
    var lines = [
      "\(counts.packets) packets in \(Int(seconds)) s, \(drops.total) dropped; "
        + "\(counts.connections) connections judged finally, \(counts.open) open, "
        + "\(counts.failures) failed attempts" + (failures.isEmpty ? "" : " (\(failures))")
        + (pending == 0
          ? "" : "; \(pending) failed so far (\(Self.list(counts.pendingByCause))), not finally")
    ]
    lines.append(
      "held in memory: \(counts.held.connections) connections, \(counts.held.conversations) TCP "
        + "conversations, \(counts.held.hosts) hosts"
        + (ProcessMemory.residentMiB.map { "; \($0) MiB resident" } ?? "")
    )
    if 0 < counts.unlisted {
      lines.append("\(counts.unlisted) connections were only counted: too many at once")
    }
    if let recorder {
      lines.append("\(recorder.writtenCount) failures kept, \(recorder.failedCount) could not be")
    }
    if let recording, 0 < recording.lostCount {
      lines.append("\(recording.lostCount) packets could not be recorded")
    }
    if 0 < printer.droppedCount || printer.isWaiting {
      lines.append(
        "\(printer.droppedCount) lines were dropped"
          + (printer.isWaiting ? ", and the last ones not taken: nobody reads them" : "")
      )
    }
    if 0 < hooks.droppedCount + hooks.failedCount {
      lines.append(
        "hooks: \(hooks.droppedCount) failures dropped, \(hooks.failedCount) programs failed"
      )
    }
    for line in lines { StandardError.write("rdpscope: \(line)\n") }
  }

  /// Counts, the largest first.
  private static func list(_ counts: [String: Int]) -> String {
    counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .map { "\($0.value) \($0.key)" }.joined(separator: ", ")
  }
}
