import Reports

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Writes the events of live capture, line by line, to standard output or a file; whoever does not read
/// them keeps nobody waiting.
struct LivePrinter: ~Copyable {
  /// Seconds that the last lines wait for their reader in the end.
  private static let lastPatience = Duration.seconds(2)

  private let format: LiveFormat
  private let path: String?
  private let json: LiveJSON
  private let text: LiveText
  private var queue: LineQueue
  /// Lines dropped by queues of files that are closed.
  private var pastDroppedCount = 0

  /// Opens the output.
  ///
  /// - Parameters:
  ///   - format: The form of a line.
  ///   - path: The file that is appended to; `nil` or `-` for standard output.
  ///   - source: What is listened on, as on the command line.
  /// - Throws: The exit status when the file cannot be opened; the reason is then on stderr.
  init(_ format: LiveFormat, path: String?, source: String) throws {
    self.format = format
    self.path = path == "-" ? nil : path
    json = LiveJSON(path: source)
    let destination = try Self.open(self.path)
    text = LiveText(isColored: destination.isColored)
    queue = LineQueue(destination)
  }

  /// Lines that found no room, because nobody took those before them.
  var droppedCount: Int { pastDroppedCount + queue.droppedCount }

  /// Whether lines wait to be taken.
  var isWaiting: Bool { queue.isWaiting }

  /// Writes an event's line.
  mutating func print(_ event: LiveEvent) throws {
    switch format {
    case .text:
      guard let line = text.line(event) else { return }
      try write(Array((line + "\n").utf8))
    case .jsonl: try write(json.line(event))
    }
  }

  /// Opens the file anew, which somebody may have moved away.
  mutating func reopen() throws {
    guard path != nil else { return }
    let new = LineQueue(try Self.open(path))
    finish()
    pastDroppedCount += queue.droppedCount
    queue = new
  }

  /// Writes what waits, as far as its reader takes it.
  mutating func flush() throws {
    do throws(WriteError) { try queue.flush() } catch { throw Output.exit(error) }
  }

  /// Gives the reader a little time to take what waits.
  ///
  /// - Returns: Whether all of it was taken.
  @discardableResult
  mutating func finish() -> Bool {
    let deadline = ContinuousClock.now + Self.lastPatience
    while queue.isWaiting, ContinuousClock.now < deadline {
      do throws(WriteError) { try queue.flush(waiting: 100) } catch { return false }
    }
    return !queue.isWaiting
  }

  private mutating func write(_ octets: [UInt8]) throws {
    do throws(WriteError) { try queue.add(octets) } catch { throw Output.exit(error) }
  }

  private static func open(_ path: String?) throws -> Destination {
    guard let path else { return Destination(descriptor: STDOUT_FILENO, path: "standard output") }
    let descriptor = openToAppend(path)
    guard 0 <= descriptor else { throw Output.exit(WriteError(path)) }
    return Destination(descriptor: descriptor, path: path)
  }
}

private func openToAppend(_ path: String) -> Int32 {
  unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o640)
}
