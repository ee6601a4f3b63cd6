import Diagnosis
import Packets
import Streams
import Wire

/// What live capture says, as JSON Lines.
package struct LiveJSON {
  private let path: String

  /// Creates a writer.
  ///
  /// - Parameter path: The interfaces, or `-`, as on the command line.
  package init(path: String) { self.path = path }

  /// The line of one event, with its line break.
  ///
  /// `event` says what it is. A `verdict` has the keys of the report's connection, too, and
  /// `revision` and `final`; `attempt` counts the attempts of this run.
  package func line(_ event: LiveEvent) -> [UInt8] {
    var json = JSONWriter(isPretty: false)
    switch event {
    case .verdict(let said):
      JSONConnection.write(said.judged, capture: 0, attempt: said.attemptNumber, to: &json) {
        head("verdict", said.time, &$0)
        revision(said.revision, isFinal: said.isFinal, &$0)
        $0.key("provisional")
        $0.value(said.isProvisional)
        $0.key("undecided")
        $0.value(said.isUndecided)
        $0.key("outcome")
        $0.value(said.attempt.succeeded ? "success" : "failure")
        $0.key("failure")
        $0.value(said.decidesFailure)
      }
    case .unreached(let said): json.object { unreached(said, &$0) }
    case .folded(let folded): json.object { self.folded(folded, &$0) }
    case .recorded(let attempt, let file, let time):
      json.object {
        head("recorded", time, &$0)
        $0.key("attempt")
        $0.value(attempt)
        $0.key("file")
        $0.value(file)
      }
    case .notice(let warning, let time):
      json.object {
        head("notice", time, &$0)
        $0.key("code")
        $0.value(warning.code)
        $0.key("message")
        $0.value(warning.message)
        $0.key("frame")
        $0.value(warning.frame)
      }
    }
    json.endLine()
    return json.text
  }

  private func unreached(_ said: UnreachedAttempt, _ json: inout JSONWriter) {
    head("attempt", said.time, &json)
    revision(said.revision, isFinal: said.isFinal, &json)
    json.key("withdrawn")
    json.value(said.isWithdrawn)
    json.key("attempt")
    json.value(said.attemptNumber)
    json.key("client")
    json.value(said.attempt.client.description)
    json.key("server")
    json.object { $0.target(said.attempt.server) }
    json.key("start")
    json.value(said.attempt.start.description)
    json.key("verdict")
    JSONConnection.write(said.attempt.verdict, severity: said.attempt.verdict.severity, to: &json)
  }

  private func folded(_ folded: FoldedVerdicts, _ json: inout JSONWriter) {
    head("folded", folded.time, &json)
    json.key("cause")
    json.value(folded.cause.id)
    json.key("family")
    json.value(folded.cause.family.rawValue)
    json.key("severity")
    json.value(folded.severity.rawValue)
    json.key("server")
    json.object { $0.endpoint(folded.server) }
    json.key("count")
    json.value(folded.count)
  }

  private func head(_ event: String, _ time: Timestamp?, _ json: inout JSONWriter) {
    json.key("event")
    json.value(event)
    json.key("time")
    json.value(time?.description)
    json.key("path")
    json.value(path)
  }

  private func revision(_ number: Int, isFinal: Bool, _ json: inout JSONWriter) {
    json.key("revision")
    json.value(number)
    json.key("final")
    json.value(isFinal)
  }
}
