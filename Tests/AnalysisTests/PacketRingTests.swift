import Capture
import Diagnosis
import Foundation
import Packets
import Reports
import Streams
import Testing
import Timeline
import Wire

@testable import Analysis

/// What the flight recorder has of a failure when it is to be written.
@Suite struct PacketRingTests {
  private static func record(_ octets: [UInt8], frame: Int, seconds: Double) -> PacketRecord {
    PacketRecord(
      timestamp: Timestamp(nanoseconds: Int64(seconds * 1e9)),
      frame: frame,
      capturedLength: octets.count,
      originalLength: octets.count,
      linkType: LinkType(rawValue: 1),
      interface: 0
    )
  }

  private static func end(_ host: UInt8, _ port: UInt16) throws -> Endpoint {
    Endpoint(address: try #require(IPAddress("192.0.2.\(host)")), port: port)
  }

  /// All packets that a ring has of a capture's one failed attempt, after `noise` octets of a busy
  /// session that follow it.
  private func held(_ name: String, noise: Int, byteCount: Int) throws -> (Int, of: Int, ring: Int)
  {
    let golden = try #require(GoldenCase.all.first { $0.testDescription == name })
    let source = try CaptureFile.open(golden.capture.path, filter: nil)
    var live = LiveAnalysis(ports: CaptureAnalysis.defaultPorts)
    live.classifies = true
    var ring = PacketRing(byteCount: byteCount)
    var last = Self.record([], frame: 0, seconds: 0)
    while try source.advance() {
      last = source.record
      source.withBytes { ring.keep(last, $0, live.take(last, $0)) }
    }
    let segment = PacketInterest.segment(
      try Self.end(1, 50_000),
      try Self.end(2, 3389),
      isOpening: false
    )
    let octets = [UInt8](repeating: 0, count: 1400)
    for number in 0..<noise / octets.count {
      var record = Self.record(octets, frame: last.frame + 1 + number, seconds: 0)
      record.timestamp = last.timestamp
      ring.keep(record, octets.span, segment)
    }
    let diagnosis = try analyse(golden.capture.path).diagnosis
    let attempt = try #require(diagnosis.attempts.first)
    var count = 0
    var frames: [Int] = []
    let members = diagnosis.connections.filter { attempt.streams.contains($0.connection.stream) }
    ring.forEach(in: RecordingScope(attempt, members)) { record, bytes in
      #expect(bytes.count == record.capturedLength)
      frames.append(record.frame)
      count += 1
    }
    #expect(frames == frames.sorted())
    return (count, last.frame, ring.byteCount)
  }

  @Test func anAttemptIsHeldWhole() throws {
    let found = try held("nla-required", noise: 0, byteCount: 16 << 20)
    #expect(found.0 == found.of)
  }

  @Test func aBusySessionDoesNotPushOutBeginnings() throws {
    let found = try held("nla-required", noise: 64 << 20, byteCount: 16 << 20)
    // Its segments are a beginning; the ARP around it was pushed out with the rest.
    #expect(10 <= found.0 && found.0 < found.of)
    #expect(found.ring <= 16 << 20)
  }

  @Test func ofActivityOnePacketASecondIsHeld() throws {
    var ring = PacketRing(byteCount: 16 << 20)
    let octets = [UInt8](repeating: 0, count: 500)
    let host = try #require(IPAddress("192.0.2.1"))
    for frame in 0..<100 {
      let record = Self.record(octets, frame: frame, seconds: Double(frame) / 10)
      ring.keep(record, octets.span, .activity(host))
    }
    #expect(ring.byteCount == 10 * PacketRing.activityByteCount)
  }
}
