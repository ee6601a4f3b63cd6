package import Capture
import Diagnosis
import Packets
package import Reports
import Streams
import Timeline
import Wire

/// The whole path: a source of packets in, what was found out.
package struct CaptureAnalysis {
  /// The ports that are followed unless others are named.
  package static let defaultPorts: Set<UInt16> = [3389]
  /// Packets between two calls of `progress`: rare enough to cost nothing.
  package static let progressInterval = 1 << 16
  /// Packets with malformed headers that are named one by one; the rest are counted.
  static let maximumPacketWarnings = 16

  private let ports: Set<UInt16>

  /// Creates an analysis.
  ///
  /// - Parameter ports: Server ports that are followed even without a beginning.
  package init(ports: Set<UInt16>) { self.ports = ports }

  /// Reads a source to its end and judges what it holds.
  ///
  /// - Parameters:
  ///   - source: Where the packets come from.
  ///   - path: The name that the report gives the capture.
  ///   - progress: Called now and then with the octets read so far.
  /// - Returns: What was found in the capture.
  /// - Throws: ``CaptureError`` when the source itself fails; a capture that breaks off is
  ///   reported up to there.
  package func run(
    _ source: any PacketSource,
    path: String,
    progress: (Int) -> Void = { _ in }
  ) throws(CaptureError) -> CaptureReport {
    var decoder = PacketDecoder()
    var packet = Packet()
    var timeline = CaptureTimeline(ports: ports)
    var problems: [CaptureReport.Warning] = []
    var problemCount = 0
    while try source.advance() {
      let record = source.record
      let moment = Moment(frame: record.frame, time: record.timestamp)
      source.withBytes { bytes in
        decoder.decode(
          bytes,
          linkType: record.linkType,
          originalLength: record.originalLength,
          timestamp: record.timestamp,
          into: &packet
        ) { packet, octets in
          timeline.observe(packet, in: octets, at: moment)
        }
      }
      if let problem = packet.problem {
        problemCount += 1
        if problems.count < Self.maximumPacketWarnings {
          problems.append(
            CaptureReport.Warning(
              code: "malformed_packet",
              message: problem.decodeError.description,
              frame: record.frame
            )
          )
        }
      }
      if record.frame % Self.progressInterval == 0 { progress(source.metadata.bytes) }
    }
    if problems.count < problemCount {
      problems.append(
        CaptureReport.Warning(
          code: "malformed_packets",
          message: "\(problemCount) packets are malformed",
          frame: nil
        )
      )
    }
    return report(source.metadata, path: path, timeline: timeline, problems: problems)
  }

  private func report(
    _ metadata: CaptureMetadata,
    path: String,
    timeline: CaptureTimeline,
    problems: [CaptureReport.Warning]
  ) -> CaptureReport {
    var warnings = metadata.warnings.map {
      CaptureReport.Warning(code: $0.code, message: $0.message, frame: $0.frame)
    }
    warnings += problems
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
    let dropped = metadata.interfaces.compactMap(\.dropped).reduce(0) {
      $0.addingReportingOverflow($1).partialValue
    }
    if dropped > 0 {
      warnings.append(
        CaptureReport.Warning(
          code: "packets_dropped",
          message: "the capturing host dropped \(dropped) packets",
          frame: nil
        )
      )
    }
    return CaptureReport(
      path: path,
      format: metadata.format,
      linkTypes: metadata.linkTypes.map(\.name),
      packets: metadata.packets,
      bytes: metadata.bytes,
      start: metadata.start,
      end: metadata.end,
      warnings: warnings,
      diagnosis: Diagnosis(
        timeline.finish(),
        hosts: timeline.hosts,
        lookups: timeline.lookups,
        captureEnd: timeline.last
      ),
      hosts: timeline.hosts
    )
  }

  private func limitWarnings(_ timeline: CaptureTimeline) -> [CaptureReport.Warning] {
    var warnings: [CaptureReport.Warning] = []
    if timeline.unlistedCount > 0 {
      warnings.append(
        CaptureReport.Warning(
          code: "connections_not_listed",
          message: "\(timeline.unlistedCount) connections beyond the first "
            + "\(CaptureTimeline.maximumConnections) were counted, not listed",
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
