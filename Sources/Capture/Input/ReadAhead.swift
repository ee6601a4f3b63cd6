#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif
import Wire

/// Reads what comes next of a file while what came before is looked at.
///
/// A class, because it owns the thread.
@safe final class ReadAhead {
  /// Memory with room in front of what is read into it, for what is left of the window before.
  @safe struct Window {
    let memory: UnsafeMutablePointer<UInt8>
    let capacity: Int

    init(capacity: Int) {
      unsafe memory = .allocate(capacity: capacity)
      self.capacity = capacity
    }

    func free() { unsafe memory.deallocate() }
  }

  /// What was read: octets, or why there are none.
  struct Outcome {
    var count = 0
    var error: Int32?
  }

  /// What the thread leaves behind.
  private final class Result { var outcome = Outcome() }

  private let thread: SideThread
  private let descriptor: Int32
  private let result = Result()
  private var window: Window
  /// Octets of each window that nothing is read into.
  private let margin: Int

  /// Begins to read; `nil` where no thread is to be had, or what is read is no file: a pipe gives what
  /// it has, and whoever waits for it is waited for.
  ///
  /// - Parameters:
  ///   - descriptor: The open file.
  ///   - capacity: Octets of a window.
  ///   - margin: Octets of each window that nothing is read into.
  init?(_ descriptor: Int32, capacity: Int, margin: Int) {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      let thread = SideThread()
    else { return nil }
    self.thread = thread
    self.descriptor = descriptor
    self.margin = margin
    window = Window(capacity: capacity)
    begin()
  }

  deinit {
    thread.wait()
    window.free()
  }

  /// Waits for what is being read, and goes on reading.
  ///
  /// - Parameter next: Memory for what comes next, larger than the margin.
  /// - Returns: The window, and what was read into it behind its margin.
  func exchange(_ next: Window) -> (Window, Outcome) {
    thread.wait()
    let (full, outcome) = (window, result.outcome)
    window = next
    if 0 < outcome.count { begin() }
    return (full, outcome)
  }

  private func begin() {
    let (descriptor, result, window, margin) = (descriptor, result, window, margin)
    thread.start {
      let count = unsafe readRetrying(
        descriptor,
        window.memory + margin,
        window.capacity - margin
      )
      result.outcome = Outcome(count: max(0, count), error: count < 0 ? errno : nil)
    }
  }
}
