import Diagnosis
import Streams
package import Timeline
package import Wire

/// The table of live capture: open connections above, failures below, as many as the screen shows.
package struct LiveScreen {
  private static let maximumFailures = 200

  private let source: String
  private let style = TextStyle(isColored: true)
  private let text = LiveText(isColored: false)
  private var failures: [String] = []

  /// An empty table.
  ///
  /// - Parameter source: What is listened on, as on the command line.
  package init(source: String) { self.source = source }

  /// Notes an event; failures and warnings stay to be seen.
  package mutating func note(_ event: LiveEvent) {
    switch event {
    case .verdict(let said) where said.judged.verdict.severity == .none: return
    case .verdict, .unreached, .folded, .notice, .recorded: break
    }
    guard let line = text.row(event) else { return }
    failures.append(line)
    if Self.maximumFailures < failures.count { failures.removeFirst() }
  }

  /// The screen's text, one line for each of its rows.
  ///
  /// - Parameters:
  ///   - states: How the connections stand.
  ///   - now: How late it is.
  ///   - summary: Rates and counts.
  ///   - rows: Rows of the screen.
  ///   - columns: Columns of the screen.
  /// - Returns: The lines, none longer than the screen is wide.
  package func lines(
    _ states: [ConnectionState],
    at now: Timestamp,
    summary: String,
    rows: Int,
    columns: Int
  ) -> [String] {
    let open = states.filter { $0.ending.kind == .open }.sorted { $1.last.time < $0.last.time }
    let room = max(0, rows - 5)
    // Half of it for failures, more where there are few connections.
    let below = min(failures.count, max(room / 2, room - open.count))
    let above = min(open.count, room - below)
    var lines = [
      style.bold(Self.fit("rdpscope live \(source)   q: quit", columns)),
      style.dim(Self.fit(summary, columns)),
      style.bold(Self.fit(Self.heading, columns)),
    ]
    lines += open.prefix(above).map { Self.fit(row($0, now), columns) }
    if above < open.count {
      lines.append(style.dim(Self.fit("and \(open.count - above) more", columns)))
    }
    lines.append(style.bold(Self.fit("told so far, newest first, UTC", columns)))
    lines += failures.suffix(below).reversed().map { line in
      let shown = Self.fit(line, columns)
      return line.contains(" FAILURE ") ? style.red(shown) : shown
    }
    return Array(lines.prefix(rows))
  }

  private static let heading =
    pad("client", 28) + pad("server", 28) + pad("phase", 14) + pad("age", 9) + pad("quiet", 9)
    + "rtt"

  private func row(_ state: ConnectionState, _ now: Timestamp) -> String {
    Self.pad(state.client.description, 28) + Self.pad(state.server.description, 28)
      + Self.pad(state.phase.name, 14)
      + Self.pad(Self.time(now.seconds(since: state.first.time)), 9)
      + Self.pad(Self.time(now.seconds(since: state.last.time)), 9)
      + (state.roundTrip.map { "\(Int($0 * 1000)) ms" } ?? "")
  }

  private static func time(_ seconds: Double) -> String {
    let whole = Int(max(0, min(seconds, 1e9)))
    switch whole {
    case ..<60: return "\(whole) s"
    case ..<3600: return "\(whole / 60) min"
    default: return "\(whole / 3600) h \(whole / 60 % 60) min"
    }
  }

  private static func pad(_ text: String, _ width: Int) -> String {
    text.count < width ? text + String(repeating: " ", count: width - text.count) : text + " "
  }

  private static func fit(_ text: String, _ columns: Int) -> String {
    columns < text.count ? String(text.prefix(max(0, columns - 1))) + "…" : text
  }
}
