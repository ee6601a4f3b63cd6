import Capture
import Diagnosis
import Redaction
import Reports
import Streams
import Timeline
import Wire

extension CaptureAnalysis {
  /// Judges what a capture holds.
  func report(
    path: String,
    _ reading: Reading,
    otherEnd: [Int: [Evidence]] = [:]
  ) -> CaptureReport {
    let metadata = reading.metadata
    let timeline = reading.timeline
    var warnings = metadata.warnings.map {
      CaptureReport.Warning(code: $0.code, message: $0.message, frame: $0.frame)
    }
    warnings += reading.problems
    warnings += CaptureReport.Warning.keys(reading.connections)
    warnings += limitWarnings(timeline)
    if metadata.packets == 0 {
      warnings.append(
        CaptureReport.Warning(
          code: "no_packets",
          message: "the capture holds no packets",
          frame: nil
        )
      )
    }
    if let redactor { warnings = redact(warnings, path, redactor) }
    let dropped = Self.dropped(metadata)
    if dropped > 0 {
      warnings.append(
        CaptureReport.Warning(
          code: "packets_dropped",
          message: "the capturing host dropped \(dropped) packets",
          frame: nil
        )
      )
    }
    let hosts = redactor?.hosts(timeline.hosts) ?? timeline.hosts
    let udpConnections = timeline.udpConnections(of: reading.connections)
    let diagnosis = Diagnosis(
      redactor.map { reading.connections.map($0.connection) } ?? reading.connections,
      udpConnections: redactor.map { udpConnections.map($0.connection) } ?? udpConnections,
      hosts: hosts,
      lookups: redactor?.lookups(timeline.lookups) ?? timeline.lookups,
      kerberos: redactor == nil ? timeline.kerberosExchanges : [],
      captureEnd: timeline.last,
      witness: Witness(code: code, droppedPackets: dropped, otherEnd: otherEnd)
    )
    var report = CaptureReport(
      path: redactor?.path(path) ?? path,
      format: metadata.format,
      linkTypes: metadata.linkTypes.map(\.name),
      packets: metadata.packets,
      bytes: metadata.bytes,
      start: metadata.start,
      end: metadata.end,
      warnings: warnings,
      diagnosis: diagnosis,
      hosts: hosts,
      answer: code.map(diagnosis.answer)
    )
    report.events = reading.events
    return report
  }

  /// The warnings without the capture's path and without the words of the user's own filter.
  private func redact(
    _ warnings: [CaptureReport.Warning],
    _ path: String,
    _ redactor: Redactor
  ) -> [CaptureReport.Warning] {
    warnings.map { warning in
      CaptureReport.Warning(
        code: warning.code,
        message: warning.code == "filter_does_not_fit"
          ? "the filter does not fit an interface"
          : warning.message.replacing(path, with: redactor.path(path)),
        frame: warning.frame
      )
    }
  }

  /// Packets that the capturing host says it lost.
  static func dropped(_ metadata: CaptureMetadata) -> Int {
    metadata.interfaces.compactMap(\.dropped).reduce(0) {
      $0.addingReportingOverflow($1).partialValue
    }
  }

  private func limitWarnings(_ timeline: CaptureTimeline) -> [CaptureReport.Warning] {
    var warnings: [CaptureReport.Warning] = []
    if timeline.unlistedCount > 0 {
      warnings.append(
        CaptureReport.Warning(
          code: "connections_not_listed",
          message: "\(timeline.unlistedCount) connections were counted, not listed: the list holds "
            + "\(CaptureTimeline.maximumConnections), of them "
            + "\(CaptureTimeline.maximumConnectionsWithoutOctets) without a single octet",
          frame: nil
        )
      )
    }
    if timeline.unlistedUDPCount > 0 {
      warnings.append(
        CaptureReport.Warning(
          code: "udp_connections_not_listed",
          message: "\(timeline.unlistedUDPCount) RDP-UDP connections were counted, not listed",
          frame: nil
        )
      )
    }
    if timeline.flows.foldedCount > 0 {
      warnings.append(
        CaptureReport.Warning(
          code: "flows_folded",
          message: "\(timeline.flows.foldedCount) conversations were forgotten at the limit of "
            + "\(FlowTable.maximumFlows); stream numbers may differ from Wireshark's",
          frame: nil
        )
      )
    }
    if timeline.hosts.unheldCount > 0 {
      warnings.append(
        CaptureReport.Warning(
          code: "hosts_not_held",
          message: "\(timeline.hosts.unheldCount) times an address was met beyond the "
            + "\(HostTable.maximumHosts) whose activity is noted",
          frame: nil
        )
      )
    }
    if timeline.lookups.isIncomplete {
      warnings.append(
        CaptureReport.Warning(
          code: "lookups_not_held",
          message: "more than \(Lookups.maximumLookups) names and neighbours were asked for: what "
            + "came of them is not judged",
          frame: nil
        )
      )
    }
    if timeline.early.lostCount > 0 {
      warnings.append(
        CaptureReport.Warning(
          code: "handshakes_forgotten",
          message: "\(timeline.early.lostCount) connections on unlisted ports showed their first "
            + "octets only after \(EarlySegments.capacity) other segments without octets; their "
            + "TCP handshakes were forgotten",
          frame: nil
        )
      )
    }
    return warnings
  }
}
