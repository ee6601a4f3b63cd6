package import Diagnosis
import Packets
import Streams
import Timeline
import Wire

/// Which packets tell of an attempt: its connections', and what its hosts and the network said
/// around them.
package struct RecordingScope {
  /// Seconds before the attempt whose context is kept: what was asked before connecting, and whether
  /// the host was alive.
  static let before = 60.0
  /// Seconds after it.
  static let after = 30.0

  private let connections: [Pair: [ClosedRange<Timestamp>]]
  private let hosts: Set<IPAddress>
  private let span: ClosedRange<Timestamp>

  private struct Pair: Hashable {
    let low: Endpoint
    let high: Endpoint

    init(_ one: Endpoint, _ other: Endpoint) {
      let isInOrder = (one.address, one.port) <= (other.address, other.port)
      low = isInOrder ? one : other
      high = isInOrder ? other : one
    }
  }

  /// The scope of an attempt.
  ///
  /// - Parameters:
  ///   - attempt: The attempt.
  ///   - members: Its connections.
  package init(_ attempt: Attempt, _ members: [JudgedConnection]) {
    var connections: [Pair: [ClosedRange<Timestamp>]] = [:]
    var hosts: Set<IPAddress> = [attempt.client]
    var end = attempt.start
    for member in members {
      let connection = member.connection
      let last = max(connection.start.time, connection.tcp.last.time)
      // A reset that answers late is the connection's, too.
      connections[Pair(connection.client, connection.server), default: []].append(
        connection.start.time...last.advanced(bySeconds: Self.after)
      )
      hosts.insert(connection.server.address)
      end = max(end, last)
    }
    if case .address(let address) = attempt.server { hosts.insert(address) }
    if case .endpoint(let endpoint) = attempt.server { hosts.insert(endpoint.address) }
    self.connections = connections
    self.hosts = hosts
    span = attempt.start.advanced(bySeconds: -Self.before)...end.advanced(bySeconds: Self.after)
  }

  func contains(_ time: Timestamp, _ interest: PacketInterest) -> Bool {
    switch interest {
    case .none: false
    case .context: span.contains(time)
    case .activity(let host): span.contains(time) && hosts.contains(host)
    case .segment(let one, let other, _):
      connections[Pair(one, other)].map { $0.contains { $0.contains(time) } }
        ?? (span.contains(time) && (hosts.contains(one.address) && hosts.contains(other.address)))
    }
  }
}
