import Diagnosis
import Streams
import Timeline
import Wire

extension Ladder {
  /// Columns of a hex dump: offset, sixteen octets, and their characters.
  private static let octetsPerLine = 16

  /// The ladder for a person at a terminal.
  ///
  /// - Parameter isColored: Whether colour helps.
  /// - Returns: The text, with a final line break.
  package func text(isColored: Bool) -> String {
    let style = TextStyle(isColored: isColored)
    let connection = judged.connection
    var lines = [
      style.bold("stream \(connection.stream): \(connection.client) -> \(connection.server)"),
      "began \(connection.start.time), \(connection.tcp.frameCount) packets, "
        + "\(judged.verdict.cause.title) (\(judged.verdict.cause.family.rawValue), "
        + "\(judged.verdict.certainty))",
    ]
    var previous: Event?
    for event in log.events {
      if let previous, let pause = pauseText(before: event, after: previous) {
        lines.append(style.dim("            ...        \(pause)"))
      }
      if event.phase != previous?.phase { lines += ["", style.bold(event.phase.name)] }
      lines.append(line(event, since: connection.start.time, style))
      lines += dump(event, style)
      previous = event
    }
    if log.omittedCount > 0 { lines.append("and \(log.omittedCount) more events") }
    return lines.joined(separator: "\n") + "\n"
  }

  private func line(_ event: Event, since start: Timestamp, _ style: TextStyle) -> String {
    let description = describe(event)
    let arrow =
      switch event.side {
      case .client: "->"
      case .server: "<-"
      case nil: "--"
      }
    let details = description.details.map { "\($0.name) \(TerminalText.safe($0.value))" }
      .joined(separator: "; ")
    return pad(Self.seconds(event.moment.time.seconds(since: start)), 12) + " "
      + pad("\(event.moment.frame)", 7) + "  \(arrow)  "
      + style.bold(TerminalText.safe(description.title))
      + (details.isEmpty ? "" : "  " + details)
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

  /// The octets, each line with the fields that begin in it.
  private func dump(_ event: Event, _ style: TextStyle) -> [String] {
    stride(from: 0, to: event.octets.count, by: Self.octetsPerLine).map { start in
      let row = event.octets[start..<min(start + Self.octetsPerLine, event.octets.count)]
      let hex = row.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: " ")
      let offset = String(start, radix: 16)
      let names = event.fields.filter { row.indices.contains($0.range.lowerBound) }
        .map { $0.isSecret ? "\($0.name) (not shown)" : $0.name }
      return style.dim(
        "                         " + String(repeating: "0", count: max(0, 4 - offset.count))
          + offset
          + "  " + hex
          + (names.isEmpty
            ? ""
            : String(repeating: " ", count: max(1, 3 * Self.octetsPerLine + 1 - hex.count))
              + names.joined(separator: ", "))
      )
    }
  }
}
