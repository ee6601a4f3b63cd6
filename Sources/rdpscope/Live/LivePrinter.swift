import Reports

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Writes the events of live capture, line by line, to standard output or a file.
struct LivePrinter: ~Copyable {
  private let format: LiveFormat
  private let path: String?
  private let json: LiveJSON
  private let text: LiveText
  private var destination: Destination

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
    destination = try Self.open(self.path)
    text = LiveText(isColored: destination.isColored)
  }

  deinit {
    if destination.descriptor != STDOUT_FILENO { close(destination.descriptor) }
  }

  /// Writes an event's line.
  func print(_ event: LiveEvent) throws {
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
    let new = try Self.open(path)
    close(destination.descriptor)
    destination = new
  }

  private func write(_ octets: [UInt8]) throws {
    do throws(WriteError) { try destination.write(octets) } catch {
      throw Output.exit(error)
    }
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
