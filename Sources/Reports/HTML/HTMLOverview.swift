import Diagnosis
import Streams
import Timeline
import Wire

/// All connections of a capture over time: bars coloured by phase, failures, silent hosts.
struct HTMLOverview {
  /// Rows of bars; connections that find no free one are counted.
  private static let maximumRows = 60
  /// Hosts whose silences are drawn.
  private static let maximumHosts = 12
  private static let width = 1000.0
  private static let rowHeight = 13.0
  private static let top = 22.0

  let fields: HTMLReport.Fields

  /// Draws a capture; `nil` without connections.
  init?(_ capture: CaptureReport, index: Int) {
    guard let start = capture.start, let end = capture.end,
      !capture.diagnosis.connections.isEmpty
    else { return nil }
    let length = max(end.seconds(since: start), 0.001)
    func x(_ time: Timestamp) -> Double {
      min(max(time.seconds(since: start) / length, 0), 1) * (Self.width - 24)
    }
    var rowEnds: [Double] = []
    var bars: [HTMLReport.Fields] = []
    for judged in capture.diagnosis.connections {
      let connection = judged.connection
      let from = x(connection.start.time)
      let to = max(x(connection.tcp.last.time), from + 5)
      guard
        let row = rowEnds.firstIndex(where: { $0 <= from })
          ?? (rowEnds.count < Self.maximumRows ? rowEnds.count : nil)
      else { continue }
      if row == rowEnds.count { rowEnds.append(0) }
      // Room for the cross of a failure.
      rowEnds[row] = to + 14
      let y = Self.top + Double(row) * Self.rowHeight
      bars.append(Self.bar(judged, index, y: y, to: to, x))
    }
    let hosts = Self.hosts(capture, x, y: Self.top + Double(rowEnds.count) * Self.rowHeight + 4)
    let height = Self.top + Double(rowEnds.count + hosts.count) * Self.rowHeight + 8
    let left = capture.diagnosis.connections.count - bars.count
    var fields: HTMLReport.Fields = [
      "height": "\(Int(height))",
      "label": "\(HTMLReport.count(bars.count, "connection")) over \(HTMLCard.duration(length)); "
        + "each is listed below",
      "ticks": (0...4).map { tick -> HTMLReport.Fields in
        [
          "x": Self.number(Double(tick) / 5 * Self.width),
          "text": "+" + HTMLCard.duration(length * Double(tick) / 5),
        ]
      },
      "bars": bars, "hosts": hosts,
      "legend": Phase.allCases.filter { phase in
        capture.diagnosis.connections.contains {
          $0.connection.facts.phases.contains { $0.phase == phase }
        }
      }.map(\.name),
    ]
    if 0 < left {
      fields["omitted"] =
        "\(HTMLReport.count(left, "connection")) more at the same time "
        + "\(left == 1 ? "is" : "are") not drawn."
    }
    self.fields = fields
  }

  private static func bar(
    _ judged: JudgedConnection,
    _ index: Int,
    y: Double,
    to end: Double,
    _ x: (Timestamp) -> Double
  ) -> HTMLReport.Fields {
    let connection = judged.connection
    let phases = connection.facts.phases
    let spans = phases.enumerated().map { place, span -> HTMLReport.Fields in
      let from = x(span.start.time)
      let to = place == phases.count - 1 ? end : x(span.end.time)
      return [
        "phase": span.phase.name, "x": number(from), "y": number(y),
        "width": number(max(to - from, 1)),
      ]
    }
    var bar: HTMLReport.Fields = [
      "id": HTMLCard.id(index, connection), "spans": spans,
      "title": HTMLText.safe(
        "stream \(connection.stream), \(connection.client) to \(connection.server): "
          + judged.verdict.cause.title
      ),
    ]
    if judged.verdict.severity == .failure {
      let from = number(end + 3)
      let to = number(end + 10)
      bar["cross"] =
        "M\(from) \(number(y + 1)) \(to) \(number(y + 8))M\(to) \(number(y + 1)) \(from) \(number(y + 8))"
    }
    return bar
  }

  private static func hosts(
    _ capture: CaptureReport,
    _ x: (Timestamp) -> Double,
    y: Double
  ) -> [HTMLReport.Fields] {
    let ends = Set(
      capture.diagnosis.connections.flatMap {
        [$0.connection.client.address, $0.connection.server.address]
      }
    )
    let silent = capture.hosts.hosts.filter { ends.contains($0.address) && !$0.silences.isEmpty }
    return silent.prefix(maximumHosts).enumerated().map { row, host in
      let top = y + Double(row) * rowHeight
      return [
        "name": "\(host.address)", "textY": number(top + 9),
        "silences": host.silences.map { silence -> HTMLReport.Fields in
          let from = x(silence.from.time)
          return [
            "x": number(from), "y": number(top),
            "width": number(max(x(silence.to.time) - from, 2)),
            "title": "\(host.address) was silent for "
              + HTMLCard.duration(silence.to.time.seconds(since: silence.from.time)),
          ]
        },
      ]
    }
  }

  /// A coordinate, to a tenth.
  static func number(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10)" : "\(Double(tenths) / 10)"
  }
}
