import Capture
import Packets
import Reports
import Streams
import Timeline
import Wire

/// Takes a capture's packets, one after another, into its timeline.
///
/// A class, so that a packet is handed to it with nothing but a reference.
final class PacketIntake {
  /// Packets with malformed headers that are named one by one; the rest are counted.
  static let maximumWarnings = 16

  private(set) var timeline: CaptureTimeline
  private var decoder = PacketDecoder()
  private let packet = Packet()
  private var problems: [CaptureReport.Warning] = []
  private var problemCount = 0
  private let onProgress: () -> Void

  /// Creates one that has taken nothing yet.
  ///
  /// - Parameters:
  ///   - timeline: Where the packets go.
  ///   - onProgress: Called after every ``CaptureAnalysis/progressInterval`` packets.
  init(timeline: CaptureTimeline, onProgress: @escaping () -> Void) {
    self.timeline = timeline
    self.onProgress = onProgress
  }

  /// Takes the next packet.
  func take(_ record: borrowing PacketRecord, _ bytes: Span<UInt8>) {
    if record.frame % CaptureAnalysis.progressInterval == 0 { onProgress() }
    let moment = Moment(frame: record.frame, time: record.timestamp)
    if record.linkType.isEthernet,
      timeline.observePlain(bytes, originalLength: record.originalLength, at: moment)
    {
      return
    }
    decode(record, bytes, at: moment)
  }

  /// Takes a packet that is not plain, or the first that tells something.
  ///
  /// Apart, so that a plain one pays nothing for it.
  @inline(never)
  private func decode(
    _ record: borrowing PacketRecord,
    _ bytes: Span<UInt8>,
    at moment: Moment
  ) {
    decoder.decode(
      bytes,
      linkType: record.linkType,
      originalLength: record.originalLength,
      timestamp: record.timestamp,
      into: packet
    ) {
      timeline.observe($0, in: $1, at: moment)
    }
    if let problem = packet.problem { note(problem, frame: record.frame) }
  }

  private func note(_ problem: PacketProblem, frame: Int) {
    problemCount += 1
    guard problems.count < Self.maximumWarnings else { return }
    problems.append(
      CaptureReport.Warning(
        code: "malformed_packet",
        message: problem.decodeError.description,
        frame: frame
      )
    )
  }

  /// Ends the timeline.
  ///
  /// - Returns: Its connections.
  func finish() -> [Connection] { timeline.finish() }

  /// What was malformed, and how much of it is not named.
  var warnings: [CaptureReport.Warning] {
    guard problems.count < problemCount else { return problems }
    return problems + [
      CaptureReport.Warning(
        code: "malformed_packets",
        message: "\(problemCount) packets are malformed",
        frame: nil
      )
    ]
  }
}
