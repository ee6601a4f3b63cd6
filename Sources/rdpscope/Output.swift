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

/// Where the report goes.
struct Output {
  /// EX_IOERR.
  static let writeFailed: Int32 = 74

  private let descriptor: Int32
  private let name: String

  /// Opens the output.
  ///
  /// - Parameter path: The file, or `nil` for standard output.
  /// - Throws: The exit status when the file cannot be opened; the reason is then on stderr.
  init(path: String?) throws {
    guard let path, path != "-" else {
      descriptor = STDOUT_FILENO
      name = "standard output"
      return
    }
    name = path
    descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    guard 0 <= descriptor else { throw failure() }
  }

  /// Whether colour helps: on a terminal, unless NO_COLOR asks for none.
  var isColored: Bool {
    let wish = ProcessInfo.processInfo.environment["NO_COLOR"] ?? ""
    return isatty(descriptor) == 1 && wish.isEmpty
  }

  /// Writes all octets, or says why not.
  func write(_ octets: [UInt8]) throws {
    var offset = 0
    while offset < octets.count {
      let written = unsafe octets[offset...].withUnsafeBytes { bytes in
        unsafe Self.write(descriptor, bytes.baseAddress, bytes.count)
      }
      if written < 0, errno == EINTR { continue }
      guard 0 < written else { throw failure() }
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

  private func failure() -> ExitCode {
    let reason = unsafe String(cString: strerror(errno))
    StandardError.write("rdpscope: cannot write to \(name): \(reason)\n")
    return ExitCode(Self.writeFailed)
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
