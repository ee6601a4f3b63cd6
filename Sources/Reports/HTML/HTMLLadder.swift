import Diagnosis
import Streams
import Timeline
import Wire

/// The ladder of one connection as a picture: who said what, in which phase, and where it broke.
struct HTMLLadder {
  private static let rowHeight = 26
  private static let clientX = 300
  private static let serverX = 840
  private static let middleX = 570
  /// Characters of a label; the whole is in its title.
  private static let maximumLabel = 86

  private let ladder: Ladder
  private var steps: [HTMLReport.Fields] = []
  private var bands: [(phase: Phase, from: Int)] = []
  private var y = 28

  /// Draws a connection.
  init(_ ladder: Ladder) {
    self.ladder = ladder
    var previous: Event?
    for (index, event) in ladder.log.events.enumerated() {
      if index == ladder.log.omission {
        silence("\(HTMLReport.count(ladder.log.omittedCount, "event")) left out")
      } else if let previous, let pause = ladder.pauseText(before: event, after: previous) {
        silence(pause)
      }
      if event.phase != previous?.phase { bands.append((event.phase, y)) }
      add(event)
      previous = event
    }
  }

  /// What the template shows; `nil` without events.
  var fields: HTMLReport.Fields? {
    guard !steps.isEmpty else { return nil }
    let ends = bands.dropFirst().map(\.from) + [y]
    var lives = [(Self.clientX, "client"), (Self.serverX, "server")]
    if hasMiddlebox { lives.insert((Self.middleX, "something in between"), at: 1) }
    return [
      "height": "\(y + 6)",
      "label": "Ladder of \(HTMLReport.count(ladder.log.events.count, "event")); "
        + "the raw timeline below says the same",
      "bands": zip(bands, ends).map { band, end -> HTMLReport.Fields in
        [
          "phase": band.phase.name, "y": "\(band.from)", "height": "\(end - band.from)",
          "textY": "\(band.from + 17)",
        ]
      },
      "lives": lives.map { ["x": "\($0.0)", "name": $0.1, "bottom": "\(y)"] },
      "steps": steps,
    ]
  }

  private var hasMiddlebox: Bool {
    ladder.subject.ending.actor == .middlebox
      || ladder.log.events.contains { Self.isForeign($0, ladder.subject) }
  }

  /// Whether neither end sent it, whatever its addresses say.
  private static func isForeign(_ event: Event, _ subject: LadderSubject) -> Bool {
    switch event.content {
    case .tcp(.reset(let reset)):
      reset.isForeign
        || subject.ending.actor == .middlebox && subject.ending.moment == event.moment
    case .icmp(let error, _): error.reporter != subject.server.address
    default: false
    }
  }

  private mutating func silence(_ text: String) {
    let base = y + 16
    let wave = "M\(Self.clientX) \(y + 3)V\(y + 23)M\(Self.serverX) \(y + 3)V\(y + 23)"
    steps.append([
      "kind": "silence", "title": text, "top": "\(y)", "base": "\(base)", "wave": wave,
      "middle": "\(Self.middleX)", "labelY": "\(base)", "label": text,
    ])
    y += Self.rowHeight
  }

  private mutating func add(_ event: Event) {
    let description = ladder.describe(event)
    let details = description.details.map { "\($0.name) \($0.value)" }.joined(separator: "; ")
    let text = description.title + (details.isEmpty ? "" : "  " + details)
    let isForeign = Self.isForeign(event, ladder.subject)
    var kind = event.isInferred ? "step inferred" : "step"
    switch event.content {
    case .tcp(.reset): kind = "step reset"
    case .tcp(.retransmissions): kind = "step again"
    default: break
    }
    let middlebox = Self.middleX
    var from = event.side == .server ? Self.serverX : Self.clientX
    var to = event.side == .server ? Self.clientX : Self.serverX
    if isForeign {
      from = middlebox
      if event.side == nil { to = Self.clientX }
    }
    var step: HTMLReport.Fields = [
      "kind": kind, "frame": "\(event.moment.frame)",
      "time": Self.time(event, since: ladder.subject.start.time),
      "title": HTMLText.safe(text, limit: 600), "top": "\(y)", "base": "\(y + 17)",
      "middle": "\(isForeign ? (from + to) / 2 : Self.middleX)", "labelY": "\(y + 12)",
      "label": HTMLText.safe(text, limit: isForeign ? Self.maximumLabel / 2 : Self.maximumLabel),
    ]
    if event.side != nil || isForeign {
      let line = y + 18
      let tip = to < from ? to + 8 : to - 8
      step["line"] = "M\(from) \(line)H\(tip)"
      step["head"] = "M\(to) \(line)L\(tip) \(line - 4)V\(line + 4)Z"
      if case .tcp(.reset) = event.content {
        step["cross"] =
          "M\(to - 7) \(line - 7)L\(to + 7) \(line + 7)M\(to + 7) \(line - 7)L\(to - 7) \(line + 7)"
      }
    }
    steps.append(step)
    y += Self.rowHeight
  }

  /// Seconds since the connection's start, to a tenth of a millisecond.
  static func time(_ event: Event, since start: Timestamp) -> String {
    let units = Int((event.moment.time.seconds(since: start) * 10_000).rounded())
    let fraction = String(abs(units) % 10_000)
    return (units < 0 ? "-" : "") + "\(abs(units) / 10_000)."
      + String(repeating: "0", count: 4 - fraction.count) + fraction
  }
}
