import Analysis
import Capture
import ChainValidation
import Diagnosis
import Foundation
import Reports
import Testing

/// Work in several threads says what work in one says, and a packet's short way what the long one says.
@Suite struct SideBySideTests {
  /// Many windows of the reader, and connections for both threads.
  private static let largeByteCount = 12 << 20

  /// Packets of the repository's captures, as classic pcap has them: header 16, octets.
  ///
  /// Every round has its own addresses.
  private static func packets() throws -> [[UInt8]] {
    let files = try GoldenCase.all.map { try $0.capture }.filter { $0.pathExtension == "pcap" }
    let contents = try files.map { try [UInt8](Data(contentsOf: $0)) }
      .filter { $0.starts(with: [0xD4, 0xC3, 0xB2, 0xA1]) && $0[20] == 1 }
    #expect(contents.count >= 10)
    var packets: [[UInt8]] = []
    var total = 0
    for round in 1...250 where total < largeByteCount {
      for content in contents {
        var offset = 24
        while offset + 16 <= content.count {
          let end = offset + 16 + Int(number(content, at: offset + 8))
          guard end <= content.count else { break }
          var packet = Array(content[offset..<end])
          // Ethernet and IPv4: the second octet of both addresses.
          if 50 <= packet.count, packet[28] == 8, packet[29] == 0 {
            packet[43] = UInt8(round)
            packet[47] = UInt8(round)
          }
          packets.append(packet)
          total += packet.count
          offset = end
        }
      }
    }
    return packets
  }

  private static func number(_ octets: [UInt8], at offset: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 | UInt32(octets[offset + $1]) << (8 * $1) }
  }

  private static func octets(_ number: Int) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }

  private static func pcap(_ packets: [[UInt8]]) -> [UInt8] {
    let header: [UInt8] = [0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    return header + octets(262_144) + octets(1) + packets.joined()
  }

  /// The same in a VLAN: no packet of them is plain.
  private static func tagged(_ packets: [[UInt8]]) -> [[UInt8]] {
    packets.map { packet in
      // Header: times 8, captured length 4, original length 4; link: addresses 12, type 2.
      guard 30 <= packet.count else { return packet }
      let lengths = octets(Int(number(packet, at: 8)) + 4) + octets(Int(number(packet, at: 12)) + 4)
      return packet[..<8] + lengths + packet[16..<28] + [0x81, 0, 0, 5] + packet[28...]
    }
  }

  /// The same as pcapng, with blocks in between that are longer than any packet.
  private static func pcapng(_ packets: [[UInt8]]) -> [UInt8] {
    var text = block(0x0A0D_0D0A, octets(0x1A2B_3C4D) + [1, 0, 0, 0] + octets(-1) + octets(-1))
    text += block(1, [1, 0, 0, 0] + octets(0))
    for (index, packet) in packets.enumerated() {
      let time =
        UInt64(number(packet, at: 0)) * 1_000_000 + UInt64(number(packet, at: 4))
      text += block(
        6,
        octets(0) + octets(Int(time >> 32)) + octets(Int(time & 0xFFFF_FFFF)) + packet[8...]
      )
      if index % 20_000 == 10_000 {
        text += block(0x0BAD, [UInt8](repeating: 7, count: 3 << 20))
      }
    }
    return text
  }

  private static func block(_ type: Int, _ body: [UInt8]) -> [UInt8] {
    let padding = [UInt8](repeating: 0, count: -body.count & 3)
    let length = octets(12 + body.count + padding.count)
    return octets(type) + length + body + padding + length
  }

  private func report(_ content: [UInt8], isAlone: Bool) async throws -> [UInt8] {
    let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(content).write(to: file)
    let analysis = CaptureAnalysis(ports: CaptureAnalysis.defaultPorts)
    let reading = try analysis.read(
      CaptureFile.open(file.path, filter: nil),
      isAlone: isAlone
    )
    var validator = ChainValidator(name: "none") { nil }
    let report = await analysis.report(reading, path: "capture", validator: &validator)
    #expect(report.diagnosis.connections.count > 100)
    #expect(report.warnings.allSatisfy { $0.code != "capture_broken" })
    return JSONReport.text(AnalysisReport(captures: [report]), version: "test")
  }

  @Test(arguments: ["pcap", "pcapng"])
  func aReportDoesNotDependOnThreads(_ format: String) async throws {
    let packets = try Self.packets()
    let content = format == "pcap" ? Self.pcap(packets) : Self.pcapng(packets)
    let alone = try await report(content, isAlone: false)
    for _ in 0..<3 { #expect(try await report(content, isAlone: true) == alone) }
  }
  @Test func aReportDoesNotDependOnTheWayOfAPacket() async throws {
    let packets = try Self.packets()
    var lines: [[Substring]] = []
    for way in [packets, Self.tagged(packets)] {
      let report = try await report(Self.pcap(way), isAlone: true)
      // But for the capture's own octets.
      lines.append(
        String(decoding: report, as: UTF8.self).split(separator: "\n")
          .filter { $0.prefixMatch(of: /\ {6}"bytes": \d/) == nil }
      )
    }
    #expect(lines[0].count > 1000)
    let isSame = lines[0] == lines[1]
    #expect(isSame)
  }
}
