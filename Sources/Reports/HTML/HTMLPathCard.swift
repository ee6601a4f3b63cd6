import Diagnosis
import RDPMessages
import Streams
import Timeline
import Wire

/// The card of one RDP-UDP connection.
struct HTMLPathCard {
  private let judged: JudgedUDPConnection
  private let index: Int
  private let number: Int

  /// Creates a card for the capture's UDP connection of this number.
  init(_ judged: JudgedUDPConnection, index: Int, place: Int) {
    self.judged = judged
    self.index = index
    number = place
  }

  /// What the template shows.
  func fields(place: Int) -> HTMLReport.Fields {
    let path = judged.connection
    let seconds = path.last.time.seconds(since: path.first.time)
    var fields = HTMLCard.fields(judged.verdict, severity: judged.verdict.severity)
    fields["id"] = "c\(index)-udp\(number)"
    fields["index"] = "\(place)"
    fields["start"] = "\(path.first.time)"
    fields["startText"] = "\(path.first.time)"
    fields["seconds"] = "\(seconds)"
    fields["duration"] = HTMLCard.duration(seconds)
    fields["client"] = "\(path.client)"
    fields["server"] = "\(path.server)"
    fields["stream"] = path.session.map { "\($0.stream), its UDP path" } ?? "none: a UDP path"
    fields["search"] =
      "\(path.client) \(path.server) udp \(judged.verdict.cause.title) \(judged.verdict.cause.id) "
      + judged.verdict.cause.family.rawValue
    fields["facts"] = [
      ["name": "version", "value": path.version.name],
      ["name": "kind", "value": path.isLossy ? "lossy" : "reliable"],
      ["name": "reached", "value": path.facts.deepest.name],
      ["name": "datagrams", "value": "\(path.frameCount)"],
      ["name": "ended", "value": "\(path.ending.kind.rawValue) by \(path.ending.actor.rawValue)"],
    ]
    var writer = JSONWriter(isPretty: true)
    JSONConnection.write(judged, capture: index, attempt: judged.attempt, to: &writer)
    fields["json"] = HTMLText.safe(String(decoding: writer.text, as: UTF8.self))
      .replacing("\\u{a}", with: "\n")
    return fields
  }
}
