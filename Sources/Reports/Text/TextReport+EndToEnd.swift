import Diagnosis
import Streams
import Timeline

extension TextReport {
  /// What two captures show together, connection by connection.
  func endToEnd(_ endToEnd: EndToEnd) -> String {
    var lines = [style.bold("both ends") + ": " + headline(endToEnd)]
    for pair in endToEnd.pairs {
      lines += [
        "  stream \(pair.client.stream) near the client is stream \(pair.server.stream) near the "
          + "server (by \(words(pair.matchedBy)))"
      ]
      if pair.isTranslated {
        lines.append(
          "    addresses are translated: \(pair.client.client) -> \(pair.client.server) becomes "
            + "\(pair.server.client) -> \(pair.server.server)"
        )
      }
      if pair.sequenceShift != (0, 0) {
        lines.append("    a box on the way rewrites the sequence numbers")
      }
      lines += pair.clock.map { ["    " + clock($0)] } ?? []
      for side in Side.allCases {
        let match = pair.direction(from: side)
        let appeared =
          match.appeared.isEmpty
          ? "" : "; \(match.appeared.count) arrive that never left"
        lines.append(
          "    from the \(side): \(match.sentCount) segments leave, \(match.lost.count) are lost "
            + "between the captures" + appeared
        )
      }
    }
    for connection in endToEnd.missingAtServer {
      lines.append("  stream \(connection.stream) near the client never reaches the server's side")
    }
    if endToEnd.isIncomplete {
      lines.append(
        "  only the first \(SegmentTap.maximumSegments) segments of a capture were compared"
      )
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func headline(_ endToEnd: EndToEnd) -> String {
    let count = endToEnd.pairs.count
    return count == 0
      ? "the two captures have no connection in common"
      : "\(count) connection\(count == 1 ? "" : "s") in both captures"
  }

  private func words(_ match: ConnectionPair.Match) -> String {
    switch match {
    case .addresses: "addresses and ports"
    case .sequenceNumbers: "initial sequence numbers"
    case .clientRandom: "the ClientHello's random"
    }
  }

  private func clock(_ clock: ClockOffset) -> String {
    let amount = Self.seconds(abs(clock.seconds))
    let place = clock.seconds < 0 ? "behind" : "ahead of"
    let sureness =
      clock.uncertainty.map { ", give or take \(Self.seconds($0))" }
      ?? ", or less by the time on the way: one direction only"
    return "the server's clock is \(amount) \(place) the client's\(sureness)"
      + (clock.isInconsistent ? "; one of the clocks was set or drifts meanwhile" : "")
  }

  private static func seconds(_ value: Double) -> String {
    value < 1
      ? "\(Double(Int(value * 1_000_000)) / 1000) ms" : "\(Double(Int(value * 1000)) / 1000) s"
  }
}
