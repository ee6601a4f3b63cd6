import Diagnosis
package import Reports
import Streams

/// An earlier report, to tell what is new or worse from what was known.
///
/// Times, streams and paths differ from capture to capture, so trouble is the same when the same
/// client has it with the same server for the same cause, and it is no worse than it was.
package struct Baseline {
  private struct Trouble: Hashable {
    let client: String
    let server: String
    let cause: String
  }

  /// The worst that each trouble was.
  private var known: [Trouble: Severity] = [:]

  /// Reads a report.
  ///
  /// - Parameter text: The JSON report of `rdpscope analyze`, schema `rdpscope.report/1`.
  /// - Throws: ``BaselineError`` when it is something else.
  package init(reading text: [UInt8]) throws(BaselineError) {
    let root: JSONNode
    do throws(JSONError) {
      root = try JSONParser.parse(text)
    } catch {
      throw BaselineError(line: error.line, message: error.message)
    }
    guard root["schema"]?.string == JSONReport.schema else {
      throw BaselineError(line: root.line, message: "this is no report of rdpscope analyze")
    }
    for attempt in root["attempts"]?.elements ?? [] {
      guard let client = attempt["client"]?.string, let server = attempt["server"],
        let cause = attempt["verdict"]?["cause"]?.string,
        let severity = attempt["verdict"]?["severity"]?.string.flatMap(Severity.init)
      else {
        throw BaselineError(
          line: attempt.line,
          message: "an attempt lacks client, server or verdict"
        )
      }
      let trouble = Trouble(client: client, server: Self.name(server), cause: cause)
      known[trouble] = max(known[trouble] ?? .none, severity)
    }
  }

  /// A capture's report with what is new or worse only.
  ///
  /// - Returns: The report, and how many attempts it leaves out.
  package func news(in report: CaptureReport) -> (report: CaptureReport, known: Int) {
    var result = report
    result.diagnosis = report.diagnosis.selecting { isNews($0, report.severity(of: $0)) }
    return (result, report.diagnosis.attempts.count - result.diagnosis.attempts.count)
  }

  private func isNews(_ attempt: Attempt, _ severity: Severity) -> Bool {
    guard severity != .none else { return false }
    let trouble = Trouble(
      client: "\(attempt.client)",
      server: Self.name(attempt.server),
      cause: attempt.verdict.cause.id
    )
    guard let before = known[trouble] else { return true }
    return before < severity
  }

  private static func name(_ server: JSONNode) -> String {
    if let name = server["name"]?.string { return name }
    return (server["address"]?.string ?? "") + " "
      + (server["port"]?.integer.map(String.init) ?? "")
  }

  private static func name(_ server: Attempt.Target) -> String {
    switch server {
    case .name(let name): name
    case .address(let address): "\(address) "
    case .endpoint(let endpoint): "\(endpoint.address) \(endpoint.port)"
    }
  }
}

/// Why a file is no earlier report.
package struct BaselineError: Error, Hashable {
  /// The line, from 1.
  package let line: Int
  package let message: String
}
