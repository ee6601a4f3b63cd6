import Synchronization

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The signals that live capture acts on, noted by their handlers and taken by its loop.
enum Signals {
  /// One bit for each signal that came; a handler may do no more than set it.
  private static let pending = Atomic<UInt64>(0)
  private static let handled = [SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGWINCH]

  /// Has the signals noted from now on.
  static func handle() {
    for number in handled {
      var action = sigaction()
      let note: @convention(c) (Int32) -> Void = { number in
        Signals.pending.bitwiseOr(1 << UInt64(number), ordering: .relaxed)
      }
      #if canImport(Glibc)
      unsafe action.__sigaction_handler.sa_handler = note
      #else
      unsafe action.__sigaction_u.__sa_handler = note
      #endif
      // No SA_RESTART: a wait is to end.
      _ = unsafe sigaction(number, &action, nil)
    }
    ignoreBrokenPipes()
  }

  /// Who reads what is written may go; the write says so.
  static func ignoreBrokenPipes() { _ = signal(SIGPIPE, SIG_IGN) }

  /// Whether a signal came since it was last taken.
  static func take(_ number: Int32) -> Bool {
    let bit: UInt64 = 1 << UInt64(number)
    guard pending.load(ordering: .relaxed) & bit != 0 else { return false }
    pending.bitwiseAnd(~bit, ordering: .relaxed)
    return true
  }

  /// Whether somebody wants us to end.
  static var wantsEnd: Bool { take(SIGTERM) || take(SIGINT) }
}
