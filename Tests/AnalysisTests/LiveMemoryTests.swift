import Analysis
import Capture
import ChainValidation
import Diagnosis
import Reports
import Streams
import Testing
import Timeline
import Wire

/// What live capture keeps does not grow with time.
@Suite struct LiveMemoryTests {
  /// A SYN from one address to a server on one cable, as Ethernet.
  private static func syn(from host: UInt32, port: UInt16) -> [UInt8] {
    var octets: [UInt8] = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x08, 0x00]
    octets += [0x45, 0, 0, 40, 0, 1, 0x40, 0, 64, 6, 0, 0]  // IPv4, 40 octets, TCP.
    octets += [10, UInt8(host >> 16 & 255), UInt8(host >> 8 & 255), UInt8(host & 255)]
    octets += [192, 0, 2, 20]
    octets += [UInt8(port >> 8), UInt8(port & 255), 0x0D, 0x3D]  // To port 3389.
    octets += [0, 0, 0, 1, 0, 0, 0, 0, 0x50, 0x02, 0xFF, 0xFF, 0, 0, 0, 0]
    return octets
  }

  private static func record(_ octets: [UInt8], frame: Int, seconds: Double) -> PacketRecord {
    PacketRecord(
      timestamp: Timestamp(nanoseconds: Int64((1_700_000_000 + seconds) * 1e9)),
      frame: frame,
      capturedLength: octets.count,
      originalLength: octets.count,
      linkType: LinkType(rawValue: 1),
      interface: 0
    )
  }

  private static func take(
    _ live: inout LiveAnalysis,
    host: UInt32,
    frame: Int,
    seconds: Double
  ) {
    let octets = syn(from: host, port: 40_000)
    live.take(record(octets, frame: frame, seconds: seconds), octets.span)
  }

  @Test func aFloodIsCountedAndForgotten() async {
    var live = LiveAnalysis(ports: [3389])
    var validator: ChainValidator?
    var verdicts = 0
    var folded = 0
    func count(_ events: [LiveEvent]) {
      for event in events {
        switch event {
        case .verdict: verdicts += 1
        case .folded(let counted): folded += counted.count
        default: break
        }
      }
    }
    for frame in 1...30_000 {
      // A hundred addresses a second.
      Self.take(&live, host: UInt32(frame), frame: frame, seconds: Double(frame) / 100)
      guard frame % 500 == 0 else { continue }
      count(await live.evaluate(at: live.now(idle: 0), validator: &validator))
    }
    #expect(live.timeline.connectionCount <= CaptureTimeline.maximumConnectionsWithoutOctets)
    #expect(verdicts < 3000)
    #expect(1000 < folded)
    count(await live.evaluate(at: live.now(idle: 1000), validator: &validator))
    count(await live.evaluate(at: live.now(idle: 2000), validator: &validator))
    #expect(live.timeline.connectionCount == 0)
    #expect(live.timeline.flows.flows.isEmpty)
    #expect(live.timeline.hosts.hosts.isEmpty)
  }

  @Test func aClockThatStepsBackIsSaidAndTimeGoesOn() async {
    var live = LiveAnalysis(ports: [3389])
    var validator: ChainValidator?
    Self.take(&live, host: 1, frame: 1, seconds: 5000)
    Self.take(&live, host: 1, frame: 2, seconds: 5001)
    Self.take(&live, host: 2, frame: 3, seconds: 1000)
    Self.take(&live, host: 2, frame: 4, seconds: 1003)
    let events = await live.evaluate(at: live.now(idle: 4), validator: &validator)
    let codes = events.compactMap { event -> String? in
      guard case .notice(let warning, _) = event else { return nil }
      return warning.code
    }
    #expect(codes == ["clock_stepped_back"])
    let judged = events.filter { if case .verdict = $0 { true } else { false } }
    #expect(judged.count == 2)
  }

  @Test func lossLowersTheConfidenceOfWhatItMayHaveTouched() async throws {
    var live = LiveAnalysis(ports: [3389])
    var validator: ChainValidator?
    for frame in 1...4 {
      Self.take(&live, host: 1, frame: frame, seconds: Double(1 << frame))
    }
    live.noteLoss(7, at: nil)
    let events = await live.evaluate(at: live.now(idle: 60), validator: &validator)
    let verdict = try #require(
      events.compactMap { event -> LiveVerdict? in
        guard case .verdict(let said) = event else { return nil }
        return said
      }.first
    )
    #expect(verdict.judged.verdict.confidence <= 0.85)
    #expect(verdict.judged.verdict.against.contains { $0.text.contains("dropped 7 packets") })
  }
}
