extension Diagnosis {
  /// The same diagnosis with some of its attempts and their connections only.
  package func selecting(_ isWanted: (Attempt) -> Bool) -> Diagnosis {
    var places: [Int: Int] = [:]
    var kept: [Attempt] = []
    for (index, attempt) in attempts.enumerated() where isWanted(attempt) {
      places[index] = kept.count
      kept.append(attempt)
    }
    let members = connections.compactMap { judged -> JudgedConnection? in
      guard let place = places[judged.attempt] else { return nil }
      var moved = judged
      moved.attempt = place
      return moved
    }
    let paths = udpConnections.compactMap { judged -> JudgedUDPConnection? in
      guard let place = places[judged.attempt] else { return nil }
      var moved = judged
      moved.attempt = place
      return moved
    }
    return Diagnosis(connections: members, udpConnections: paths, attempts: kept)
  }

  private init(
    connections: [JudgedConnection],
    udpConnections: [JudgedUDPConnection],
    attempts: [Attempt]
  ) {
    self.connections = connections
    self.udpConnections = udpConnections
    self.attempts = attempts
  }
}
