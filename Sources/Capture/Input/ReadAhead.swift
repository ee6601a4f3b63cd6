#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// Reads a file in a thread of its own, one block ahead of the one being looked at.
///
/// The kernel's copy of a large file takes as long as dissecting it: done beside it, on another
/// core, it costs no time. Only blocks change hands, one at a time and under the lock; packets stay
/// in the order of the file whatever the threads do.
///
/// A class, because it owns the thread and the lock.
@safe final class ReadAhead {
  /// What both threads see, under the lock.
  @safe private struct Shared {
    var lock = unsafe pthread_mutex_t()
    var changed = pthread_cond_t()
    let descriptor: Int32
    let count: Int
    /// Where the next block goes; `nil` while the reader has nothing to do.
    var target: UnsafeMutablePointer<UInt8>?
    /// Octets of the block that was read, -1 for an error.
    var got: Int?
    var code: Int32 = 0
    var isStopping = false
  }

  private let shared: UnsafeMutablePointer<Shared>
  private var thread: pthread_t

  /// Starts to read; `nil` if the file is not worth a thread, or there is none.
  ///
  /// - Parameters:
  ///   - descriptor: The file; it stays the caller's, and open as long as this object.
  ///   - target: Memory for the first block.
  ///   - count: Octets of a block.
  init?(_ descriptor: Int32, into target: UnsafeMutablePointer<UInt8>, count: Int) {
    var status = stat()
    // A pipe may keep its reader waiting for ever, and a small file is in memory sooner.
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      count * 4 < Int(status.st_size)
    else { return nil }
    unsafe shared = .allocate(capacity: 1)
    unsafe shared.initialize(
      to: Shared(descriptor: descriptor, count: count, target: target)
    )
    unsafe pthread_mutex_init(&shared.pointee.lock, nil)
    unsafe pthread_cond_init(&shared.pointee.changed, nil)
    guard let thread = unsafe Self.start(shared) else {
      unsafe shared.deallocate()
      return nil
    }
    self.thread = thread
  }

  deinit {
    unsafe pthread_mutex_lock(&shared.pointee.lock)
    unsafe shared.pointee.isStopping = true
    unsafe pthread_cond_signal(&shared.pointee.changed)
    unsafe pthread_mutex_unlock(&shared.pointee.lock)
    pthread_join(thread, nil)
    unsafe pthread_cond_destroy(&shared.pointee.changed)
    unsafe pthread_mutex_destroy(&shared.pointee.lock)
    unsafe shared.deallocate()
  }

  /// Waits for the block being read and has the next one read.
  ///
  /// - Parameter target: Memory for the next block.
  /// - Returns: Octets of the block, 0 at the end, and the errno value if it could not be read.
  func next(into target: UnsafeMutablePointer<UInt8>) -> (count: Int, code: Int32?) {
    unsafe pthread_mutex_lock(&shared.pointee.lock)
    defer { unsafe pthread_mutex_unlock(&shared.pointee.lock) }
    while true {
      if let got = unsafe shared.pointee.got {
        // At the end there is nothing more to read: the same answer from now on.
        guard got > 0 else { return unsafe (0, got < 0 ? shared.pointee.code : nil) }
        unsafe shared.pointee.got = nil
        unsafe shared.pointee.target = target
        unsafe pthread_cond_signal(&shared.pointee.changed)
        return (got, nil)
      }
      unsafe pthread_cond_wait(&shared.pointee.changed, &shared.pointee.lock)
    }
  }

  /// The thread: reads a block whenever there is memory for one.
  private static func run(_ shared: UnsafeMutablePointer<Shared>) {
    unsafe pthread_mutex_lock(&shared.pointee.lock)
    while unsafe !shared.pointee.isStopping {
      guard let target = unsafe shared.pointee.target else {
        unsafe pthread_cond_wait(&shared.pointee.changed, &shared.pointee.lock)
        continue
      }
      unsafe shared.pointee.target = nil
      let (descriptor, count) = unsafe (shared.pointee.descriptor, shared.pointee.count)
      unsafe pthread_mutex_unlock(&shared.pointee.lock)
      let got = unsafe readRetrying(descriptor, target, count)
      let code = errno
      unsafe pthread_mutex_lock(&shared.pointee.lock)
      unsafe shared.pointee.got = got
      unsafe shared.pointee.code = code
      unsafe pthread_cond_signal(&shared.pointee.changed)
    }
    unsafe pthread_mutex_unlock(&shared.pointee.lock)
  }

  private static func start(_ shared: UnsafeMutablePointer<Shared>) -> pthread_t? {
    #if canImport(Darwin)
    var thread: pthread_t?
    let code = unsafe pthread_create(
      &thread,
      nil,
      { context in
        unsafe ReadAhead.run(context.assumingMemoryBound(to: Shared.self))
        return nil
      },
      shared
    )
    return code == 0 ? thread : nil
    #else
    var thread = pthread_t()
    let code = unsafe pthread_create(
      &thread,
      nil,
      { context in
        if let context = unsafe context {
          unsafe ReadAhead.run(context.assumingMemoryBound(to: Shared.self))
        }
        return nil
      },
      shared
    )
    return code == 0 ? thread : nil
    #endif
  }
}
