import Packets
import Streams
import Wire

/// What the packets of the followed connections say, gathered in their order, and worked off by the
/// connections' trackers: at once, or a batch at a time in a thread beside.
///
/// The trackers see the same steps in the same order either way.
///
/// A class, because a source's callbacks share it with the timeline.
package final class FollowedTraffic {
  /// Steps in one batch; usually a source's window ends it sooner.
  private static let maximumSteps = 1 << 14

  private let trackers: TrackerTable
  /// Works off a batch while the next one is gathered; `nil` if each packet is worked off at once.
  private let thread: SideThread?
  private var gathered = TrackerSteps()
  private var handedOver = TrackerSteps()

  init(_ trackers: TrackerTable, beside thread: SideThread?) {
    self.trackers = trackers
    self.thread = thread
  }

  /// The trackers, up to date with every packet.
  var settled: TrackerTable {
    settle()
    return trackers
  }

  /// Adds a segment of a followed connection.
  ///
  /// - Parameters:
  ///   - observed: The segment.
  ///   - connection: Its connection's number.
  ///   - bytes: What its offsets refer to.
  ///   - stay: Whether the octets stay where they are until the batch is worked off.
  @inline(__always)
  func add(_ observed: ObservedSegment, to connection: Int, in bytes: Span<UInt8>, stay: Bool) {
    guard thread != nil else { return trackers.observe(observed, of: connection, in: bytes) }
    gathered.list.append(
      .segment(
        observed,
        connection: Int32(truncatingIfNeeded: connection),
        octets: LentOctets(bytes)
      )
    )
    finishStep(octetsStay: stay)
  }

  /// Adds anything else.
  func add(_ step: RareStep, octetsStay: Bool = true) {
    gathered.list.append(.rare(Int32(truncatingIfNeeded: gathered.rare.count)))
    gathered.rare.append(step)
    finishStep(octetsStay: octetsStay)
  }

  @inline(__always)
  private func finishStep(octetsStay: Bool) {
    if thread == nil || !octetsStay {
      settle()
    } else if Self.maximumSteps <= gathered.list.count {
      handOver()
    }
  }

  /// Has what was gathered worked off beside, once what was handed over before is done.
  ///
  /// Octets of the batch before are no longer looked at when this returns.
  package func handOver() {
    guard let thread else { return settle() }
    thread.wait()
    swap(&gathered, &handedOver)
    gathered.removeAll()
    let (trackers, steps) = (trackers, handedOver)
    thread.start { trackers.work(off: steps) }
  }

  /// Works off everything now: the trackers and what they share may then be touched.
  package func settle() {
    thread?.wait()
    guard !gathered.list.isEmpty else { return }
    trackers.work(off: gathered)
    gathered.removeAll()
  }
}
