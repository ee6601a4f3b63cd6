import ArgumentParser

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

/// Where a report goes: standard output, or a file that appears under its name when it is whole.
struct Output: ~Copyable {
  /// EX_IOERR.
  static let writeFailed: Int32 = 74

  private var sink: FileSink

  /// Opens the output.
  ///
  /// - Parameter path: The file, or `nil` or `-` for standard output.
  /// - Throws: The exit status when the file cannot be opened; the reason is then on stderr.
  init(path: String?) throws {
    do throws(WriteError) {
      if let path, path != "-" {
        sink = try FileSink.file(path)
      } else {
        sink = FileSink.standardOutput()
      }
    } catch {
      throw Self.exit(error)
    }
  }

  /// Whether colour helps: on a terminal, unless NO_COLOR asks for none.
  var isColored: Bool {
    let wish = ProcessInfo.processInfo.environment["NO_COLOR"] ?? ""
    return isatty(sink.destination.descriptor) == 1 && wish.isEmpty
  }

  /// Writes all octets, or says why not.
  mutating func write(_ octets: [UInt8]) throws {
    do throws(WriteError) { try sink.destination.write(octets) } catch { throw Self.exit(error) }
  }

  /// Writes what `body` hands over, piece by piece: a long report is never in memory as a whole.
  mutating func write(pieces body: (@escaping ([UInt8]) -> Void) -> Void) throws {
    let destination = sink.destination
    var failure: WriteError?
    body { piece in
      guard failure == nil else { return }
      do throws(WriteError) { try destination.write(piece) } catch { failure = error }
    }
    if let failure { throw Self.exit(failure) }
  }

  /// Gives the file its name, or says why not.
  mutating func finish() throws {
    do throws(WriteError) { try sink.finish() } catch { throw Self.exit(error) }
  }

  /// Who closes the pipe has read enough: that needs no words.
  private static func exit(_ error: WriteError) -> ExitCode {
    if error.code != EPIPE { StandardError.write("rdpscope: \(error.message)\n") }
    return ExitCode(writeFailed)
  }
}

/// Why a file cannot be written.
struct WriteError: Error {
  /// The system's number for it.
  let code: Int32
  /// One sentence that says what went wrong.
  let message: String

  /// The system's last error, about a file.
  init(_ path: String) {
    code = errno
    message = unsafe "cannot write to \(path): \(String(cString: strerror(code)))"
  }
}

/// A file that is written aside and renamed when it is whole, so that nobody reads half of it under
/// its name; pipes and devices are written as they are.
struct FileSink: ~Copyable {
  /// What is written to.
  let destination: Destination
  /// The file aside; `nil` once it has its name, or where there is none.
  private var temporary: String?
  /// Whether the file aside has not even that name yet.
  private let isNameless: Bool

  private init(descriptor: Int32, path: String, temporary: String?, isNameless: Bool = false) {
    destination = Destination(descriptor: descriptor, path: path)
    self.temporary = temporary
    self.isNameless = isNameless
  }

  /// Opens a file aside of its final name.
  static func file(_ path: String) throws(WriteError) -> FileSink {
    // A link stays a link: what it points to is replaced.
    let target = resolved(path)
    var status = stat()
    let exists = unsafe stat(target, &status) == 0
    if exists, status.st_mode & S_IFMT != S_IFREG {
      let descriptor = unsafe open(target, O_WRONLY)
      guard 0 <= descriptor else { throw WriteError(path) }
      return FileSink(descriptor: descriptor, path: path, temporary: nil)
    }
    if exists, unsafe access(target, W_OK) != 0 { throw WriteError(path) }
    let mode = exists ? status.st_mode & 0o777 : 0o644
    let aside = target + ".\(getpid()).part"
    #if os(Linux)
    // Without a name until it is whole, so that nothing is left when we are killed.
    let nameless = unsafe open(folder(of: target), O_WRONLY | temporaryFile, mode)
    if 0 <= nameless {
      return FileSink(descriptor: nameless, path: path, temporary: aside, isNameless: true)
    }
    #endif
    let descriptor = unsafe open(
      aside,
      O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW,
      mode
    )
    guard 0 <= descriptor else { throw WriteError(path) }
    return FileSink(descriptor: descriptor, path: path, temporary: aside)
  }

  #if os(Linux)
  /// O_TMPFILE, a macro that Swift does not import; not every file system knows it.
  private static let temporaryFile: Int32 = 0o20_000_000 | O_DIRECTORY

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }
  #endif

  deinit {
    if destination.descriptor != STDOUT_FILENO { close(destination.descriptor) }
    if let temporary { _ = unsafe unlink(temporary) }
  }

  /// Standard output.
  static func standardOutput() -> FileSink {
    FileSink(descriptor: STDOUT_FILENO, path: "standard output", temporary: nil)
  }

  /// Writes a whole file in place of another.
  static func replace(_ path: String, with octets: [UInt8]) throws(WriteError) {
    var sink = try FileSink.file(path)
    try sink.destination.write(octets)
    try sink.finish()
  }

  /// Gives the file its name.
  mutating func finish() throws(WriteError) {
    guard let temporary else { return }
    // Some file systems say only now that they are full.
    guard fsync(destination.descriptor) == 0, !isNameless || name(temporary),
      unsafe rename(temporary, Self.resolved(destination.path)) == 0
    else {
      throw WriteError(destination.path)
    }
    self.temporary = nil
  }

  /// Gives a nameless file its name aside, from which it can replace another.
  private func name(_ temporary: String) -> Bool {
    let source = "/proc/self/fd/\(destination.descriptor)"
    _ = unsafe unlink(temporary)
    return unsafe linkat(AT_FDCWD, source, AT_FDCWD, temporary, AT_SYMLINK_FOLLOW) == 0
  }

  private static func resolved(_ path: String) -> String {
    guard let real = unsafe realpath(path, nil) else { return path }
    defer { unsafe free(real) }
    return unsafe String(cString: real)
  }
}

/// An open file to write to.
struct Destination {
  let descriptor: Int32
  /// Its name, for messages.
  let path: String

  /// Writes all octets.
  func write(_ octets: [UInt8]) throws(WriteError) {
    var offset = 0
    while offset < octets.count {
      let written = unsafe octets[offset...].withUnsafeBytes { bytes in
        unsafe Self.write(descriptor, bytes.baseAddress, bytes.count)
      }
      if written < 0, errno == EINTR { continue }
      guard 0 < written else { throw WriteError(path) }
      offset += written
    }
  }

  private static func write(_ descriptor: Int32, _ start: UnsafeRawPointer?, _ count: Int) -> Int {
    #if canImport(Glibc)
    unsafe Glibc.write(descriptor, start, count)
    #else
    unsafe Darwin.write(descriptor, start, count)
    #endif
  }
}

/// Messages for the person, apart from the report.
enum StandardError {
  static func write(_ text: String) {
    let octets = Array(text.utf8)
    unsafe octets.withUnsafeBytes { bytes in
      #if canImport(Glibc)
      _ = unsafe Glibc.write(STDERR_FILENO, bytes.baseAddress, bytes.count)
      #else
      _ = unsafe Darwin.write(STDERR_FILENO, bytes.baseAddress, bytes.count)
      #endif
    }
  }
}
