internal import CProcessor
internal import Synchronization

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// A thread that does one piece of work after the other, beside its owner.
///
/// Work is handed over whole and its results are looked at after ``wait(leaving:)`` only, so that nothing
/// depends on how the two threads are scheduled.
///
/// A class, because it owns the thread and the lock.
@safe package final class SideThread {
  /// What both threads see, under the lock.
  @safe private struct Shared: ~Copyable {
    var lock = unsafe pthread_mutex_t()
    var changed = pthread_cond_t()
    /// What is to be done next, the first first.
    var work: [() -> Void] = []
    /// Pieces of work that are to be done, or being done.
    ///
    /// Changes under the lock; who hopes that it changes soon looks at it without.
    let unfinished = Atomic(0)
    let isStopping = Atomic(false)
  }

  /// Looks at what the other thread is about to do before one sleeps until it has.
  ///
  /// Up to about a tenth of a millisecond, several times what it takes to be woken; none where both
  /// share a processor.
  private static let looks = sysconf(Int32(_SC_NPROCESSORS_ONLN)) < 2 ? 0 : 4000

  private let shared: UnsafeMutablePointer<Shared>
  private var thread: pthread_t

  /// Starts an idle thread; `nil` if the system has none left.
  package init?() {
    unsafe shared = .allocate(capacity: 1)
    unsafe shared.initialize(to: Shared())
    unsafe pthread_mutex_init(&shared.pointee.lock, nil)
    unsafe pthread_cond_init(&shared.pointee.changed, nil)
    guard let thread = unsafe Self.begin(shared) else {
      unsafe shared.deinitialize(count: 1)
      unsafe shared.deallocate()
      return nil
    }
    self.thread = thread
  }

  /// Waits for work that is being done.
  deinit {
    unsafe pthread_mutex_lock(&shared.pointee.lock)
    unsafe shared.pointee.isStopping.store(true, ordering: .releasing)
    unsafe pthread_cond_broadcast(&shared.pointee.changed)
    unsafe pthread_mutex_unlock(&shared.pointee.lock)
    pthread_join(thread, nil)
    unsafe pthread_cond_destroy(&shared.pointee.changed)
    unsafe pthread_mutex_destroy(&shared.pointee.lock)
    unsafe shared.deinitialize(count: 1)
    unsafe shared.deallocate()
  }

  /// Has the thread do something, after what it was given before.
  ///
  /// - Parameter work: Must not own this object, and touches nothing that its owner touches before
  ///   ``wait(leaving:)``.
  package func start(_ work: @escaping () -> Void) {
    unsafe pthread_mutex_lock(&shared.pointee.lock)
    unsafe shared.pointee.work.append(work)
    unsafe shared.pointee.unfinished.add(1, ordering: .releasing)
    unsafe pthread_cond_broadcast(&shared.pointee.changed)
    unsafe pthread_mutex_unlock(&shared.pointee.lock)
  }

  /// Waits until all is done but what was started last.
  ///
  /// - Parameter count: Pieces of work that need not be done.
  package func wait(leaving count: Int = 0) {
    Self.look { unsafe shared.pointee.unfinished.load(ordering: .acquiring) <= count }
    unsafe pthread_mutex_lock(&shared.pointee.lock)
    while unsafe count < shared.pointee.unfinished.load(ordering: .acquiring) {
      unsafe pthread_cond_wait(&shared.pointee.changed, &shared.pointee.lock)
    }
    unsafe pthread_mutex_unlock(&shared.pointee.lock)
  }

  /// Does two things side by side, and returns when both are done.
  package static func both(_ one: () -> Void, _ other: @escaping () -> Void) {
    guard let thread = SideThread() else {
      one()
      other()
      return
    }
    thread.both(one, other)
  }

  /// Does one thing in the caller's thread and another in this one, and returns when both are done.
  ///
  /// - Parameters:
  ///   - one: What the caller's thread does.
  ///   - other: What this one does. It escapes for the compiler only: `withoutActuallyEscaping` would leave
  ///     the length of this file's path in the program, and no two folders would build the same release.
  package func both(_ one: () -> Void, _ other: @escaping () -> Void) {
    wait()
    start(other)
    one()
    wait()
  }

  /// The thread: does whatever there is to do.
  private static func run(_ shared: UnsafeMutablePointer<Shared>) {
    unsafe pthread_mutex_lock(&shared.pointee.lock)
    while unsafe !shared.pointee.isStopping.load(ordering: .acquiring) {
      guard unsafe !shared.pointee.work.isEmpty else {
        unsafe awaitWork(shared)
        continue
      }
      let work = unsafe shared.pointee.work.removeFirst()
      unsafe pthread_mutex_unlock(&shared.pointee.lock)
      perform(work)
      unsafe pthread_mutex_lock(&shared.pointee.lock)
      unsafe shared.pointee.unfinished.subtract(1, ordering: .releasing)
      unsafe pthread_cond_broadcast(&shared.pointee.changed)
    }
    unsafe pthread_mutex_unlock(&shared.pointee.lock)
  }

  /// Waits, with the lock, until there may be something to do.
  private static func awaitWork(_ shared: UnsafeMutablePointer<Shared>) {
    unsafe pthread_mutex_unlock(&shared.pointee.lock)
    look {
      unsafe 0 < shared.pointee.unfinished.load(ordering: .acquiring)
        || shared.pointee.isStopping.load(ordering: .acquiring)
    }
    unsafe pthread_mutex_lock(&shared.pointee.lock)
    guard unsafe shared.pointee.unfinished.load(ordering: .acquiring) == 0,
      unsafe !shared.pointee.isStopping.load(ordering: .acquiring)
    else { return }
    unsafe pthread_cond_wait(&shared.pointee.changed, &shared.pointee.lock)
  }

  /// Looks for a moment whether something has changed.
  @inline(__always)
  private static func look(_ hasChanged: () -> Bool) {
    for _ in 0..<looks {
      guard !hasChanged() else { return }
      rdpscope_relax()
    }
  }

  /// Does the work and lets go of it, before its owner is told that it is done.
  @inline(never)
  private static func perform(_ work: consuming @escaping () -> Void) { work() }

  private static func begin(_ shared: UnsafeMutablePointer<Shared>) -> pthread_t? {
    #if canImport(Darwin)
    var thread: pthread_t?
    let code = unsafe pthread_create(
      &thread,
      nil,
      { context in
        unsafe SideThread.run(context.assumingMemoryBound(to: Shared.self))
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
          unsafe SideThread.run(context.assumingMemoryBound(to: Shared.self))
        }
        return nil
      },
      shared
    )
    return code == 0 ? thread : nil
    #endif
  }
}
