import Diagnosis
import RDPMessages
import Streams
import TLSMessages
import Timeline
import Wire

/// CSV (RFC 4180), a connection a line, for spreadsheets.
package enum CSVReport {
  static let columns = [
    "capture", "stream", "role", "client", "clientPort", "server", "serverPort", "start", "seconds",
    "phase", "ending", "endedBy", "endingFrame", "cause", "family", "severity", "confidence",
    "summary", "evidenceFrames", "requested", "selected", "failure", "tlsVersion", "cipher",
    "certificate", "user", "errorInfo",
  ]

  /// The connections of every capture.
  package static func text(_ report: AnalysisReport) -> [UInt8] {
    var lines = [columns.joined(separator: ",")]
    for capture in report.captures {
      lines += capture.diagnosis.connections.map { row($0, capture.path) }
    }
    return Array((lines.joined(separator: "\r\n") + "\r\n").utf8)
  }

  private static func row(_ judged: JudgedConnection, _ path: String) -> String {
    let connection = judged.connection
    let facts = connection.facts
    let verdict = judged.verdict
    var user: String?
    if case .cookie(let text) = facts.request?.message.line { user = text }
    let frames = Set(verdict.evidence.flatMap(\.frames)).sorted()
    let fields: [String?] = [
      path, "\(connection.stream)", judged.role.rawValue,
      "\(connection.client.address)", "\(connection.client.port)",
      "\(connection.server.address)", "\(connection.server.port)",
      "\(connection.start.time)", "\((connection.seconds * 1e6).rounded() / 1e6)",
      connection.phase.name, connection.ending.kind.rawValue, connection.ending.actor.rawValue,
      "\(connection.ending.moment.frame)",
      verdict.cause.id, verdict.cause.family.rawValue, verdict.severity.rawValue,
      "\((verdict.confidence * 100).rounded() / 100)", verdict.cause.title,
      frames.map(String.init).joined(separator: " "),
      facts.request?.message.negotiation?.requestedProtocols.names.joined(separator: " "),
      facts.selected?.names.joined(separator: " "), facts.refusal?.name,
      facts.tls.version?.name, facts.tls.serverHello?.message.cipherSuite.name,
      facts.tls.certificates.first?.subject, user, facts.errorInfo?.message.name,
    ]
    return fields.map { CSVText.encode($0 ?? "") }.joined(separator: ",")
  }
}

/// Text on its way into CSV.
enum CSVText {
  /// Encodes a field.
  ///
  /// Spreadsheets run a cell that begins like a formula, quoted or not: such a cell gets an
  /// apostrophe, which they take for "this is text".
  static func encode(_ text: String) -> String {
    let visible = TerminalText.safe(text)
    let defused = beginsFormula(visible) ? "'" + visible : visible
    guard defused.contains(where: { ",\"\r\n;\t ".contains($0) }) else { return defused }
    return "\"" + defused.replacing("\"", with: "\"\"") + "\""
  }

  private static func beginsFormula(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first(where: { !$0.properties.isWhitespace }) else {
      return false
    }
    // The wide forms count, too: Excel in Japanese takes them for the same. So does `|`, which
    // begins nothing but ends the name of a program.
    return "=+-@|\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}".unicodeScalars.contains(first)
  }
}
