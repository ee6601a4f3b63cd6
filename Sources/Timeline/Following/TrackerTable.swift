import Decryption
import Packets
import Streams
import TLSMessages
import Wire

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
        octets.withSpan { observe(observed, of: Int(connection), in: $0) }
      case .rare(let index): take(steps.rare[Int(index)])
      }
    }
  }

  @inline(__always)
  func observe(_ observed: ObservedSegment, of connection: Int, in bytes: Span<UInt8>) {
    connections[connection].observe(observed, in: bytes)
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
