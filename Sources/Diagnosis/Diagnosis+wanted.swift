import Timeline

// Of many connections, only those that a verdict is wanted of.
extension Diagnosis {
  /// Where the wanted connections stand, and those that may be of one attempt with them: of the same
  /// client to the same server, and whatever has to do with a gateway.
  static func places(of wanted: Set<Int>, in connections: [Connection]) -> [Int] {
    let pairs = Set(
      connections.lazy.filter { wanted.contains($0.stream) }.map {
        Pair(client: $0.client, server: $0.server)
      }
    )
    return connections.indices.filter { place in
      let connection = connections[place]
      return connection.facts.gateway != nil || connection.isInsideGateway
        || pairs.contains(Pair(client: connection.client, server: connection.server))
    }
  }

  /// The streams of the connections at other places.
  static func streams(of connections: [Connection], without places: [Int]) -> Set<Int> {
    guard places.count < connections.count else { return [] }
    return Set(connections.map(\.stream)).subtracting(places.map { connections[$0].stream })
  }
}
