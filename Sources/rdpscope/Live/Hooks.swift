import ArgumentParser
import Reports

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A program that is told of failures.
struct Hook {
  /// The program and its arguments.
  let command: [String]
  /// Whether it gets the line of the text form on stdin, and not JSON.
  let wantsText: Bool
}

/// Runs programs for each failure, with its verdict on stdin; never waits for one.
struct Hooks {
  /// Failures that wait for a program to end; further ones are dropped.
  static let maximumQueued = 64
  /// Programs that run at a time.
  static let maximumRunning = 4
  /// Seconds after which one is ended.
  static let patience = 30.0

  /// Failures for which no program ran: the queue was full, or the program did not start.
  private(set) var droppedCount = 0
  /// Programs that ended with another status than 0, or had to be ended.
  private(set) var failedCount = 0
  private let hooks: [Hook]
  private var queue: [(command: [String], input: [UInt8])] = []
  private var running: [Child] = []

  private struct Child {
    let process: pid_t
    /// Where the rest of its input goes; -1 once it has all.
    var descriptor: Int32
    var input: ArraySlice<UInt8>
    let deadline: ContinuousClock.Instant
  }

  /// Creates hooks.
  ///
  /// - Parameter hooks: The programs.
  init(_ hooks: [Hook]) { self.hooks = hooks }

  /// Takes an event; a failure that is news goes to every program.
  mutating func note(_ event: LiveEvent, _ json: LiveJSON) {
    guard case .verdict(let said) = event, said.isNewFailure else { return }
    for hook in hooks {
      guard queue.count < Self.maximumQueued else {
        droppedCount += 1
        continue
      }
      let line = LiveText(isColored: false).line(event) ?? ""
      queue.append((hook.command, hook.wantsText ? Array((line + "\n").utf8) : json.line(event)))
    }
  }

  /// Starts what waits, hands over input, and takes note of what has ended.
  mutating func tick() {
    let now = ContinuousClock.now
    var children: [Child] = []
    for var child in running {
      Self.feed(&child)
      var status: Int32 = 0
      if unsafe waitpid(child.process, &status, WNOHANG) == 0 {
        // It is asked once more at the next tick, and gone by then.
        if child.deadline < now { kill(child.process, SIGKILL) }
        children.append(child)
      } else {
        if status != 0 { failedCount += 1 }
        Self.closeInput(child)
      }
    }
    running = children
    while running.count < Self.maximumRunning, !queue.isEmpty {
      let next = queue.removeFirst()
      guard var child = Self.start(next.command, next.input, now) else {
        droppedCount += 1
        continue
      }
      Self.feed(&child)
      running.append(child)
    }
  }

  /// Gives what still runs or waits a little time, and ends it then.
  mutating func finish() {
    let deadline = ContinuousClock.now + .seconds(2)
    while !(running.isEmpty && queue.isEmpty), ContinuousClock.now < deadline {
      tick()
      usleep(20_000)
    }
    droppedCount += queue.count
    for child in running {
      kill(child.process, SIGKILL)
      var status: Int32 = 0
      _ = unsafe waitpid(child.process, &status, 0)
      failedCount += 1
      Self.closeInput(child)
    }
    running = []
    queue = []
  }

  private static func feed(_ child: inout Child) {
    while 0 <= child.descriptor, !child.input.isEmpty {
      let count = unsafe child.input.withUnsafeBytes { bytes in
        unsafe write(child.descriptor, bytes.baseAddress, bytes.count)
      }
      if count < 0, errno == EAGAIN || errno == EINTR { return }
      guard 0 < count else { break }
      child.input.removeFirst(count)
    }
    closeInput(child)
    child.descriptor = -1
  }

  private static func closeInput(_ child: Child) {
    if 0 <= child.descriptor { close(child.descriptor) }
  }

  private static func start(
    _ command: [String],
    _ input: [UInt8],
    _ now: ContinuousClock.Instant
  ) -> Child? {
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
    let process = spawn(command, standardInput: ends[0])
    close(ends[0])
    guard let process else {
      close(ends[1])
      return nil
    }
    return Child(
      process: process,
      descriptor: ends[1],
      input: input[...],
      deadline: now + .seconds(patience)
    )
  }

  /// Starts a program without a shell; its words go nowhere, so that they do not mix with ours.
  private static func spawn(_ command: [String], standardInput: Int32) -> pid_t? {
    #if canImport(Darwin)
    var actions: posix_spawn_file_actions_t?
    #else
    var actions = unsafe posix_spawn_file_actions_t()
    #endif
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, standardInput, 0)
    unsafe posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    var strings = unsafe command.map { unsafe strdup($0) } + [nil]
    defer { unsafe strings.forEach { unsafe free($0) } }
    var process: pid_t = 0
    let code = unsafe posix_spawnp(&process, command[0], &actions, nil, &strings, environ)
    return code == 0 ? process : nil
  }
}

/// What live capture tells of failures, and to whom.
struct HookOptions: ParsableArguments {
  @Option(
    name: .customLong("exec"),
    help: "Run a program for each failure, its verdict as JSON on stdin; no shell, no arguments."
  )
  var program: String?

  @Option(help: "Post each failure's verdict as JSON to a URL, with curl.")
  var webhook: String?

  @Flag(help: "Log each failure to the system's log, with logger.")
  var syslog = false

  func validate() throws {
    if let webhook, !webhook.hasPrefix("http://"), !webhook.hasPrefix("https://") {
      throw ValidationError("A webhook is a URL that begins with https:// or http://.")
    }
  }

  /// Looks whether the programs are there.
  ///
  /// - Throws: ``ValidationError`` about the first that is not.
  func check() throws {
    for (hook, option) in [
      (program, "--exec"), (webhook.map { _ in "curl" }, "--webhook"),
      (syslog ? "logger" : nil, "--syslog"),
    ] {
      guard let hook, !Self.isProgram(hook) else { continue }
      throw ValidationError("There is no program \(hook), which \(option) needs.")
    }
  }

  /// Whether a program can be run, looked for as posix_spawnp(3) does.
  private static func isProgram(_ name: String) -> Bool {
    guard !name.contains("/") else { return unsafe access(name, X_OK) == 0 }
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    return path.split(separator: ":").contains { unsafe access("\($0)/\(name)", X_OK) == 0 }
  }

  /// The programs.
  var hooks: [Hook] {
    var hooks: [Hook] = []
    if let program { hooks.append(Hook(command: [program], wantsText: false)) }
    if let webhook {
      let command = [
        "curl", "--silent", "--show-error", "--fail", "--max-time", "20", "--header",
        "Content-Type: application/json", "--data-binary", "@-", "--url", webhook,
      ]
      hooks.append(Hook(command: command, wantsText: false))
    }
    if syslog {
      let command = ["logger", "--tag", "rdpscope", "--priority", "daemon.err"]
      hooks.append(Hook(command: command, wantsText: true))
    }
    return hooks
  }
}
