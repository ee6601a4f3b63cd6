internal import CProcessor
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
@safe package final class FollowedTraffic {
  /// The trackers, by the numbers of their connections.
  ///
  /// A class, because the thread that feeds them lets them grow.
  private final class Table {
    private var trackers: [ConnectionTracker] = []
    private var places: ContiguousArray<FollowedConnection> = []

    func open(_ opened: [ConnectionTracker]) {
      trackers += opened
      for tracker in opened { places.append(FollowedConnection(tracker)) }
    }

    func close() {
      places = []
      trackers = []
    }

    func work(off segments: UnsafeBufferPointer<FollowedSegment>) {
      guard let start = segments.baseAddress else { return }
      var approached: FollowedSegment.Touch?
      for index in segments.indices {
        // They come from another core, and what they touch from memory: both are on their way while this
        // one is worked off.
        unsafe rdpscope_prefetch(start + index + Self.lead)
        let ahead = unsafe segments[min(index + Self.reach, segments.count - 1)]
        // Segments come in runs: what they touch is on its way already.
        if ahead.touch != approached {
          approached = ahead.touch
          places[Int(ahead.connection)].approach(ahead.side, octets: ahead.hasOctets)
        }
        if ahead.hasOctets { ahead.approachPayload() }
        let segment = unsafe segments[index]
        segment.withOctets { places[Int(segment.connection)].observe($0, in: $1) }
      }
    }

    /// Segments by which memory is asked for ahead: about as many as are worked off while it comes.
    private static var reach: Int { 4 }
    /// The same of the segments themselves.
    private static var lead: Int { 12 }
  }

  let lane = SegmentLane()
  private let table = Table()
  /// Trackers that join before what the lane holds.
  private var opened: [ConnectionTracker] = []
  /// Memory of what was handed over last, the oldest first.
  private var handedOver: [UnsafeMutablePointer<FollowedSegment>]
  /// Is started with the first batch: what fits into one window needs none.
  private var thread: SideThread?
  private var isBeside = true

  /// Creates one that follows nothing yet.
  package init() {
    unsafe handedOver = (0...Self.windowsBehind).map { _ in unsafe SegmentLane.allocate() }
  }

  deinit {
    thread?.wait()
    lane.free()
    unsafe handedOver.forEach { unsafe $0.deallocate() }
  }

  /// Adds a connection.
  func open(_ tracker: ConnectionTracker) { opened.append(tracker) }

  /// Batches that may be unfinished when another is handed over: now one takes longer, now the other,
  /// and neither thread waits for it.
  private static let windowsBehind = 1

  /// Has what was gathered worked off beside; when it returns, all is done but that and what was handed
  /// over before.
  package func handOver() {
    if thread == nil { thread = SideThread() }
    guard let thread, isBeside else { return settle() }
    thread.wait(leaving: Self.windowsBehind)
    let (table, joining) = (table, opened)
    let segments = unsafe takeGathered()
    thread.start {
      table.open(joining)
      unsafe table.work(off: segments)
    }
  }

  /// Works off everything now: the trackers, and what they share, may then be touched.
  package func settle() {
    thread?.wait()
    table.open(opened)
    unsafe table.work(off: takeGathered())
  }

  private func takeGathered() -> UnsafeBufferPointer<FollowedSegment> {
    opened = []
    var memory = unsafe handedOver.removeFirst()
    let count = unsafe lane.take(&memory)
    unsafe handedOver.append(memory)
    return unsafe UnsafeBufferPointer(start: memory, count: count)
  }

  /// Works off everything now, and from now on each segment at once.
  package func settleFromNowOn() {
    settle()
    isBeside = false
    lane.narrow()
  }

  /// Works off everything and lets go of it all; nothing may be added afterwards.
  func finish() {
    settle()
    thread = nil
    table.close()
  }
}
