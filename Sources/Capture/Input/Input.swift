#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// An open file, pipe, or decompressor's output, of which the first octets are known.
///
/// A class, because it owns the descriptor and the child process.
final class Input {
  /// What errors and hints call it.
  let name: String
  /// The first octets, at most ``FileFormat/sniffLength``.
  let head: [UInt8]
  /// Open for reading, just after `head`; -1 when handed over.
  private(set) var descriptor: Int32
  private var child: Decompressor?

  private init(name: String, head: [UInt8], descriptor: Int32, child: Decompressor?) {
    self.name = name
    self.head = head
    self.descriptor = descriptor
    self.child = child
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
    child?.stop()
  }

  /// Opens a file, or stdin for `-`, and reads what tells its format; compressed ones get a child.
  static func open(_ path: String) throws(CaptureError) -> (input: Input, format: FileFormat) {
    let name = path == "-" ? "stdin" : path
    let descriptor = try openDescriptor(path)
    errno = 0
    let head = read(FileFormat.sniffLength, from: descriptor)
    if head.isEmpty, errno != 0 {
      let code = errno
      close(descriptor)
      throw failure(path, code)
    }
    let plain = Input(name: name, head: head, descriptor: descriptor, child: nil)
    let format = FileFormat(head: plain.head, path: path)
    guard case .compressed(let compression) = format else { return (plain, format) }
    let child = try Decompressor(compression, input: plain)
    let unpacked = Input(
      name: name,
      head: read(FileFormat.sniffLength, from: child.output),
      descriptor: child.output,
      child: child
    )
    let inner = FileFormat(head: unpacked.head, path: path)
    guard inner != .empty else {
      throw CaptureError(
        .notACapture,
        "\(name) is compressed and \(child.tool) gets nothing out of it: it is empty, or cut or "
          + "damaged from the start, so fetch it again"
      )
    }
    return (unpacked, inner)
  }

  /// The next octets, fewer than `count` only at the end or on an error.
  func read(_ count: Int) -> [UInt8] { Self.read(count, from: descriptor) }

  /// Hands the descriptor over; the child is still ours.
  func takeDescriptor() -> Int32 {
    defer { descriptor = -1 }
    return descriptor
  }

  /// After the end of the data: what the decompressor has to complain about, `nil` if nothing.
  func complaint() -> String? {
    guard let child, let status = child.finish(), status != 0 else { return nil }
    return "\(child.tool) stopped with status \(status), so the compressed file is cut or damaged"
  }

  private static func openDescriptor(_ path: String) throws(CaptureError) -> Int32 {
    if path == "-" {
      guard isatty(0) == 0 else {
        throw CaptureError(.unreadable, "stdin is a terminal: pipe a capture into it")
      }
      let descriptor = fcntl(0, F_DUPFD_CLOEXEC, 0)
      guard descriptor >= 0 else { throw failure("stdin", errno) }
      return descriptor
    }
    let descriptor = openForReading(path)
    guard descriptor >= 0 else { throw failure(path, errno) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw failure(path, code)
    }
    guard status.st_mode & S_IFMT != S_IFDIR else {
      close(descriptor)
      throw failure(path, EISDIR)
    }
    return descriptor
  }

  private static func failure(_ path: String, _ code: Int32) -> CaptureError {
    switch code {
    case ENOENT, ENOTDIR:
      CaptureError(.notFound, "\(path) does not exist: check the name")
    case EACCES, EPERM:
      CaptureError(
        .notPermitted,
        "no permission to read \(path): make it readable, or run as a user who may read it"
      )
    case EISDIR:
      CaptureError(.unreadable, "\(path) is a folder: name a capture file in it")
    default:
      CaptureError(.unreadable, "\(path) cannot be read (\(errorText(code))): check the file")
    }
  }

  /// The next octets, fewer than `count` only at the end or on an error.
  private static func read(_ count: Int, from descriptor: Int32) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count, let base = buffer.baseAddress {
        let got = unsafe readRetrying(descriptor, base + filled, count - filled)
        guard got > 0 else { break }
        filled += got
      }
    }
  }
}

/// `read(2)`, again when a signal interrupted it: the octets read, 0 at the end, -1 on an error.
func readRetrying(_ descriptor: Int32, _ target: UnsafeMutableRawPointer, _ count: Int) -> Int {
  while true {
    let got = unsafe read(descriptor, target, count)
    if got >= 0 || errno != EINTR { return got }
  }
}

private func openForReading(_ path: String) -> Int32 { unsafe open(path, O_RDONLY | O_CLOEXEC) }
