import Diagnosis
import RDPMessages
import Redaction
import Streams
import TLSMessages
import Timeline
import Wire

/// One connection's card.
struct HTMLCard {
  /// Characters of one text from the wire that are shown.
  private static let maximumText = 600
  /// Characters by which a card is found.
  private static let maximumSearch = 1200

  private let judged: JudgedConnection
  private let index: Int
  private let json: String?
  private let ladder: Ladder?

  /// Creates a card.
  ///
  /// - Parameters:
  ///   - judged: The connection.
  ///   - capture: The capture that it is in, with its events.
  ///   - index: The capture's place in the report.
  ///   - redactor: Gives pseudonyms to what events say.
  ///   - isFull: Whether all facts are shown, and a ladder where nothing is wrong.
  init(
    _ judged: JudgedConnection,
    of capture: CaptureReport,
    index: Int,
    redactor: Redactor?,
    isFull: Bool
  ) {
    self.judged = judged
    self.index = index
    let isInside = judged.connection.isInsideGateway
    let log = isInside ? nil : capture.events?[judged.connection.name]
    let isShown = isFull || judged.verdict.severity != .none
    ladder = isShown ? log.map { Ladder(judged, log: $0, redactor: redactor) } : nil
    guard isFull else {
      json = nil
      return
    }
    var writer = JSONWriter(isPretty: true)
    JSONConnection.write(judged, capture: index, attempt: judged.attempt, to: &writer)
    json = String(decoding: writer.text, as: UTF8.self)
  }

  /// The card's anchor.
  static func id(_ capture: Int, _ connection: Connection) -> String {
    "c\(capture)-\(connection.stream)" + (connection.isInsideGateway ? "-inside" : "")
  }

  /// What the template shows.
  func fields(place: Int, isOpen: Bool) -> HTMLReport.Fields {
    let connection = judged.connection
    let verdict = judged.verdict
    var fields = Self.fields(verdict, severity: verdict.severity)
    fields["id"] = Self.id(index, connection)
    fields["index"] = "\(place)"
    fields["start"] = "\(connection.start.time)"
    fields["startText"] = "\(connection.start.time)"
    fields["seconds"] = "\(connection.seconds)"
    fields["duration"] = Self.duration(connection.seconds)
    fields["client"] = "\(connection.client)"
    fields["server"] = "\(connection.server)"
    fields["stream"] = "stream \(connection.stream)"
    fields["open"] = isOpen
    if judged.role != .only { fields["role"] = "\(judged.role.rawValue) of its attempt" }
    if let user { fields["user"] = "user " + HTMLText.safe(user, limit: 60) }
    let facts = self.facts
    fields["facts"] = facts.map {
      ["name": $0.0, "value": HTMLText.safe($0.1, limit: Self.maximumText)]
    }
    fields["search"] = HTMLText.safe(
      ([
        "\(connection.client)", "\(connection.server)", "stream \(connection.stream)",
        verdict.cause.title, verdict.cause.id, verdict.cause.family.rawValue, connection.phase.name,
      ] + facts.map { String($0.1.prefix(120)) }).joined(separator: " ").lowercased(),
      limit: Self.maximumSearch
    )
    fields["json"] = HTMLText.safe(json ?? "").replacing("\\u{a}", with: "\n")
    if json == nil { fields["json"] = "left out of a report this long: see --format json" }
    if let ladder {
      fields["ladder"] = HTMLLadder(ladder).fields
      fields["timeline"] = Self.timeline(ladder)
    }
    return fields
  }

  static func timeline(_ ladder: Ladder) -> HTMLReport.Fields? {
    guard !ladder.log.events.isEmpty else { return nil }
    let left = ladder.log.omittedCount
    return [
      "count": HTMLReport.count(ladder.log.events.count, "event")
        + (left == 0 ? "" : ", \(left) more in the middle left out"),
      "rows": ladder.log.events.map { event -> HTMLReport.Fields in
        let description = ladder.describe(event)
        let details = description.details.map { "\($0.name) \($0.value)" }.joined(separator: "; ")
        return [
          "time": HTMLLadder.time(event, since: ladder.subject.start.time),
          "frame": "\(event.moment.frame)", "by": event.side?.rawValue ?? "neither",
          "phase": event.phase.name,
          "what": HTMLText.safe(
            (event.isInferred ? "likely " : "") + description.title
              + (details.isEmpty ? "" : ": " + details),
            limit: maximumText
          ),
        ]
      },
    ]
  }

  private var user: String? {
    if case .cookie(let user) = judged.connection.facts.request?.message.line { return user }
    return nil
  }

  /// What most people ask first, in the order of the connection.
  private var facts: [(String, String)] {
    let connection = judged.connection
    let messages = connection.facts
    let core = messages.mcs.connectInitial?.message.blocks.core
    let rows: [(String, String?)] = [
      ("reached", connection.phase.name),
      (
        "ended",
        "\(connection.ending.kind.rawValue) by \(connection.ending.actor.rawValue), frame \(connection.ending.moment.frame)"
      ),
      ("round trip", connection.tcp.roundTripTime.map(Self.duration)),
      (
        "sent again",
        "client \(connection.tcp.client.retransmissionCount), server \(connection.tcp.server.retransmissionCount)"
      ),
      (
        "octets",
        "client \(connection.tcp.client.byteCount), server \(connection.tcp.server.byteCount)"
      ),
      ("cookie", user),
      (
        "offered",
        messages.request?.message.negotiation?.requestedProtocols.names.joined(separator: ", ")
      ),
      ("chosen", messages.selected?.names.joined(separator: ", ")),
      ("refused", messages.refusal?.name),
      (
        "TLS",
        messages.tls.serverHello.map {
          "\($0.message.selectedVersion.name), \($0.message.cipherSuite.name)"
        }
      ),
      ("server name asked for", messages.tls.clientHello?.message.serverName),
      ("certificate for", messages.tls.certificates.first?.subject),
      ("issued by", messages.tls.certificates.first?.issuer),
      ("valid until", messages.tls.certificates.first?.notAfter.map { "\($0)" }),
      (
        "alerts",
        Self.list(
          messages.tls.alerts.map {
            "\($0.side.rawValue): \($0.alert?.description.name ?? "encrypted")"
          }
        )
      ),
      ("client's machine", core?.clientName),
      ("client's build", core.map { "\($0.clientBuild.rawValue)" }),
      (
        "channels",
        Self.list(messages.mcs.connectInitial?.message.blocks.network?.channels.map(\.name))
      ),
      ("error info", messages.errorInfo?.message.name),
      ("Community ID", connection.communityID.description),
    ]
    return rows.compactMap { name, value in value.map { (name, $0) } }.filter { !$0.1.isEmpty }
  }

  private static func list(_ values: [String]?) -> String? {
    guard let values, !values.isEmpty else { return nil }
    return values.joined(separator: ", ")
  }
}

extension HTMLCard {
  /// What every card says of its verdict.
  static func fields(_ verdict: Verdict, severity: Severity) -> HTMLReport.Fields {
    let frames = Array(Set(verdict.evidence.flatMap(\.frames))).sorted()
    let isWrong = severity != .none
    var fields: HTMLReport.Fields = [
      "severity": severity.rawValue, "badge": severity.shape,
      "family": verdict.cause.family.rawValue, "title": verdict.cause.title,
      "certainty": verdict.certainty, "explanation": verdict.cause.explanation,
      "evidence": verdict.evidence.map(fields), "against": verdict.against.map(fields),
      "hasAgainst": !verdict.against.isEmpty,
      "hasRemedies": isWrong && !verdict.cause.remedies.isEmpty,
      "remedies": verdict.cause.remedies.map { remedy -> HTMLReport.Fields in
        var fields: HTMLReport.Fields = ["where": remedy.place, "text": remedy.text]
        fields["command"] = remedy.command
        return fields
      },
    ]
    if isWrong, verdict.confidence < 0.9 {
      fields["wouldSettle"] = list(verdict.cause.wouldSettle)
    }
    if isWrong {
      fields["alternatives"] = list(
        verdict.alternatives.filter { $0.cause.family != verdict.cause.family }.map(\.cause.title)
      )
      fields["clientCodes"] = list(verdict.cause.clientCodes)
    }
    if !frames.isEmpty {
      fields["filter"] =
        "frame.number in {" + frames.map(String.init).joined(separator: ", ") + "}"
    }
    return fields
  }

  /// A piece of evidence with the frames that it lights.
  static func fields(_ evidence: Evidence) -> HTMLReport.Fields {
    var fields: HTMLReport.Fields = ["text": HTMLText.safe(evidence.text, limit: maximumText)]
    guard !evidence.frames.isEmpty else { return fields }
    let frames = evidence.frames.map(String.init)
    fields["frames"] = frames.joined(separator: " ")
    fields["place"] =
      (frames.count == 1 ? "frame " : "frames ") + frames.joined(separator: ", ") + ": "
    return fields
  }

  /// A length of time for people.
  static func duration(_ seconds: Double) -> String {
    switch seconds {
    case ..<0.001: "\(Int((seconds * 1e6).rounded())) µs"
    case ..<1: "\((seconds * 1e4).rounded() / 10) ms"
    case ..<120: "\((seconds * 10).rounded() / 10) s"
    case ..<7200: "\(Int((seconds / 60).rounded())) min"
    default: "\((seconds / 360).rounded() / 10) h"
    }
  }
}
