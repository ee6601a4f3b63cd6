package import Capture
import Decryption
import Packets
import Reports
import Streams
import Timeline
import Wire

extension CaptureAnalysis {
  /// Packets with malformed headers that are named one by one; the rest are counted.
  static let maximumPacketWarnings = 16

  /// A capture, read to its end and not yet judged.
  package struct Reading {
    let metadata: CaptureMetadata
    let timeline: CaptureTimeline
    let connections: [Connection]
    let events: EventLogs?
    /// Whether secrets came after the first packet.
    let hasLateSecrets: Bool
    var problems: [CaptureReport.Warning]
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

  /// Reads a capture once, with keys that may grow meanwhile.
  func read(
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
      if record.frame % Self.progressInterval == 0 { progress(source.metadata.bytes) }
      // By number: the static member of another module costs a call for each packet.
      if record.linkType.rawValue == 1,
        timeline.observePlain(bytes, originalLength: record.originalLength, at: moment)
      {
        return
      }
      decoder.decode(
        bytes,
        linkType: record.linkType,
        originalLength: record.originalLength,
        timestamp: record.timestamp,
        into: packet
      )
      // No closure between: it would be made for each packet that is not plain.
      if packet.isReassembled {
        timeline.observe(packet, in: decoder.datagram.span, at: moment)
      } else {
        timeline.observe(packet, in: bytes, at: moment)
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
}
