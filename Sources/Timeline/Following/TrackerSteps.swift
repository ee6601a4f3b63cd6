import Packets
import Streams
import Wire

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
