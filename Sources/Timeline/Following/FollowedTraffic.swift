import Packets
import Streams
import Wire

/// The segments of followed connections, gathered a window of the source at a time and given to
/// their trackers by a thread beside the one that reads.
///
/// Each tracker sees the same segments in the same order as without it. Whatever else touches a
/// tracker, or what trackers share, calls ``settle()`` first.
///
/// A class, because the source's callback and the timeline share it.
package final class FollowedTraffic {
  /// A segment, its tracker and where its octets are.
  private struct Step {
    let observed: ObservedSegment
    let connection: Int32
    let octets: LentOctets
  }

  /// What is worked off as a whole.
  ///
  /// A class, because it changes hands.
  private final class Batch {
    var steps: ContiguousArray<Step> = []
    /// Trackers that join before its steps.
    var opened: [ConnectionTracker] = []

    func removeAll() {
      steps.removeAll(keepingCapacity: true)
      opened.removeAll(keepingCapacity: true)
    }
  }

  /// The trackers, by the numbers of their connections.
  ///
  /// A class, because the thread that feeds them lets them grow.
  private final class Table {
    var trackers: ContiguousArray<ConnectionTracker> = []

    func work(off batch: Batch) {
      trackers += batch.opened
      for step in batch.steps {
        step.octets.withSpan { trackers[Int(step.connection)].observe(step.observed, in: $0) }
      }
    }
  }

  private let table = Table()
  private var gathered = Batch()
  private var handedOver = Batch()
  /// Is started with the first batch: what fits into one window needs none.
  private var thread: SideThread?
  private var isBeside = true

  /// Creates one that follows nothing yet.
  package init() {}

  /// Adds a connection.
  func open(_ tracker: ConnectionTracker) { gathered.opened.append(tracker) }

  /// Adds a segment of a connection.
  ///
  /// - Parameters:
  ///   - observed: The segment.
  ///   - connection: The connection's number, in the order of ``open(_:)``.
  ///   - bytes: What its offsets refer to.
  ///   - stays: Whether the octets are in the source's window.
  @inline(__always)
  func add(_ observed: ObservedSegment, to connection: Int, in bytes: Span<UInt8>, stays: Bool) {
    gathered.steps.append(
      Step(
        observed: observed,
        connection: Int32(truncatingIfNeeded: connection),
        octets: LentOctets(bytes)
      )
    )
    if !stays || !isBeside { settle() }
  }

  /// Has what was gathered worked off beside; when it returns, what was handed over before is done.
  package func handOver() {
    if thread == nil { thread = SideThread() }
    guard let thread, isBeside else { return settle() }
    thread.wait()
    handedOver.removeAll()
    swap(&gathered, &handedOver)
    let (table, batch) = (table, handedOver)
    thread.start { table.work(off: batch) }
  }

  /// Works off everything now: the trackers, and what they share, may then be touched.
  package func settle() {
    thread?.wait()
    table.work(off: gathered)
    gathered.removeAll()
  }

  /// Works off everything now, and from now on each segment at once.
  package func settleFromNowOn() {
    settle()
    isBeside = false
  }

  /// Works off everything and lets go of it all; nothing may be added afterwards.
  func finish() {
    settle()
    thread = nil
    table.trackers = []
    gathered = Batch()
    handedOver = Batch()
  }
}
