import Packets
import Streams
import Timeline
import Wire

/// Which calls in vain were only the first of two: a client that knows an IPv6 and an IPv4 address of a
/// host tries one after the other (RFC 8305), and gets through by the second.
struct OtherVersion {
  /// Seconds after the last call in vain within which a client goes on with the other address.
  private static let patience = 5.0
  /// Connections looked at for each call; where more begin at the time nobody knows which is the client's.
  private static let maximumLooks = 64

  /// Connections that stand, by the server's port, in the order of their beginnings.
  private let byPort: [UInt16: [Connection]]

  init(_ connections: [Connection]) {
    let standing = connections.filter { $0.tcp.established != nil }
    // Most captures know one version only.
    let isMixed = Set(connections.lazy.map(\.server.address.isIPv4)).count == 2
    byPort =
      isMixed
      ? Dictionary(grouping: standing, by: \.server.port)
        .mapValues { $0.sorted { $0.start.time < $1.start.time } } : [:]
  }

  /// The connection by which a client got through that is not heard at this one's server; `nil` also
  /// where it may be another client's.
  func companion(of connection: Connection) -> Connection? {
    guard !byPort.isEmpty, connection.tcp.server.synchronization == nil,
      let syn = connection.tcp.client.synchronization, let last = connection.tcp.client.last,
      let list = byPort[connection.server.port]
    else { return nil }
    let place = list.firstIndexOfRest { syn.time <= $0.start.time }
    let begun = list[place...].prefix(Self.maximumLooks).prefix {
      $0.start.time.seconds(since: last.time) < Self.patience
    }
    guard begun.count < Self.maximumLooks else { return nil }
    let others = begun.filter {
      $0.server.address.isIPv4 != connection.server.address.isIPv4
    }
    return Set(others.map(\.client.address)).count == 1 ? others.first : nil
  }
}

extension [Connection] {
  /// The first index from which on a condition holds, in a list that it divides.
  fileprivate func firstIndexOfRest(where holds: (Connection) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = low + (high - low) / 2
      if holds(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
