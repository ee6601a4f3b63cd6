import Diagnosis

/// JSON Lines: a connection a line, each a value of its own.
package struct JSONLReport {
  private var captureCount = 0
  private var attemptCount = 0

  /// Creates a writer of lines.
  package init() {}

  /// The lines of one more capture, its verdicts final.
  ///
  /// A line has the keys of the report's connection, and before them the capture's `path`,
  /// `revision` (how often it was written before) and `final`. `capture` and `attempt` count as in
  /// the whole report.
  package mutating func lines(_ capture: CaptureReport) -> [UInt8] {
    var text: [UInt8] = []
    func start(_ json: inout JSONWriter) {
      json.key("path")
      json.value(capture.path)
      json.key("revision")
      json.value(0)
      json.key("final")
      json.value(true)
    }
    func line(_ write: (inout JSONWriter) -> Void) {
      var writer = JSONWriter(isPretty: false)
      write(&writer)
      text += writer.text
      text.append(UInt8(ascii: "\n"))
    }
    for judged in capture.diagnosis.connections {
      let attempt = attemptCount + judged.attempt
      line {
        JSONConnection.write(
          judged,
          capture: captureCount,
          attempt: attempt,
          to: &$0,
          before: start
        )
      }
    }
    for judged in capture.diagnosis.udpConnections {
      let attempt = attemptCount + judged.attempt
      line {
        JSONConnection.write(
          judged,
          capture: captureCount,
          attempt: attempt,
          to: &$0,
          before: start
        )
      }
    }
    captureCount += 1
    attemptCount += capture.diagnosis.attempts.count
    return text
  }
}
