/// Every cause, nearest to the root first: of two that fit equally well the earlier one is named.
package enum Catalogue {
  package static let causes: [Cause] = sessionCauses + udpPathCauses + gatewayCauses

  /// Those of a Remote Desktop connection.
  static let sessionCauses: [Cause] =
    captureCauses + reachabilityCauses + pathCauses + udpCauses + portCauses + negotiationCauses
    + tlsCauses + loginWordsCauses + loginCauses + serversWordsCauses + inSessionCauses
    + healthyCauses + lastCauses

  /// What each kind of connection is judged by.
  package static let session = CauseTable(sessionCauses)
  package static let udp = CauseTable(udpCauses + udpPathCauses)
  package static let gateway = CauseTable(gatewayCauses)

  /// The same with what is said when nothing fits.
  package static var all: [Cause] { causes + [unknown] }

  /// The cause with an id.
  package static func cause(_ id: String) -> Cause? {
    all.first { $0.id == id }
  }

  /// When nothing fits.
  package static let unknown = Cause(
    id: "unexplained_ending",
    family: .unknown,
    title: "the packets do not tell why",
    explanation:
      "What the capture shows fits none of the known causes well enough to name one.",
    necessary: [],
    clientCodes: ["0x4", "0x904"],
    wouldSettle: [
      "the server's RdpCoreTS/Operational events 131, 142, 102 and 103 of that second",
      "the server's System log: Schannel 36870 to 36888, Kernel-Power 42 and 107",
      "a capture at the other end of the same connection",
    ]
  )
}

extension Catalogue {
  /// The cause whose id is the fewest edits away from a text, for a message about a wrong one.
  package static func nearest(to text: String) -> Cause? {
    all.min { distance($0.id, text) < distance($1.id, text) }
  }

  /// Insertions, deletions and replacements that turn one text into the other (Levenshtein).
  private static func distance(_ one: String, _ other: String) -> Int {
    let letters = Array(other.prefix(64).utf8)
    var row = Array(0...letters.count)
    for (index, letter) in one.utf8.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for column in letters.indices {
        let replaced = diagonal + (letter == letters[column] ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(replaced, row[column] + 1, diagonal + 1)
      }
    }
    return row[letters.count]
  }
}
