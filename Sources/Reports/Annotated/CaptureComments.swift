import Diagnosis
import Streams
import Timeline
import Wire

/// What an annotated capture says: of itself, and of the packets that decided.
package struct CaptureComments {
  /// Attempts listed in the comment on the capture; more are counted.
  private static let maximumAttempts = 50

  /// Comments on packets, by frame.
  package private(set) var packets: [Int: String] = [:]
  /// The comment on the capture.
  package private(set) var summary: String

  /// Puts a report in comments.
  package init(_ report: CaptureReport, version: String) {
    let attempts = report.diagnosis.attempts
    let failures = attempts.count { report.severity(of: $0) == .failure }
    var lines = [
      "rdpscope \(version): \(failures) failed of \(attempts.count) attempts to connect by RDP"
    ]
    let names = report.diagnosis.connectionNames
    for (attempt, names) in zip(attempts, names).prefix(Self.maximumAttempts) {
      lines.append(
        "\(report.severity(of: attempt).word): \(attempt.client) -> \(attempt.server)"
          + " (\(names.isEmpty ? "no connection" : names.words)): \(attempt.verdict.cause.title)"
          + " (\(attempt.verdict.cause.family.rawValue), \(attempt.verdict.certainty))"
      )
    }
    if Self.maximumAttempts < attempts.count {
      lines.append("and \(attempts.count - Self.maximumAttempts) more")
    }
    lines += report.warnings.map { "warning: " + TerminalText.safe($0.message) }
    lines.append("Display filter: frame.comment contains \"rdpscope\"")
    summary = lines.joined(separator: "\n")
    for judged in report.diagnosis.connections { comment(judged) }
    for judged in report.diagnosis.udpConnections {
      comment(
        judged.verdict,
        severity: judged.verdict.severity,
        of: "\(judged.connection.name)"
      )
    }
    for (attempt, names) in zip(attempts, names) where names.isEmpty {
      comment(attempt.verdict, severity: report.severity(of: attempt), of: "an attempt")
    }
  }

  private mutating func comment(_ judged: JudgedConnection) {
    comment(
      judged.verdict,
      severity: judged.verdict.severity,
      of: "stream \(judged.connection.stream)"
    )
  }

  private mutating func comment(_ verdict: Verdict, severity: Severity, of subject: String) {
    let head =
      "rdpscope, \(subject), \(severity.word): \(verdict.cause.title) (\(verdict.certainty))"
    add(verdict.evidence, "for it", head)
    add(verdict.against, "against it", head)
  }

  private mutating func add(_ evidence: [Evidence], _ side: String, _ head: String) {
    for fact in evidence {
      let line = "\(side): " + TerminalText.safe(fact.text)
      for frame in Set(fact.frames) {
        guard let text = packets[frame] else {
          packets[frame] = head + "\n" + line
          continue
        }
        packets[frame] = text.contains(head) ? text + "\n" + line : text + "\n" + head + "\n" + line
      }
    }
  }
}

extension Severity {
  /// The badge of the text report, without colour.
  var word: String {
    switch self {
    case .failure: "FAILURE"
    case .warning: "WARNING"
    case .none: "OK"
    }
  }
}
