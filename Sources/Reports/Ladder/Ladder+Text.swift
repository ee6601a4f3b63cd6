import Diagnosis
import RDPMessages
import Streams
import Timeline
import Wire

extension Ladder {
  /// Columns of a hex dump: offset, sixteen octets, and their characters.
  private static let octetsPerLine = 16
  /// Columns before a message: its time, its frame and its direction.
  private static let margin = 25

  /// The ladder for a person at a terminal.
  ///
  /// - Parameter isColored: Whether colour helps.
  /// - Returns: The text, with a final line break.
  package func text(isColored: Bool) -> String {
    let style = TextStyle(isColored: isColored)
    var lines = head(style)
    var previous: Event?
    for event in log.events {
      if let previous, let pause = pauseText(before: event, after: previous) {
        lines.append(style.dim(pad("...", 15) + "        \(pause)"))
      }
      if event.phase != previous?.phase { lines += ["", style.bold(event.phase.name)] }
      lines.append(line(event, style))
      lines += dump(event, style)
      previous = event
    }
    if log.omittedCount > 0 { lines.append("and \(log.omittedCount) more events") }
    return lines.joined(separator: "\n") + "\n"
  }

  /// What the connection is, how it ended, and what that means.
  private func head(_ style: TextStyle) -> [String] {
    let seconds = Self.seconds(subject.last.time.seconds(since: subject.start.time))
    let verdict = subject.verdict
    let place = subject.path == nil ? "stream " : ""
    var lines = [style.bold("\(place)\(subject.name): \(subject.client) -> \(subject.server)")]
    if let path = subject.path { lines.append(Self.text(path)) }
    return lines + [
      "began \(subject.start.time), \(subject.frameCount) packets in \(seconds) s, "
        + subject.ending.words,
      "\(verdict.cause.title) (\(verdict.cause.family.rawValue), \(verdict.certainty))",
    ]
  }

  private static func text(_ path: UDPConnection) -> String {
    let session = path.session.map { link in
      let sign = link.sign == .correlationID ? "by its correlation id" : "by its two ends"
      return "beside stream \(link.stream), \(sign)"
    }
    return [
      "RDP-UDP version \(path.version.name)", path.isLossy ? "lossy" : "reliable",
      path.established.map { "stands since frame \($0.frame)" } ?? "never stood",
      session ?? "beside no session of the capture",
    ].joined(separator: ", ")
  }

  private func line(_ event: Event, _ style: TextStyle) -> String {
    let description = describe(event)
    let arrow =
      switch event.side {
      case .client: "->"
      case .server: "<-"
      case nil: "--"
      }
    var details = description.details.map { "\($0.name) \(TerminalText.safe($0.value))" }
    if event.last.frame != event.moment.frame {
      let seconds = Self.seconds(event.last.time.seconds(since: event.moment.time))
      details.append("to frame \(event.last.frame), \(seconds) s")
    }
    return pad(Self.seconds(event.moment.time.seconds(since: subject.start.time)), 12) + " "
      + pad("\(event.moment.frame)", 7) + "  \(arrow)  "
      + style.bold(TerminalText.safe(description.title))
      + (details.isEmpty ? "" : "  " + details.joined(separator: "; "))
  }

  /// Seconds with six decimals.
  private static func seconds(_ value: Double) -> String {
    let micro = Int((value * 1e6).rounded())
    let fraction = String(abs(micro) % 1_000_000)
    return (micro < 0 ? "-" : "") + "\(abs(micro) / 1_000_000)."
      + String(repeating: "0", count: 6 - fraction.count) + fraction
  }

  private func pad(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  /// The octets, each line with the fields that begin in it; lines that repeat the one before and begin
  /// no field are one `*`.
  private func dump(_ event: Event, _ style: TextStyle) -> [String] {
    var lines: [String] = []
    var previous: ArraySlice<UInt8>?
    var isRepeating = false
    for start in stride(from: 0, to: event.octets.count, by: Self.octetsPerLine) {
      let row = event.octets[start..<min(start + Self.octetsPerLine, event.octets.count)]
      let names = Self.names(event.fields.filter { row.indices.contains($0.range.lowerBound) })
      guard row != previous || !names.isEmpty || row.endIndex == event.octets.endIndex else {
        if !isRepeating { lines.append(style.dim(pad("*", Self.margin + 1))) }
        isRepeating = true
        continue
      }
      previous = row
      isRepeating = false
      let hex = row.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
      let offset = String(start, radix: 16)
      lines.append(
        style.dim(
          pad("", Self.margin) + String(repeating: "0", count: max(0, 4 - offset.count)) + offset
            + "  " + hex
            + (names.isEmpty
              ? "" : pad("", max(1, 3 * Self.octetsPerLine + 1 - hex.count)))
            + names.joined(separator: " | ")
        )
      )
    }
    return lines
  }

  /// The names of fields, those in a row under one name once: a list's entries, a length and what it
  /// measures.
  private static func names(_ fields: [FieldTrace.Field]) -> [String] {
    var names: [String] = []
    for field in fields {
      let name = field.isSecret ? "\(field.name) (not shown)" : field.name
      if names.last != name { names.append(name) }
    }
    return names
  }
}
