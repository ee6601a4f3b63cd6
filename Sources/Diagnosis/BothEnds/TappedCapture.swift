package import Streams
package import Timeline
import Wire

/// One of the two captures of a connection, with its segments.
package struct TappedCapture {
  package let connections: [Connection]
  package let tap: SegmentTap
  package let hosts: HostTable
  package let first: Moment?
  package let last: Moment?
  /// Packets that the capturing host says it lost.
  package let droppedPackets: Int

  /// Creates one.
  package init(
    connections: [Connection],
    tap: SegmentTap,
    hosts: HostTable,
    first: Moment?,
    last: Moment?,
    droppedPackets: Int
  ) {
    self.connections = connections
    self.tap = tap
    self.hosts = hosts
    self.first = first
    self.last = last
    self.droppedPackets = droppedPackets
  }

  /// Whether a moment of the capture's clock is between its first packet and its last.
  func covers(_ time: Timestamp) -> Bool {
    guard let first, let last else { return false }
    return first.time <= time && time <= last.time
  }

  /// Seconds around a moment within which a running capture of a network holds some packet.
  private static let liveliness = 60.0

  /// Whether the capture holds packets of about that time, and so was running.
  func isLive(at time: Timestamp) -> Bool {
    hosts.hosts.contains {
      $0.wasHeard(
        after: time.adding(seconds: -Self.liveliness),
        until: time.adding(seconds: Self.liveliness)
      )
    }
  }
}
