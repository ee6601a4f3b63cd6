import Analysis
import Capture
import Diagnosis
import Foundation
import Packets
import Redaction
import Reports
import Streams
import Testing
import Timeline
import Wire

/// A redacted report says the same, of nobody.
@Suite struct RedactionTests {
  private static let redactor = Redactor(key: Array("tests".utf8))

  private func redacted(_ path: String) throws -> CaptureReport {
    try CaptureAnalysis(ports: CaptureAnalysis.defaultPorts, redactor: Self.redactor)
      .run(CaptureFile.open(path, filter: nil), path: path)
  }

  @Test(arguments: GoldenCase.all)
  func theVerdictIsTheSame(_ golden: GoldenCase) throws {
    let path = try golden.capture.path
    let plain = try analyse(path)
    let report = try redacted(path)
    func answers(_ report: CaptureReport) -> [String] {
      let verdicts =
        report.diagnosis.connections.map { ("\($0.role) \($0.attempt)", $0.verdict) }
        + report.diagnosis.udpConnections.map { ("\($0.attempt)", $0.verdict) }
        + report.diagnosis.attempts.map { ("\($0.streams) \($0.succeeded)", $0.verdict) }
      return verdicts.map { place, verdict in
        let facts = (verdict.evidence + verdict.against).map { "\($0.kind) \($0.frames)" }
        return "\(place) \(verdict.cause.id) \(verdict.severity) \(verdict.confidence) \(facts)"
      }
    }
    #expect(answers(report) == answers(plain))
    #expect(report.warnings.map(\.code) == plain.warnings.map(\.code))
  }

  /// Keys of the report whose values are words of the protocols, numbers or our own words; the
  /// value of any other names somebody.
  private static let nameless: Set = [
    "schema", "name/tool", "version", "format", "linkTypes", "start", "end", "code", "role",
    "transport", "phase", "name/phases", "reading", "requested", "selected", "failure", "flags",
    "cipher", "ja3", "ja3s", "ja4", "alpn", "resumption", "group", "versions", "ciphers",
    "extensions", "groups", "keyShares", "signatures", "name/udp", "selectedProtocol", "by",
    "message/handshake", "result", "problems",
    "notBefore", "notAfter", "keyType", "curve", "signature", "keyUsages", "extendedKeyUsages",
    "level", "description", "meaning", "errorInfoName", "ultimatumReason", "kind", "cause",
    "family", "severity", "summary", "explanation", "where", "text/remedies", "command",
    "clientCodes", "wouldSettle", "outcome", "firstSeen", "lastSeen", "from", "to", "product",
    "keyboardLayout", "desktop", "channelOptions", "encryptionMethods", "capabilities",
    "connectionType", "monitors", "clusterFlags", "multitransport", "encryptionMethod",
    "encryptionLevel", "sign", "packet", "method", "userAgent", "problem", "refusal",
    "target/requests",
    "layer", "field", "section", "security", "error", "mechanism", "status", "state",
    "serverOS", "clientOS", "errorCode", "errorName", "errorMeaning", "credentials", "timeZone",
    "offered", "earlyAuthorization", "tiedBy", "logonErrors",
  ]
  /// Keys of sentences, which may name somebody.
  private static let sentences: Set = ["text", "message"]
  /// Words that this corpus uses as names and that say nothing about anybody.
  private static let words: Set = [
    "system", "client", "server", "host", "rdpdr", "rdpsnd", "cliprdr", "drdynvc", "snddbg", "nmap",
    "ssl", "hybrid", "rdp", "other",
  ]

  /// The strings of a report that name somebody, and its sentences.
  private func strings(_ report: CaptureReport) throws -> (names: Set<String>, sentences: [String])
  {
    let text = JSONReport.text(AnalysisReport(captures: [report]), version: "0")
    var names: Set<String> = []
    var sentences: [String] = []
    func walk(_ value: Any, key: String, under parent: String) {
      switch value {
      case let object as [String: Any]:
        for (name, value) in object { walk(value, key: name, under: key) }
      case let list as [Any]:
        for value in list { walk(value, key: key, under: parent) }
      case let string as String:
        guard !Self.nameless.contains(key), !Self.nameless.contains("\(key)/\(parent)") else {
          return
        }
        if Self.sentences.contains(key) {
          sentences.append(string)
        } else if !string.isEmpty {
          names.insert(string)
        }
      default: break
      }
    }
    walk(try JSONSerialization.jsonObject(with: Data(text)), key: "", under: "")
    return (names, sentences)
  }

  @Test(arguments: GoldenCase.all)
  func nobodyIsNamed(_ golden: GoldenCase) throws {
    let path = try golden.capture.path
    let plain = try strings(analyse(path))
    let report = try redacted(path)
    let found = try strings(report)
    #expect(
      found.names.intersection(plain.names).subtracting(Self.words)
        .filter { IPAddress($0)?.isLoopback != true } == []
    )
    #expect(found.names.count <= plain.names.count)
    // Names that may be met by chance are not looked for in prose.
    let telling = plain.names.subtracting(Self.words).filter {
      4 <= $0.count && IPAddress($0)?.isLoopback != true
    }
    let all = AnalysisReport(captures: [report])
    let forms =
      found.sentences + [
        TextReport(isColored: false).text(all),
        String(decoding: MarkdownReport.text(all), as: UTF8.self),
        String(decoding: CSVReport.text(all), as: UTF8.self),
        CaptureComments(report, version: "0").summary,
        CaptureComments(report, version: "0").packets.values.joined(separator: "\n"),
      ]
    for name in telling {
      for form in forms where form.contains(name) {
        Issue.record("\(name) is in: \(form.prefix(2000))")
      }
    }
  }

  /// The ladder decodes its messages anew.
  @Test(arguments: GoldenCase.all)
  func noLadderNamesAnybody(_ golden: GoldenCase) throws {
    let path = try golden.capture.path
    let names = try strings(analyse(path)).names.subtracting(Self.words).filter {
      4 <= $0.count && IPAddress($0)?.isLoopback != true
    }
    for name in [ConnectionName.stream(0), .udp(0)] {
      let log = EventLog(of: name, keepsOctets: false)
      let report = try CaptureAnalysis(ports: [3389], log: log, redactor: Self.redactor)
        .run(CaptureFile.open(path, filter: nil), path: path)
      guard let ladder = Ladder(of: report.diagnosis, log: log, redactor: Self.redactor) else {
        continue
      }
      let text = ladder.text(isColored: false)
      #expect(names.filter { text.contains($0) } == [])
    }
  }

  /// Every packet's headers are decoded, made anew, and decoded again.
  @Test(arguments: GoldenCase.all)
  func headersSayTheSame(_ golden: GoldenCase) throws {
    let source = try CaptureFile.open(golden.capture.path, filter: nil)
    var decoder = PacketDecoder()
    let packet = Packet()
    let again = Packet()
    var unlike: [String] = []
    while try source.advance() {
      let record = source.record
      var copy: RedactedPacket?
      source.withBytes { bytes in
        decoder.decode(
          bytes,
          linkType: record.linkType,
          originalLength: record.originalLength,
          timestamp: record.timestamp,
          into: packet
        ) { packet, octets in copy = Self.redactor.packet(packet, in: octets) }
      }
      guard let copy else { continue }
      var second = PacketDecoder()
      second.decode(
        copy.octets.span,
        linkType: .ethernet,
        originalLength: copy.originalLength,
        timestamp: record.timestamp,
        into: again
      ) { _, _ in }
      if summary(packet, Self.redactor.address) != summary(again, { $0 }) || again.problem != nil {
        unlike.append(
          "\(record.frame): \(summary(packet, Self.redactor.address)) \(summary(again, { $0 }))"
        )
      }
    }
    #expect(unlike == [])
  }

  private func summary(_ packet: Packet, _ name: (IPAddress) -> IPAddress) -> String {
    let ends = packet.hasAddresses ? "\(name(packet.source)) \(name(packet.destination))" : ""
    switch packet.content {
    case .tcp(let segment):
      return
        "\(ends) \(segment.sourcePort) \(segment.destinationPort) \(segment.sequence) "
        + "\(segment.acknowledgment) \(segment.flags.rawValue) \(segment.window) \(segment.payloadLength)"
    case .udp(let datagram):
      return "\(ends) \(datagram.sourcePort) \(datagram.destinationPort) \(datagram.payloadLength)"
    case .icmp(let message):
      let quoted = message.quoted.map {
        "\(name($0.source)) \(name($0.destination)) \($0.sourcePort ?? 0) \($0.sequence ?? 0)"
      }
      return "\(ends) \(message.meaning) \(quoted ?? "")"
    case .arp(let message):
      return "\(message.operation) \(name(message.senderIP)) \(name(message.targetIP))"
    case .neighbour(let message):
      return "\(ends) \(message.kind) \(message.target.map { "\(name($0))" } ?? "")"
    default: return ends
    }
  }
}
