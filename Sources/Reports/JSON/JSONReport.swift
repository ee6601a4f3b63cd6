import Diagnosis
import Packets
import Streams
import Timeline
import Wire

/// The JSON report of the contract, schema `rdpscope.report/1`.
package enum JSONReport {
  /// The schema's name, in every report.
  package static let schema = "rdpscope.report/1"

  /// The report as UTF-8 text.
  package static func text(_ report: AnalysisReport, version: String) -> [UInt8] {
    var text: [UInt8] = []
    write(report, version: version) { text += $0 }
    return text
  }

  /// Writes the report as UTF-8 text, in pieces.
  package static func write(
    _ report: AnalysisReport,
    version: String,
    to sink: @escaping ([UInt8]) -> Void
  ) {
    var writer = JSONWriter(isPretty: true, sink: sink)
    writer.object { json in
      json.key("schema")
      json.value(schema)
      json.key("tool")
      json.object {
        $0.key("name")
        $0.value("rdpscope")
        $0.key("version")
        $0.value(version)
      }
      json.key("captures")
      json.array(report.captures) { capture(&$0, $1) }
      writeConnections(&json, report)
      writeAttempts(&json, report)
      writeHosts(&json, report)
      writeSummary(&json, report)
      writeBaseline(&json, report)
      JSONEndToEnd.write(report.captures, codeTo: &json)
      if let endToEnd = report.endToEnd { JSONEndToEnd.write(endToEnd, to: &json) }
    }
    writer.finish()
  }

  private static func writeBaseline(_ json: inout JSONWriter, _ report: AnalysisReport) {
    guard let baseline = report.baseline else { return }
    json.key("baseline")
    json.object {
      $0.key("path")
      $0.value(baseline.path)
      $0.key("known")
      $0.value(baseline.known)
    }
  }

  private static func capture(_ json: inout JSONWriter, _ capture: CaptureReport) {
    json.object { json in
      json.key("path")
      json.value(capture.path)
      json.key("format")
      json.value(capture.format)
      json.key("linkTypes")
      json.value(capture.linkTypes)
      json.key("packets")
      json.value(capture.packets)
      json.key("bytes")
      json.value(capture.bytes)
      json.key("start")
      json.value(capture.start)
      json.key("end")
      json.value(capture.end)
      json.key("warnings")
      json.array(capture.warnings) { json, warning in
        json.object {
          $0.key("code")
          $0.value(warning.code)
          $0.key("message")
          $0.value(warning.message)
          $0.key("frame")
          $0.value(warning.frame)
        }
      }
    }
  }

  private static func writeConnections(_ json: inout JSONWriter, _ report: AnalysisReport) {
    json.key("connections")
    var rows: [Row] = []
    var attemptOffset = 0
    for (index, capture) in report.captures.enumerated() {
      let offset = attemptOffset
      rows += capture.diagnosis.connections.enumerated().map {
        Row(capture: index, attempt: offset + $1.attempt, place: .tcp($0))
      }
      rows += capture.diagnosis.udpConnections.enumerated().map {
        Row(capture: index, attempt: offset + $1.attempt, place: .udp($0))
      }
      attemptOffset += capture.diagnosis.attempts.count
    }
    json.array(inTwoThreads: rows) { json, row in
      let diagnosis = report.captures[row.capture].diagnosis
      let (capture, attempt) = (row.capture, row.attempt)
      switch row.place {
      case .tcp(let index):
        let judged = diagnosis.connections[index]
        JSONConnection.write(judged, capture: capture, attempt: attempt, to: &json)
      case .udp(let index):
        let judged = diagnosis.udpConnections[index]
        JSONConnection.write(judged, capture: capture, attempt: attempt, to: &json)
      }
    }
  }

  /// Where a connection of the report is found.
  private struct Row {
    enum Place { case tcp(Int), udp(Int) }

    let capture: Int
    /// Index of its attempt among those of all captures.
    let attempt: Int
    let place: Place
  }

  private static func writeAttempts(_ json: inout JSONWriter, _ report: AnalysisReport) {
    json.key("attempts")
    let rows = report.captures.indices.flatMap { capture in
      report.captures[capture].diagnosis.attempts.indices.map { (capture: capture, attempt: $0) }
    }
    json.array(inTwoThreads: rows) { json, row in
      let attempt = report.captures[row.capture].diagnosis.attempts[row.attempt]
      json.object { json in
        json.key("capture")
        json.value(row.capture)
        json.key("client")
        json.value(attempt.client)
        json.key("server")
        json.object { $0.target(attempt.server) }
        json.key("streams")
        json.value(attempt.streams)
        json.key("start")
        json.value(attempt.start)
        json.key("outcome")
        json.value(attempt.succeeded ? "success" : "failure")
        json.key("verdict")
        let severity = report.captures[row.capture].severity(of: attempt)
        JSONConnection.write(attempt.verdict, severity: severity, to: &json)
        if let same = report.sameAttempt(as: attempt, ofCapture: row.capture) {
          json.key("sameAs")
          json.value(same)
        }
      }
    }
  }

  /// Lists the hosts that take part in RDP; the rest of the network is not the report's business.
  private static func writeHosts(_ json: inout JSONWriter, _ report: AnalysisReport) {
    json.key("hosts")
    var rows: [(capture: Int, host: Int)] = []
    for (index, capture) in report.captures.enumerated() {
      let addresses = Set(
        capture.diagnosis.connections.flatMap {
          [$0.connection.client.address, $0.connection.server.address]
        }
          + capture.diagnosis.udpConnections.flatMap {
            [$0.connection.client.address, $0.connection.server.address]
          }
      )
      for (place, host) in capture.hosts.hosts.enumerated() where addresses.contains(host.address) {
        rows.append((index, place))
      }
    }
    json.array(inTwoThreads: rows) { json, row in
      let hosts = report.captures[row.capture].hosts
      let host = hosts.hosts[row.host]
      json.object { json in
        json.key("capture")
        json.value(row.capture)
        json.key("address")
        json.value(host.address)
        json.key("firstSeen")
        json.value(host.first?.time)
        json.key("lastSeen")
        json.value(host.last?.time)
        json.key("silences")
        json.array(host.silences) { json, silence in
          json.object {
            $0.key("from")
            $0.value(silence.from.time)
            $0.key("to")
            $0.value(silence.to.time)
          }
        }
        json.key("evidence")
        json.array(hosts.notes(on: host)) { json, note in
          json.object {
            $0.key("frames")
            $0.value(note.frames)
            $0.key("text")
            $0.value(note.text)
          }
        }
      }
    }
  }

  private static func writeSummary(_ json: inout JSONWriter, _ report: AnalysisReport) {
    json.key("summary")
    let verdicts = report.captures.flatMap { capture in
      capture.diagnosis.connections.map(\.verdict)
        + capture.diagnosis.udpConnections.map(\.verdict)
    }
    let families = Dictionary(grouping: verdicts, by: \.cause.family)
    json.object { json in
      json.key("connections")
      json.value(verdicts.count)
      json.key("failures")
      json.value(report.attempts(atLeast: .failure))
      json.key("families")
      json.object { json in
        for family in Family.allCases {
          guard let count = families[family]?.count else { continue }
          json.key(dynamic: family.rawValue)
          json.value(count)
        }
      }
    }
  }
}

extension JSONWriter {
  /// Whom an attempt was for: address and port where they are known, otherwise the name.
  mutating func target(_ target: Attempt.Target) {
    switch target {
    case .endpoint(let endpoint):
      self.endpoint(endpoint)
      key("name")
      value(nil as String?)
    case .address(let address):
      key("address")
      value(address)
      key("port")
      value(nil as Int?)
      key("name")
      value(nil as String?)
    case .name(let name):
      key("address")
      value(nil as String?)
      key("port")
      value(nil as Int?)
      key("name")
      value(name)
    }
  }

  /// Writes the members of an endpoint.
  mutating func endpoint(_ endpoint: Endpoint) {
    key("address")
    value(endpoint.address)
    key("port")
    value(Int(endpoint.port))
  }
}
