import Reports

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Lines on their way to somebody who may stop reading: what he does not take waits, up to a limit, and
/// nobody waits for him.
struct LineQueue: ~Copyable {
  /// Octets that wait; lines beyond are dropped.
  static let maximumByteCount = 4 << 20
  /// Octets that a pipe takes at once where it takes any (PIPE_BUF; a page on Linux).
  private static let pieceByteCount = 4096

  /// Lines that found no room.
  private(set) var droppedCount = 0
  private let path: String
  /// Where they go.
  private let descriptor: Int32
  /// Whether the descriptor is ours to close.
  private let isOwn: Bool
  private var pending: [UInt8] = []

  /// Whether something waits.
  var isWaiting: Bool { !pending.isEmpty }

  /// Writes to a descriptor from now on.
  ///
  /// - Parameter destination: Where to; a file's is closed in the end.
  init(_ destination: Destination) {
    path = destination.path
    guard let own = Self.unblocked(destination.descriptor) else {
      descriptor = destination.descriptor
      isOwn = destination.descriptor != STDOUT_FILENO
      return
    }
    if destination.descriptor != STDOUT_FILENO { closeDescriptor(destination.descriptor) }
    descriptor = own
    isOwn = true
  }

  deinit { if isOwn { closeDescriptor(descriptor) } }

  /// Adds a line, and writes as much as is taken.
  ///
  /// - Throws: ``WriteError`` when nothing can be written any more.
  mutating func add(_ line: [UInt8]) throws(WriteError) {
    if pending.count + line.count <= Self.maximumByteCount {
      pending += line
    } else {
      droppedCount += 1
    }
    try flush()
  }

  /// Writes as much as is taken.
  ///
  /// - Parameter milliseconds: How long to wait for room.
  /// - Throws: ``WriteError`` when nothing can be written any more.
  mutating func flush(waiting milliseconds: Int32 = 0) throws(WriteError) {
    var offset = 0
    defer { pending.removeFirst(offset) }
    while offset < pending.count, hasRoom(within: offset == 0 ? milliseconds : 0) {
      let end = min(offset + Self.pieceByteCount, pending.count)
      let written = unsafe pending[offset..<end].withUnsafeBytes { bytes in
        unsafe write(descriptor, bytes.baseAddress, bytes.count)
      }
      if written < 0, errno == EAGAIN || errno == EINTR { return }
      guard 0 < written else { throw WriteError(path) }
      offset += written
    }
  }

  private func hasRoom(within milliseconds: Int32) -> Bool {
    var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    return unsafe poll(&request, 1, milliseconds) == 1
  }

  /// The same pipe or terminal, open once more and never waiting; `nil` for a file, and where it may not
  /// be opened.
  ///
  /// The descriptor itself is shared with other programs, who want to wait.
  private static func unblocked(_ descriptor: Int32) -> Int32? {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { return nil }
    let kind = status.st_mode & S_IFMT
    guard kind == S_IFIFO || kind == S_IFCHR else { return nil }
    let own = unsafe open("/dev/fd/\(descriptor)", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
    return own < 0 ? nil : own
  }
}

private func closeDescriptor(_ descriptor: Int32) { _ = close(descriptor) }
