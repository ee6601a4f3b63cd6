import Wire

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Does the same with each of several things, as many at a time as there are processors, and hands
/// the results out in their order.
///
/// Each processor gets every n-th thing: at most one result for each waits to be taken, so that
/// memory does not grow with the number of things.
final class SideBySide<Thing, Outcome> {
  private let things: [Thing]
  private let work: (Thing) -> Outcome
  private var lanes: [Lane] = []
  private var taken = 0

  /// Begins with the first things.
  ///
  /// - Parameters:
  ///   - things: What is worked on.
  ///   - work: Is called in several threads at a time, and changes nothing that they share.
  init(_ things: [Thing], _ work: @escaping (Thing) -> Outcome) {
    self.things = things
    self.work = work
    let count = min(things.count, ProcessInfo.processInfo.activeProcessorCount)
    // One thing is done where it is asked for, and so are all where there are no threads.
    guard 1 < count else { return }
    for thing in things.prefix(count) {
      guard let thread = SideThread() else { break }
      lanes.append(Lane(thread))
      lanes[lanes.count - 1].start(thing, work)
    }
  }

  /// The next result; asked for at most once for each thing.
  func next() -> Outcome {
    defer { taken += 1 }
    guard !lanes.isEmpty else { return work(things[taken]) }
    let lane = lanes[taken % lanes.count]
    guard let result = lane.finish() else { return work(things[taken]) }
    let following = taken + lanes.count
    if following < things.count { lane.start(things[following], work) }
    return result
  }

  /// A thread with the place of its result.
  private struct Lane {
    private let thread: SideThread
    private let place = Place()

    /// A class, because the thread fills it in.
    private final class Place {
      var result: Outcome?
    }

    init(_ thread: SideThread) { self.thread = thread }

    func start(_ thing: Thing, _ work: @escaping (Thing) -> Outcome) {
      let place = place
      thread.start { place.result = work(thing) }
    }

    func finish() -> Outcome? {
      thread.wait()
      return place.result.take()
    }
  }
}
