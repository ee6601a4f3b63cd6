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
    return Diagnosis(connections: members, attempts: kept)
  }

  private init(connections: [JudgedConnection], attempts: [Attempt]) {
    self.connections = connections
    self.attempts = attempts
  }
}
