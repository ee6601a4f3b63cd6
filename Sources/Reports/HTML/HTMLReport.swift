import Crypto
import Diagnosis
import Mustache
package import Redaction
import Streams
import Timeline
import Wire

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The report as one HTML file that loads nothing: for people who would rather look than read.
package struct HTMLReport {
  /// What a template is filled with.
  typealias Fields = [String: Any]

  /// Connections that have a card; more are counted.
  static let maximumCards = 10_000
  /// Cards that have all facts, and a picture also where nothing is wrong; beyond it the file would
  /// be too large to open.
  static let maximumFullCards = 500

  /// Captures, and attempts without a connection, that are shown unfolded.
  private static let maximumOpen = 3

  private let version: String
  private let redactor: Redactor?
  private let head: MustacheTemplate
  private let card: MustacheTemplate
  private let foot: MustacheTemplate

  /// Creates a report writer.
  ///
  /// - Parameters:
  ///   - version: The program's.
  ///   - redactor: What gave pseudonyms to the report; `nil` where it has none.
  /// - Throws: What the template library says of a template that is broken.
  package init(version: String, redactor: Redactor?) throws {
    self.version = version
    self.redactor = redactor
    head = try MustacheTemplate(string: HTMLTemplates.head)
    card = try MustacheTemplate(string: HTMLTemplates.card)
    foot = try MustacheTemplate(string: HTMLTemplates.foot)
  }

  /// Writes the report as UTF-8 text, in pieces.
  package func write(_ report: AnalysisReport, to sink: ([UInt8]) -> Void) {
    sink(Array(head.render(page(report)).utf8))
    let total = report.captures.reduce(0) { $0 + $1.diagnosis.connectionCount }
    var written = 0
    for (index, capture) in report.captures.enumerated() {
      for judged in capture.diagnosis.connections {
        guard written < Self.maximumCards else { break }
        let isFull = total <= Self.maximumFullCards
        let made = HTMLCard(judged, of: capture, index: index, redactor: redactor, isFull: isFull)
        sink(Array(card.render(made.fields(place: written, isOpen: total == 1)).utf8))
        written += 1
      }
      for judged in capture.diagnosis.udpConnections {
        guard written < Self.maximumCards else { break }
        let isFull = total <= Self.maximumFullCards
        let made = HTMLPathCard(
          judged,
          of: capture,
          index: index,
          redactor: redactor,
          isFull: isFull
        )
        sink(Array(card.render(made.fields(place: written)).utf8))
        written += 1
      }
    }
    let end: Fields = ["version": version, "script": HTMLScript.text]
    sink(Array(foot.render(end).utf8))
  }

  /// Nothing but this page's own style and script, and no connection to anywhere.
  private static let policy =
    "default-src 'none'; style-src '\(hash(HTMLStyle.sheet))'; "
    + "script-src '\(hash(HTMLScript.text))'; base-uri 'none'; form-action 'none'"

  private static func hash(_ text: String) -> String {
    "sha256-" + Data(SHA256.hash(data: Data(text.utf8))).base64EncodedString()
  }

  private func page(_ report: AnalysisReport) -> Fields {
    let severities = report.captures.flatMap { capture in
      capture.diagnosis.attempts.map(capture.severity)
    }
    let failures = severities.count { $0 == .failure }
    let connections = report.captures.reduce(0) { $0 + $1.diagnosis.connectionCount }
    let unreached = report.captures.flatMap { capture in
      zip(capture.diagnosis.attempts, capture.diagnosis.connectionNames)
        .filter { $1.isEmpty }.map { attempt($0.0, capture) }
    }
    let headline =
      severities.isEmpty
      ? "No RDP connection"
      : failures == 0
        ? "No failure in \(Self.count(severities.count, "attempt"))"
        : "\(Self.count(failures, "failure")) in \(Self.count(severities.count, "attempt"))"
    var fields: Fields = [
      "policy": Self.policy, "version": version, "style": HTMLStyle.sheet,
      "headline": headline,
      "subtitle": "What happened to "
        + (connections == 1 ? "one RDP connection" : "\(connections) RDP connections") + " in "
        + Self.count(report.captures.count, "capture") + ", and why"
        + (connections <= Self.maximumCards
          ? "" : "; \(connections - Self.maximumCards) are counted and have no card"),
      "failures": "\(failures)", "warnings": "\(severities.count { $0 == .warning })",
      "worked": "\(severities.count { $0 == .none })", "connectionCount": "\(connections)",
      "connectionNoun": connections == 1 ? "connection" : "connections",
      "families": families(report),
      "captureCount": Self.count(report.captures.count, "capture"),
      "showsCaptures": report.captures.count <= Self.maximumOpen,
      "captures": report.captures.enumerated().map { capture($1, index: $0) },
    ]
    if !unreached.isEmpty {
      fields["unreached"] =
        [
          "attempts": unreached, "count": Self.count(unreached.count, "attempt"),
          "open": unreached.count <= Self.maximumOpen,
        ] as Fields
    }
    if let baseline = report.baseline {
      fields["baseline"] =
        "Left out: \(Self.count(baseline.known, "attempt")) no worse than in "
        + HTMLText.safe(baseline.path)
    }
    return fields
  }

  static func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }

  private func families(_ report: AnalysisReport) -> [Fields] {
    let all = report.captures.flatMap { capture in
      capture.diagnosis.connections.map(\.verdict.cause.family)
        + capture.diagnosis.udpConnections.map(\.verdict.cause.family)
    }
    let counts = Dictionary(grouping: all) { $0 }.mapValues(\.count)
    // The most frequent first, otherwise in the contract's order.
    let order = Family.allCases.enumerated().sorted {
      (counts[$1.element] ?? 0, $0.offset) < (counts[$0.element] ?? 0, $1.offset)
    }.map(\.element)
    return order.compactMap { family -> Fields? in
      counts[family].map {
        [
          "id": family.rawValue, "count": "\($0)",
          "name": family.rawValue.replacing("_", with: " "),
        ]
      }
    }
  }

  private func attempt(_ attempt: Attempt, _ capture: CaptureReport) -> Fields {
    let severity = capture.severity(of: attempt)
    return [
      "severity": severity.rawValue, "badge": severity.shape, "title": attempt.verdict.cause.title,
      "client": "\(attempt.client)", "server": HTMLText.safe("\(attempt.server)", limit: 300),
      "evidence": attempt.verdict.evidence.map(HTMLCard.fields),
      "remedies": attempt.verdict.cause.remedies.map { ["where": $0.place, "text": $0.text] },
    ]
  }

  private func capture(_ capture: CaptureReport, index: Int) -> Fields {
    var facts = [
      capture.format, capture.linkTypes.joined(separator: ", "),
      Self.count(capture.packets, "packet"),
    ]
    if let start = capture.start, let end = capture.end {
      facts.append("from \(start)")
      facts.append(HTMLCard.duration(end.seconds(since: start)))
    }
    var fields: Fields = [
      "path": HTMLText.safe(capture.path, limit: 500),
      "facts": facts.filter { !$0.isEmpty }.joined(separator: ", "),
      "captureWarnings": capture.warnings.map { HTMLText.safe($0.message, limit: 500) },
    ]
    fields["overview"] = HTMLOverview(capture, index: index)?.fields
    return fields
  }
}

extension Severity {
  /// The badge with a shape, so that nothing depends on colour.
  var shape: String {
    switch self {
    case .failure: "✖ FAILURE"
    case .warning: "▲ WARNING"
    case .none: "✔ OK"
    }
  }
}
