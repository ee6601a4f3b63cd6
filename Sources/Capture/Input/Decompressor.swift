#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// A decompressor running as a child process, reading the file and writing to a pipe.
///
/// A class, because it owns the child and has to reap it.
final class Decompressor {
  /// Name of the program.
  let tool: String
  /// The pipe's reading end; its owner is the ``Input`` made of it.
  let output: Int32
  private var process: pid_t?
  private var status: Int32?

  /// Starts the tool on what `input` holds.
  init(_ compression: Compression, input: Input) throws(CaptureError) {
    tool = compression.tool
    guard Self.isInstalled(tool) else {
      throw CaptureError(
        .missingDecompressor,
        "\(input.name) is compressed and \(tool) is missing: "
          + "install the package \(compression.package)"
      )
    }
    var arguments = [tool, "-dc"]
    if lseek(input.descriptor, 0, SEEK_SET) != 0 {
      // A pipe: the octets we looked at cannot go back, so a shell puts them in front.
      let head = input.head.map { "\\" + String(Int($0) + 0o1000, radix: 8).dropFirst() }.joined()
      arguments = ["sh", "-c", "{ printf '\(head)'; exec cat; } | exec \(tool) -dc"]
    }
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else {
      throw CaptureError(.unreadable, "no pipe for \(tool) (\(errorText(errno))): close some files")
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let (process, code) = Self.spawn(arguments, standardInput: input.descriptor, output: ends[1])
    close(ends[1])
    guard code == 0 else {
      close(ends[0])
      throw CaptureError(
        .missingDecompressor,
        "\(tool) does not start (\(errorText(code))): install the package \(compression.package)"
      )
    }
    output = ends[0]
    self.process = process
  }

  deinit { stop() }

  /// Waits for the child's own end: its exit status, 128 plus the signal that killed it.
  func finish() -> Int32? {
    guard let process else { return status }
    self.process = nil
    var raw: Int32 = 0
    while unsafe waitpid(process, &raw, 0) < 0 { guard errno == EINTR else { return nil } }
    status = raw & 0x7f == 0 ? raw >> 8 & 0xff : 128 + raw & 0x7f
    return status
  }

  /// Ends the child, if it still runs, and reaps it.
  func stop() {
    guard let process else { return }
    kill(process, SIGTERM)
    _ = finish()
  }

  private static func isInstalled(_ tool: String) -> Bool {
    guard let path = unsafe getenv("PATH") else { return true }
    return unsafe String(cString: path).split(separator: ":").contains { folder in
      unsafe access("\(folder)/\(tool)", X_OK) == 0
    }
  }

  private static func spawn(
    _ arguments: [String],
    standardInput: Int32,
    output: Int32
  ) -> (process: pid_t, code: Int32) {
    #if canImport(Darwin)
    var actions: posix_spawn_file_actions_t?
    #else
    var actions = unsafe posix_spawn_file_actions_t()
    #endif
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, standardInput, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
    unsafe posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    var strings = unsafe arguments.map { unsafe strdup($0) } + [nil]
    defer { unsafe strings.forEach { unsafe free($0) } }
    var process: pid_t = 0
    let code = unsafe posix_spawnp(&process, arguments[0], &actions, nil, &strings, environ)
    return (process, code)
  }
}
