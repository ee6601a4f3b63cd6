import Diagnosis
import Redaction
import RDPMessages
import Streams
import Timeline
import Wire

/// The card of one RDP-UDP connection.
struct HTMLPathCard {
  private let judged: JudgedUDPConnection
  private let index: Int
  private let ladder: Ladder?

  /// Creates a card.
  ///
  /// - Parameters:
  ///   - judged: The connection.
  ///   - capture: The capture that it is in, with its events.
  ///   - index: The capture's place in the report.
  ///   - redactor: Gives pseudonyms to what events say.
  ///   - isFull: Whether a ladder is shown where nothing is wrong.
  init(
    _ judged: JudgedUDPConnection,
    of capture: CaptureReport,
    index: Int,
    redactor: Redactor?,
    isFull: Bool
  ) {
    self.judged = judged
    self.index = index
    let isShown = isFull || judged.verdict.severity != .none
    ladder =
      isShown
      ? capture.events?[judged.connection.name].map {
        Ladder(judged, log: $0, redactor: redactor)
      } : nil
  }

  /// What the template shows.
  func fields(place: Int) -> HTMLReport.Fields {
    let path = judged.connection
    let seconds = path.last.time.seconds(since: path.first.time)
    var fields = HTMLCard.fields(judged.verdict, severity: judged.verdict.severity)
    fields["id"] = "c\(index)-\(path.name)"
    fields["index"] = "\(place)"
    fields["start"] = "\(path.first.time)"
    fields["startText"] = "\(path.first.time)"
    fields["seconds"] = "\(seconds)"
    fields["duration"] = HTMLCard.duration(seconds)
    fields["client"] = "\(path.client)"
    fields["server"] = "\(path.server)"
    fields["stream"] =
      path.session.map { "\(path.name), beside stream \($0.stream)" } ?? "\(path.name)"
    fields["search"] =
      "\(path.client) \(path.server) \(path.name) \(judged.verdict.cause.title) \(judged.verdict.cause.id) "
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
    if let ladder {
      fields["ladder"] = HTMLLadder(ladder).fields
      fields["timeline"] = HTMLCard.timeline(ladder)
    }
    return fields
  }
}
