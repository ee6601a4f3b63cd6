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
    "certificate", "user", "errorInfo", "transport", "carriedBy", "connection",
  ]

  /// The connections of every capture.
  package static func text(_ report: AnalysisReport) -> [UInt8] {
    var lines = [columns.joined(separator: ",")]
    for capture in report.captures {
      lines += capture.diagnosis.connections.map { row($0, capture.path) }
      lines += capture.diagnosis.udpConnections.map { row($0, capture.path) }
    }
    return Array((lines.joined(separator: "\r\n") + "\r\n").utf8)
  }

  private static func row(_ judged: JudgedConnection, _ path: String) -> String {
    let connection = judged.connection
    let facts = connection.facts
    var user: String?
    if case .cookie(let text) = facts.request?.message.line { user = text }
    let isInside = connection.isInsideGateway
    return line(
      [path, "\(connection.stream)", judged.role.rawValue]
        + ends(connection.client, connection.server)
        + ["\(connection.start.time)", seconds(connection.seconds)]
        + outcome(connection.phase, connection.ending, judged.verdict)
        + settings(facts, user: user)
        + [
          isInside ? "gateway" : "tcp", isInside ? "\(connection.stream)" : nil,
          "\(connection.name)",
        ]
    )
  }

  /// An RDP-UDP connection's line: without a stream number, as in the JSON report.
  private static func row(_ judged: JudgedUDPConnection, _ path: String) -> String {
    let connection = judged.connection
    let length = connection.last.time.seconds(since: connection.first.time)
    return line(
      [path, nil, judged.role.rawValue] + ends(connection.client, connection.server)
        + ["\(connection.first.time)", seconds(length)]
        + outcome(connection.facts.deepest, connection.ending, judged.verdict)
        + settings(connection.facts, user: nil)
        + ["udp", connection.session.map { "\($0.stream)" }, "\(connection.name)"]
    )
  }

  private static func ends(_ client: Endpoint, _ server: Endpoint) -> [String?] {
    ["\(client.address)", "\(client.port)", "\(server.address)", "\(server.port)"]
  }

  private static func seconds(_ value: Double) -> String { "\((value * 1e6).rounded() / 1e6)" }

  private static func outcome(_ phase: Phase, _ ending: Ending, _ verdict: Verdict) -> [String?] {
    [
      phase.name, ending.kind.rawValue, ending.actor.rawValue, "\(ending.moment.frame)",
      verdict.cause.id, verdict.cause.family.rawValue, verdict.severity.rawValue,
      "\((verdict.confidence * 100).rounded() / 100)", verdict.cause.title,
      Set(verdict.evidence.flatMap(\.frames)).sorted().map(String.init).joined(separator: " "),
    ]
  }

  private static func settings(_ facts: MessageFacts, user: String?) -> [String?] {
    [
      facts.request?.message.negotiation?.requestedProtocols.names.joined(separator: " "),
      facts.selected?.names.joined(separator: " "), facts.refusal?.name,
      facts.tls.version?.name, facts.tls.serverHello?.message.cipherSuite.name,
      facts.tls.certificates.first?.subject, user, facts.errorInfo?.message.name,
    ]
  }

  private static func line(_ fields: [String?]) -> String {
    fields.map { CSVText.encode($0 ?? "") }.joined(separator: ",")
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
