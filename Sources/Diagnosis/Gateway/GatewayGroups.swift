import Streams
import Timeline
import Wire

// Which connections make one attempt with a connection to a gateway.
extension Diagnosis {
  /// Adds what only accompanies a connection to a gateway to that connection's group: what is inside of
  /// it, its second HTTP connection, and the client's requests for Kerberos tickets.
  ///
  /// - Parameters:
  ///   - connections: All of the capture's.
  ///   - groups: Those of the connections that stand for themselves; the others join them.
  static func join(companionsOf connections: [Connection], to groups: inout [[Int]]) {
    var place = [Int?](repeating: nil, count: connections.count)
    for (group, members) in groups.enumerated() { for member in members { place[member] = group } }
    for index in connections.indices where place[index] == nil {
      guard let owner = owner(of: index, in: connections), let group = place[owner] else {
        place[index] = groups.count
        groups.append([index])
        continue
      }
      place[index] = group
      groups[group].append(index)
    }
    for group in groups.indices { groups[group].sort() }
  }

  /// Whether a connection only accompanies another.
  static func isCompanion(_ index: Int, in connections: [Connection]) -> Bool {
    owner(of: index, in: connections) != nil
  }

  private static func owner(of index: Int, in connections: [Connection]) -> Int? {
    let connection = connections[index]
    guard connection.isInsideGateway || connection.facts.gateway != nil else { return nil }
    if connection.isInsideGateway {
      return connections.indices.first {
        connections[$0].stream == connection.stream && !connections[$0].isInsideGateway
      }
    }
    let ways = connections.indices.filter {
      connections[$0].isToGateway && !connections[$0].isInsideGateway
        && connections[$0].client.address == connection.client.address
    }
    if connection.isToKDCProxy {
      return ways.min {
        connections[$0].distance(to: connection) < connections[$1].distance(to: connection)
      }
    }
    guard let id = connection.facts.gateway?.connectionID else { return nil }
    let first = ways.first { connections[$0].facts.gateway?.connectionID == id }
    return first == index ? nil : first
  }
}

extension JudgedConnection {
  /// Whether it stands for itself: no companion of another connection.
  func isTry(among members: [JudgedConnection]) -> Bool {
    guard !connection.isToKDCProxy, !connection.isInsideGateway else { return false }
    guard let id = connection.facts.gateway?.connectionID else { return true }
    let first = members.first {
      $0.connection.facts.gateway?.connectionID == id && !$0.connection.isInsideGateway
    }
    return first?.connection === connection
  }

  /// Whether the attempt's outcome hangs on it: what carries another connection, or only prepares
  /// for one, has not got anywhere by itself.
  func decidesAttempt(among members: [JudgedConnection]) -> Bool {
    guard !connection.isToKDCProxy else { return false }
    guard connection.isToGateway, !connection.isInsideGateway else { return true }
    return !members.contains { $0.connection.isInsideGateway }
  }
}

extension Connection {
  /// Seconds between the beginnings of two connections.
  fileprivate func distance(to other: Connection) -> Double {
    abs(start.time.seconds(since: other.start.time))
  }
}
