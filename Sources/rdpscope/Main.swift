import ArgumentParser
import Dispatch

/// The process: its first thread waits for the command.
///
/// If it ended, as it does under an asynchronous `main`, the process would belong for good to who
/// started it: `rdpscope live` becomes another user, and a thread that has ended cannot.
@main
enum Main {
  static func main() {
    let done = DispatchSemaphore(value: 0)
    Task.detached {
      await RDPScope.main()
      done.signal()
    }
    done.wait()
  }
}
