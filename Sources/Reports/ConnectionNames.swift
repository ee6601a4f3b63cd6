import Diagnosis
import Timeline

extension Diagnosis {
  /// What the connections of each attempt are called: its streams, then its UDP side paths.
  var connectionNames: [[ConnectionName]] {
    var names = attempts.map { $0.streams.map(ConnectionName.stream) }
    for judged in udpConnections where names.indices.contains(judged.attempt) {
      names[judged.attempt].append(judged.connection.name)
    }
    return names
  }
}

extension [ConnectionName] {
  /// The names in a cell of a table: `0, 1, udp0`.
  var list: String { map(\.description).joined(separator: ", ") }

  /// The names in a sentence: `streams 0, 1, udp0`; empty without any.
  var words: String {
    let streamCount = count { if case .stream = $0 { true } else { false } }
    return (streamCount == 0 ? "" : streamCount == 1 ? "stream " : "streams ") + list
  }
}
