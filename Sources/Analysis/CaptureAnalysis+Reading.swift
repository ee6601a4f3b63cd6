package import Capture
import Decryption
import Reports
import Streams
import Timeline

extension CaptureAnalysis {
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
    progress: @escaping (Int) -> Void = { _ in }
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
    progress: @escaping (Int) -> Void
  ) throws(CaptureError) -> Reading {
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
    let intake = PacketIntake(
      timeline: CaptureTimeline(
        ports: ports,
        keys: keys,
        log: log,
        logs: events,
        tap: tap,
        beside: beside
      ),
      onProgress: { progress(source.metadata.bytes) }
    )
    try source.forEach { intake.take($0, $1) }
    let connections = intake.finish()
    return Reading(
      metadata: source.metadata,
      timeline: intake.timeline,
      connections: connections,
      events: events,
      hasLateSecrets: hasLateSecrets,
      problems: intake.warnings
    )
  }
}
