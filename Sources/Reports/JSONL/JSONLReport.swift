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
    for judged in capture.diagnosis.connections {
      var writer = JSONWriter(isPretty: false)
      JSONConnection.write(
        judged,
        capture: captureCount,
        attempt: attemptCount + judged.attempt,
        to: &writer
      ) { json in
        json.key("path")
        json.value(capture.path)
        json.key("revision")
        json.value(0)
        json.key("final")
        json.value(true)
      }
      text += writer.text
      text.append(UInt8(ascii: "\n"))
    }
    captureCount += 1
    attemptCount += capture.diagnosis.attempts.count
    return text
  }
}
