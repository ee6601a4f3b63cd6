import Decryption
import Packets
import Streams
import TLSMessages
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

/// Steps for the trackers, in the order of their packets.
///
/// A class, because it changes hands as a whole.
final class TrackerSteps {
  var list: ContiguousArray<TrackerStep> = []
  var rare: [RareStep] = []

  func removeAll() {
    list.removeAll(keepingCapacity: true)
    if !rare.isEmpty { rare.removeAll(keepingCapacity: true) }
  }
}

/// What one packet says to the trackers; nearly always that a connection got a segment.
enum TrackerStep {
  case segment(ObservedSegment, connection: Int32, octets: LentOctets)
  /// One of ``TrackerSteps/rare``.
  case rare(Int32)
}

/// What is seldom said to the trackers.
enum RareStep {
  /// The next connection begins to be followed.
  case open(ConnectionTracker)
  /// An ICMP error about a connection.
  case error(ICMPErrorObservation, connection: Int)
  /// A datagram that may be RDP-UDP's.
  case datagram(UDPDatagram, source: IPAddress, destination: IPAddress, LentOctets, Moment)
  /// An ICMP error about a datagram.
  case datagramError(QuotedSegment, ICMPMessage.Meaning, reporter: IPAddress, Moment)
}

/// The trackers of every followed connection.
///
/// A class, because the thread that feeds them is not the one that reads their results.
final class TrackerTable {
  private(set) var connections: [ConnectionTracker] = []
  private(set) var udp: UDPTable

  init(certificates: CertificateShelf, keys: KeyRing) {
    udp = UDPTable(certificates: certificates, keys: keys)
  }

  func work(off steps: TrackerSteps) {
    for step in steps.list {
      switch step {
      case .segment(let observed, let connection, let octets):
        octets.withSpan { connections[Int(connection)].observe(observed, in: $0) }
      case .rare(let index): take(steps.rare[Int(index)])
      }
    }
  }

  private func take(_ step: RareStep) {
    switch step {
    case .open(let tracker): connections.append(tracker)
    case .error(let error, let connection): connections[connection].observe(error)
    case .datagram(let datagram, let source, let destination, let octets, let moment):
      octets.withSpan {
        udp.observe(datagram, from: source, to: destination, in: $0, at: moment)
      }
    case .datagramError(let quoted, let meaning, let reporter, let moment):
      udp.observe(quoted, meaning, by: reporter, at: moment)
    }
  }
}
