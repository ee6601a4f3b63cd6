import Analysis
import Capture
import Diagnosis
import Reports
import Streams
import Testing
import Wire

/// Scans and floods: many packets, one thing that happened.
@Suite struct ScanTests {
  /// SYNs of one scanner, each from another port or to another, made as they are read.
  private final class ScanSource: PacketSource {
    private let count: Int
    private let isAnswered: Bool
    private var index = -1
    private var bytes: [UInt8] = []
    private(set) var metadata = CaptureMetadata(format: "scan")
    private(set) var record: PacketRecord

    init(count: Int, isAnswered: Bool) {
      self.count = count
      self.isAnswered = isAnswered
      record = PacketRecord(
        timestamp: Timestamp(nanoseconds: 0),
        frame: 0,
        capturedLength: 54,
        originalLength: 54,
        linkType: LinkType(rawValue: 1),
        interface: 0
      )
    }

    func advance() -> Bool {
      index += 1
      let perProbe = isAnswered ? 3 : 1
      guard index < count * perProbe else { return false }
      let probe = index / perProbe
      let step = index % perProbe
      // One port after the other; then the same again with new numbers.
      let port = UInt16(1024 + probe % 64_000)
      let sequence = UInt32(truncatingIfNeeded: 1_000 + probe / 64_000 * 5_000_000)
      bytes = Self.segment(port: port, sequence: sequence, step: step)
      record.frame = index + 1
      record.timestamp = Timestamp(nanoseconds: 1_700_000_000_000_000_000 + Int64(index) * 20_000)
      metadata.packets += 1
      return true
    }

    func withBytes(_ body: (Span<UInt8>) -> Void) {
      let bytes = bytes
      body(bytes.span)
    }

    private static func segment(port: UInt16, sequence: UInt32, step: Int) -> [UInt8] {
      let scanner: [UInt8] = [203, 0, 113, 9]
      let target: [UInt8] = [192, 0, 2, 20]
      let isAnswer = step == 1
      var frame =
        [UInt8](repeating: 2, count: 12) + [8, 0, 0x45, 0, 0, 40, 0, 1, 0, 0, 64, 6, 0, 0]
      frame += isAnswer ? target + scanner : scanner + target
      let ports = isAnswer ? (3389, port) : (port, 3389)
      frame += PacketForge.big(ports.0) + PacketForge.big(ports.1)
      frame += PacketForge.big(isAnswer ? 77_000 : step == 2 ? sequence &+ 1 : sequence)
      frame += PacketForge.big(isAnswer ? sequence &+ 1 : 0 as UInt32)
      frame += [0x50, isAnswer ? 0x12 : step == 2 ? 0x04 : 0x02, 4, 0, 0, 0, 0, 0]
      return frame
    }
  }

  /// No system asks for a connection and ends it in one segment.
  @Test func synWithFINIsAScan() throws {
    var forge = PacketForge()
    forge.udp(from: .server, ports: (137, 137), [0])
    forge.segment(from: .client, [.syn, .fin])
    forge.udp(from: .server, ports: (137, 137), [0])
    let verdicts = try forge.list.analyse().diagnosis.attempts.map(\.verdict)
    #expect(verdicts.map(\.cause.family) == [.probe])
  }

  /// Half-open probes are one attempt, and it is no fault, be there a million of them.
  @Test(arguments: [(1_000_000, false), (100_000, true)])
  func probesAreOneAttempt(_ count: Int, _ isAnswered: Bool) throws {
    let report = try CaptureAnalysis(ports: CaptureAnalysis.defaultPorts)
      .run(ScanSource(count: count, isAnswered: isAnswered), path: "scan")
    #expect(report.packets == count * (isAnswered ? 3 : 1))
    let attempts = report.diagnosis.attempts
    #expect(attempts.count == 1)
    #expect(attempts.allSatisfy { $0.verdict.cause.family == .probe })
    #expect(report.diagnosis.connections.count <= 4096)
    #expect(report.warnings.map(\.code).contains("connections_not_listed"))
    let text = TextReport(isColored: false).text(AnalysisReport(captures: [report]))
    #expect(text.split(separator: "\n").count < 60)
  }
}
