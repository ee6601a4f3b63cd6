#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif
import Wire

/// Reads a file in a thread of its own, one block ahead of the one being looked at.
///
/// The kernel's copy of a large file takes as long as dissecting it: done beside it, on another
/// core, it costs no time. Only blocks change hands, one at a time; packets stay in the order of
/// the file whatever the threads do.
///
/// A class, because its thread writes into memory that it must not outlive.
@safe final class ReadAhead {
  private let thread: SideThread
  private let block: Block

  /// The block being read, and what became of it.
  ///
  /// A class, because the thread fills it in.
  @safe private final class Block {
    let descriptor: Int32
    let count: Int
    /// Octets of the block that was read, -1 for an error.
    var got = 0
    var code: Int32 = 0

    init(_ descriptor: Int32, count: Int) {
      self.descriptor = descriptor
      self.count = count
    }

    func read(into target: UnsafeMutablePointer<UInt8>) {
      got = unsafe readRetrying(descriptor, target, count)
      code = errno
    }
  }

  /// Gets ready to read; `nil` if the file is not worth a thread, or there is none.
  ///
  /// - Parameters:
  ///   - descriptor: The file; it stays the caller's, and open as long as this object.
  ///   - count: Octets of a block.
  init?(_ descriptor: Int32, count: Int) {
    var status = stat()
    // A pipe may keep its reader waiting for ever, and a small file is in memory sooner.
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      count * 4 < Int(status.st_size), let thread = SideThread()
    else { return nil }
    self.thread = thread
    block = Block(descriptor, count: count)
  }

  /// Waits for the block being read.
  ///
  /// - Returns: Its octets, 0 at the end, and the errno value if it could not be read.
  func finish() -> (count: Int, code: Int32?) {
    thread.wait()
    return block.got < 0 ? (0, block.code) : (block.got, nil)
  }

  /// Has the next block read, once ``finish()`` has given the one before, and not at the end.
  ///
  /// - Parameter target: Memory for it.
  func start(into target: UnsafeMutablePointer<UInt8>) {
    let block = block
    thread.start { unsafe block.read(into: target) }
  }
}
