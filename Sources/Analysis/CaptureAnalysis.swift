package import Capture
package import ChainValidation
package import Decryption
package import Diagnosis
import Packets
package import Redaction
package import Reports
import Streams
import TLSMessages
package import Timeline
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
  private let keys: KeyRing
  private let log: EventLog?
  private let redactor: Redactor?
  private let recordsEvents: Bool
  private let code: ClientCode?

  /// Creates an analysis.
  ///
  /// - Parameters:
  ///   - ports: Server ports that are followed even without a beginning.
  ///   - keys: What decrypts, besides the secrets embedded in the capture.
  ///   - log: Records the events of one connection; `nil` for none.
  ///   - redactor: Gives pseudonyms to what identifies; `nil` to say things as they are.
  ///   - recordsEvents: Whether the report has some events of every connection.
  ///   - code: What the user saw; `nil` when it is not known.
  package init(
    ports: Set<UInt16>,
    keys: KeyRing = KeyRing(),
    log: EventLog? = nil,
    redactor: Redactor? = nil,
    recordsEvents: Bool = false,
    code: ClientCode? = nil
  ) {
    self.ports = ports
    self.keys = keys
    self.log = log
    self.redactor = redactor
    self.recordsEvents = recordsEvents
    self.code = code
  }

  /// Reads a source to its end and judges what it holds, certificates by their own words alone.
  ///
  /// - Parameters:
  ///   - source: Where the packets come from.
  ///   - path: The name that the report gives the capture.
  ///   - again: Opens the source anew, where it can be read twice: secrets may come after the
  ///     packets that they serve.
  ///   - progress: Called now and then with the octets read so far.
  /// - Returns: What was found in the capture.
  /// - Throws: ``CaptureError`` when the source itself fails; a capture that breaks off is
  ///   reported up to there.
  package func run(
    _ source: any PacketSource,
    path: String,
    again: (() throws(CaptureError) -> any PacketSource)? = nil,
    progress: (Int) -> Void = { _ in }
  ) throws(CaptureError) -> CaptureReport {
    let reading = try read(source, again: again, progress: progress)
    return report(path: path, reading)
  }

  /// Reads a source to its end and judges what it holds, certificates by known roots.
  ///
  /// - Parameters:
  ///   - source: Where the packets come from.
  ///   - path: The name that the report gives the capture.
  ///   - validator: Follows the certificates to its roots.
  ///   - again: Opens the source anew, as without roots.
  ///   - progress: Called now and then with the octets read so far.
  /// - Returns: What was found in the capture.
  /// - Throws: ``CaptureError`` as without roots.
  package func run(
    _ source: any PacketSource,
    path: String,
    validator: inout ChainValidator,
    again: (() throws(CaptureError) -> any PacketSource)? = nil,
    progress: (Int) -> Void = { _ in }
  ) async throws(CaptureError) -> CaptureReport {
    await report(
      try read(source, again: again, progress: progress),
      path: path,
      validator: &validator
    )
  }

  /// Judges what a capture holds, certificates by known roots.
  ///
  /// - Parameters:
  ///   - reading: The capture.
  ///   - path: The name that the report gives it.
  ///   - validator: Follows the certificates to its roots.
  /// - Returns: What was found in the capture.
  package func report(
    _ reading: Reading,
    path: String,
    validator: inout ChainValidator
  ) async -> CaptureReport {
    for connection in reading.connections {
      await Self.validate(connection, reading.timeline.certificates, &validator)
    }
    return report(path: path, reading)
  }

  /// Reads two captures of the same connections and judges what they hold together.
  ///
  /// - Parameters:
  ///   - client: The capture taken near the client, with the name that the report gives it.
  ///   - server: The same near the server.
  ///   - validator: Follows the certificates to its roots.
  /// - Returns: A report on the two captures, and on what they show only together.
  /// - Throws: ``CaptureError`` when one of the sources fails.
  package func run(
    client: (source: any PacketSource, path: String),
    server: (source: any PacketSource, path: String),
    validator: inout ChainValidator
  ) async throws(CaptureError) -> AnalysisReport {
    var ends: [(reading: Reading, tap: SegmentTap)] = []
    for (source, _) in [client, server] {
      let tap = SegmentTap()
      let reading = try read(source, KeyRing(keys), tap: tap) { _ in }
      for connection in reading.connections {
        await Self.validate(connection, reading.timeline.certificates, &validator)
      }
      ends.append((reading, tap))
    }
    let captures = ends.map { end in
      TappedCapture(
        connections: end.reading.connections,
        tap: end.tap,
        hosts: end.reading.timeline.hosts,
        first: end.reading.timeline.first,
        last: end.reading.timeline.last,
        droppedPackets: Self.dropped(end.reading.metadata)
      )
    }
    let endToEnd = EndToEnd(client: captures[0], server: captures[1])
    let reports = [
      report(path: client.path, ends[0].reading, otherEnd: endToEnd.atClient),
      report(path: server.path, ends[1].reading, otherEnd: endToEnd.atServer),
    ]
    return AnalysisReport(captures: reports, endToEnd: endToEnd)
  }

  static func validate(
    _ connection: Connection,
    _ shelf: CertificateShelf,
    _ validator: inout ChainValidator
  ) async {
    let tls = connection.facts.tls
    guard let own = tls.certificates.first else { return }
    let chain = tls.certificates.compactMap { shelf.der(sha256: $0.sha256) }
    guard chain.count == tls.certificates.count else { return }
    let time = CalendarTime((tls.certificateMoment ?? connection.start).time)
    connection.validateCertificate(await validator.trust(chain, facts: own, at: time))
  }

  /// A capture, read to its end and not yet judged.
  package struct Reading {
    fileprivate let metadata: CaptureMetadata
    fileprivate let timeline: CaptureTimeline
    fileprivate let connections: [Connection]
    fileprivate let events: EventLogs?
    /// Whether secrets came after the first packet.
    fileprivate let hasLateSecrets: Bool
    fileprivate var problems: [CaptureReport.Warning]
  }

  /// Reads a capture, and once more where secrets turned up only after the packets that they serve.
  ///
  /// Several captures may be read at a time, each in a thread of its own.
  ///
  /// - Parameters:
  ///   - source: Where the packets come from.
  ///   - again: Opens the source anew, where it can be read twice.
  ///   - isAlone: Whether no other capture is read meanwhile: a second thread may help.
  ///   - progress: Called now and then with the octets read so far.
  /// - Returns: What it holds.
  /// - Throws: ``CaptureError`` when the source itself fails.
  package func read(
    _ source: any PacketSource,
    again: (() throws(CaptureError) -> any PacketSource)? = nil,
    isAlone: Bool = true,
    progress: (Int) -> Void = { _ in }
  ) throws(CaptureError) -> Reading {
    let keys = KeyRing(keys)
    var reading = try read(source, keys, isAlone: isAlone, progress: progress)
    guard reading.hasLateSecrets else { return reading }
    let late = reading.connections.filter { $0.isClosed(to: keys) }
    guard !late.isEmpty else { return reading }
    if let again {
      log?.removeAll()
      return try read(again(), keys, isAlone: isAlone, progress: progress)
    }
    reading.problems.append(.secretsTooLate(late.map(\.stream)))
    return reading
  }

  private func read(
    _ source: any PacketSource,
    _ keys: KeyRing,
    tap: SegmentTap? = nil,
    isAlone: Bool = true,
    progress: (Int) -> Void
  ) throws(CaptureError) -> Reading {
    var decoder = PacketDecoder()
    let packet = Packet()
    for secrets in source.metadata.secrets { keys.add(secrets) }
    let events = recordsEvents ? EventLogs() : nil
    let isUnobserved = keys.isEmpty && log == nil && events == nil && tap == nil
    let beside = isAlone && isUnobserved && source.keepsWindows ? FollowedTraffic() : nil
    if let beside { source.onWindowLeft = { beside.handOver() } }
    var hasLateSecrets = false
    source.onSecrets = {
      beside?.settleFromNowOn()
      keys.add($0)
      hasLateSecrets = hasLateSecrets || 1 < $0.beforeFrame
    }
    defer {
      source.onSecrets = nil
      source.onWindowLeft = nil
    }
    var timeline = CaptureTimeline(
      ports: ports,
      keys: keys,
      log: log,
      logs: events,
      tap: tap,
      beside: beside
    )
    var problems: [CaptureReport.Warning] = []
    var problemCount = 0
    try source.forEach { record, bytes in
      let moment = Moment(frame: record.frame, time: record.timestamp)
      decoder.decode(
        bytes,
        linkType: record.linkType,
        originalLength: record.originalLength,
        timestamp: record.timestamp,
        into: packet
      ) { packet, octets in
        timeline.observe(packet, in: octets, at: moment)
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
    let connections = timeline.finish()
    return Reading(
      metadata: source.metadata,
      timeline: timeline,
      connections: connections,
      events: events,
      hasLateSecrets: hasLateSecrets,
      problems: problems
    )
  }

  private func report(
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
  private static func dropped(_ metadata: CaptureMetadata) -> Int {
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
