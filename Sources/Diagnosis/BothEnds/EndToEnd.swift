import Streams
import TLSMessages
package import Timeline
import Wire

/// What two captures of the same connections tell together: one taken near the client, one near the
/// server.
package struct EndToEnd {
  /// The connections that both captures hold.
  package let pairs: [ConnectionPair]
  /// Connections that only the capture near the client holds, though the other should.
  package let missingAtServer: [Connection]
  /// Whether segments beyond ``SegmentTap/maximumSegments`` were not compared.
  package let isIncomplete: Bool
  /// What speaks in the one capture for what is to be said of a connection in the other, by stream.
  package private(set) var atClient: [Int: [Evidence]] = [:]
  package private(set) var atServer: [Int: [Evidence]] = [:]

  /// Aligns two captures.
  package init(client: TappedCapture, server: TappedCapture) {
    isIncomplete = client.tap.isIncomplete || server.tap.isIncomplete
    pairs = Self.pair(client, server)
    missingAtServer = Self.missing(in: server, of: client, pairs)
    for pair in pairs {
      let facts = PairFacts(pair, client: client, server: server)
      atClient[pair.client.stream] = facts.evidence(for: .client)
      atServer[pair.server.stream] = facts.evidence(for: .server)
      facts.attributeEndings()
    }
    let clock = pairs.compactMap(\.clock).first
    for connection in missingAtServer {
      atClient[connection.stream] = Self.missingEvidence(connection, server, clock)
    }
  }

  /// The connection of the other capture that a connection is, if there is one.
  package func pair(clientStream: Int) -> ConnectionPair? {
    pairs.first { $0.client.stream == clientStream }
  }

  private static func pair(_ client: TappedCapture, _ server: TappedCapture) -> [ConnectionPair] {
    var left = server.connections
    return client.connections.compactMap { one in
      for match in [ConnectionPair.Match.addresses, .sequenceNumbers, .clientRandom] {
        guard let place = left.firstIndex(where: { match.joins(one, $0) }) else { continue }
        let other = left.remove(at: place)
        return ConnectionPair(
          client: one,
          server: other,
          matchedBy: match,
          captures: (client, server)
        )
      }
      return nil
    }
  }

  /// Connections to a server whose other connections the second capture holds, or to the only one
  /// that the client asked for.
  private static func missing(
    in server: TappedCapture,
    of client: TappedCapture,
    _ pairs: [ConnectionPair]
  ) -> [Connection] {
    let paired = Set(pairs.map(\.client.stream))
    let known = Set(pairs.map(\.client.server.address))
    let asked = Set(client.connections.map(\.server.address))
    let expected = known.isEmpty && asked.count == 1 ? asked : known
    return client.connections.filter {
      !paired.contains($0.stream) && $0.sawBeginning && expected.contains($0.server.address)
    }
  }

  private static func missingEvidence(
    _ connection: Connection,
    _ server: TappedCapture,
    _ clock: ClockOffset?
  ) -> [Evidence] {
    // Whoever completes a handshake with it is another machine, or a proxy.
    guard connection.tcp.server.synchronization == nil else { return [] }
    let time = clock?.atServer(connection.start.time) ?? connection.start.time
    let isLive = server.isLive(at: time) && server.droppedPackets == 0
    let count = connection.tcp.synFrames.count
    var found = [
      Evidence(
        isLive ? .synLostBetween : .synNotAtServer,
        frames: Array(connection.tcp.synFrames.prefix(4)),
        "\(count == 1 ? "the SYN is" : "the \(count) SYNs are") not in the capture near the server"
          + (isLive
            ? ", which was running: they are lost between the two captures"
            : ", which holds nothing else of that minute that would show that it was running")
      )
    ]
    if isLive, let reset = connection.tcp.resets.first(where: \.answersSYN) {
      found.append(
        Evidence(
          .answeredBetween,
          frames: [reset.moment.frame],
          "the SYN is answered by a reset, and not by the host near which the other capture was taken"
        )
      )
    }
    return found
  }
}

extension ConnectionPair.Match {
  /// Whether two connections are one by this mark.
  func joins(_ one: Connection, _ other: Connection) -> Bool {
    switch self {
    case .addresses:
      guard one.client == other.client, one.server == other.server else { return false }
      // A port that is used again has other numbers.
      guard let near = one.tcp.initialSequence(.client),
        let far = other.tcp.initialSequence(.client)
      else { return overlap(one, other) }
      return near == far
        || one.facts.tls.clientHello?.message.random != nil
          && one.facts.tls.clientHello?.message.random
            == other.facts.tls.clientHello?.message.random
    case .sequenceNumbers:
      return Side.allCases.contains { side in
        guard let near = one.tcp.initialSequence(side), let far = other.tcp.initialSequence(side)
        else { return false }
        return near == far
      }
    case .clientRandom:
      guard let random = one.facts.tls.clientHello?.message.random else { return false }
      return random == other.facts.tls.clientHello?.message.random
    }
  }

  /// Whether two pieces of a connection can be of the same: clocks may differ by as much as people
  /// leave them to.
  private func overlap(_ one: Connection, _ other: Connection) -> Bool {
    let tolerance = 600.0
    return one.start.time.seconds(since: other.tcp.last.time) < tolerance
      && other.start.time.seconds(since: one.tcp.last.time) < tolerance
  }
}
