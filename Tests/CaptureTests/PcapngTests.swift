import Testing
import Wire

@testable import Capture

@Suite struct PcapngTests {
  @Test func interfaceTooShortForItsFieldsKeepsItsNumber() throws {
    var writer = CaptureWriter()
    writer.section()
    writer.interface()
    writer.packet([1])
    writer.block(1, [0, 0, 0, 0])
    writer.interface(linkType: 101)
    writer.packet([2], interface: 1)
    writer.packet([3], interface: 2)
    let reading = try Reading(writer.bytes)
    #expect(reading.packets == [[1], [3]])
    #expect(reading.records.map(\.frame) == [1, 3])
    #expect(reading.records.last?.linkType == .raw)
    #expect(reading.records.last?.interface == 1)
    #expect(reading.codes == ["block_skipped", "packet_skipped"])
  }

  @Test(arguments: [ByteOrder.little, .big])
  func everyKindOfBlockIsRead(_ order: ByteOrder) throws {
    let reading = try Reading(Self.sample(order).bytes)
    #expect(reading.packets == [[1, 2, 3, 4, 5], [6, 7], [8, 9, 10]])
    #expect(reading.records.map(\.frame) == [1, 2, 3])
    #expect(reading.records.map(\.interface) == [1, 0, 1])
    #expect(reading.records.map(\.originalLength) == [60, 9, 3])
    #expect(reading.records.map(\.linkType) == [.raw, .ethernet, .raw])
    #expect(
      reading.records.map(\.timestamp.nanoseconds) == [3_000_000_005, 3_000_000_005, 4_000_000_000]
    )
    let metadata = reading.metadata
    #expect(metadata.format == "pcapng")
    #expect(metadata.linkTypes == [.ethernet, .raw])
    #expect(metadata.interfaces.map(\.name) == ["eth0", nil])
    #expect(metadata.interfaces.map(\.description) == ["the wire", nil])
    #expect(metadata.interfaces.map(\.snapLength) == [2, 0])
    #expect(metadata.interfaces.map(\.received) == [100, nil])
    #expect(metadata.interfaces.map(\.dropped) == [12, nil])
    #expect(metadata.comments.map(\.frame) == [nil, 1])
    #expect(metadata.comments.map(\.text) == ["section", "packet"])
    #expect(
      metadata.names == [
        CaptureName(address: "10.0.0.1", name: "one"),
        CaptureName(address: "10.0.0.1", name: "uno"),
        CaptureName(address: "::1", name: "self"),
      ]
    )
    #expect(
      metadata.secrets == [
        DecryptionSecrets(type: 0x544c_534b, bytes: [1, 2, 3], beforeFrame: 2)
      ]
    )
    #expect(metadata.warnings.isEmpty)
    #expect(metadata.packets == 3)
    #expect(metadata.bytes == 72)
  }

  @Test func everyPrefixGivesTheWholePacketsAndSaysThatItWasCut() throws {
    let writer = Self.sample(.big)
    let whole = try Reading(writer.bytes)
    var boundaries = 0
    for count in 4..<writer.bytes.count {
      let reading = try Reading(Array(writer.bytes.prefix(count)))
      #expect(reading.packets == Array(whole.packets.prefix(reading.packets.count)))
      #expect(reading.codes.isEmpty || reading.codes == ["capture_truncated"])
      if reading.codes.isEmpty { boundaries += 1 }
    }
    #expect(boundaries == 10)  // Of the sample's eleven blocks, the end of the last is the whole.
  }

  @Test func everyFlippedBitIsSurvived() throws {
    let scratch = try Scratch()
    let sample = Self.sample(.little).bytes
    for index in sample.indices {
      for value: UInt8 in [0x01, 0x80, 0xff] {
        var bytes = sample
        bytes[index] ^= value
        let path = try scratch.file(bytes)
        guard let reading = try? Reading(path: path, filter: "ip or len > 0") else { continue }
        #expect(reading.records.count <= 3)
      }
    }
  }

  struct Resolution: Sendable {
    let resolution: UInt8
    let ticks: UInt64
    var offset: Int64 = 0
    let nanoseconds: Int64
  }

  @Test(arguments: [
    Resolution(resolution: 6, ticks: 1_500_000, nanoseconds: 1_500_000_000),
    Resolution(resolution: 0, ticks: 3, nanoseconds: 3_000_000_000),
    Resolution(resolution: 3, ticks: 1500, nanoseconds: 1_500_000_000),
    Resolution(resolution: 9, ticks: 1_500_000_007, nanoseconds: 1_500_000_007),
    Resolution(resolution: 12, ticks: 1_500_000_007_999, nanoseconds: 1_500_000_007),
    Resolution(resolution: 127, ticks: .max, nanoseconds: 0),
    Resolution(resolution: 0x80, ticks: 3, nanoseconds: 3_000_000_000),
    Resolution(resolution: 0x80 | 10, ticks: 1536, nanoseconds: 1_500_000_000),
    Resolution(resolution: 0x80 | 32, ticks: 0x1_8000_0000, nanoseconds: 1_500_000_000),
    Resolution(resolution: 0xff, ticks: .max, nanoseconds: 0),
    Resolution(resolution: 6, ticks: 5, offset: 2, nanoseconds: 2_000_005_000),
    Resolution(resolution: 6, ticks: 5, offset: -2, nanoseconds: -1_999_995_000),
    Resolution(resolution: 0, ticks: .max, nanoseconds: .max),
    Resolution(resolution: 6, ticks: .max, offset: .max, nanoseconds: .max),
    Resolution(resolution: 6, ticks: 0, offset: .min, nanoseconds: .min),
  ])
  func everyResolutionGivesNanoseconds(_ sample: Resolution) throws {
    var writer = CaptureWriter()
    writer.section()
    writer.interface(
      options: writer.option(9, [sample.resolution])
        + writer.option(14, writer.field(sample.offset))
    )
    writer.packet([1], ticks: sample.ticks)
    let reading = try Reading(writer.bytes)
    #expect(reading.records.map(\.timestamp.nanoseconds) == [sample.nanoseconds])
  }

  @Test func sectionsHaveTheirOwnByteOrderAndInterfaces() throws {
    var writer = CaptureWriter(order: .little)
    writer.section()
    writer.interface(linkType: 1)
    writer.interface(linkType: 113)
    writer.packet([1], interface: 1)
    writer.order = .big
    writer.section()
    writer.interface(linkType: 276, options: writer.option(9, [9]))
    writer.packet([2])
    writer.packet([3], interface: 1)  // Of the first section only.
    writer.packet([4])
    let reading = try Reading(writer.bytes)
    #expect(reading.packets == [[1], [2], [4]])
    #expect(reading.records.map(\.frame) == [1, 2, 4])
    #expect(reading.records.map(\.interface) == [1, 2, 2])
    #expect(reading.metadata.linkTypes == [.ethernet, .linuxSLL, .linuxSLL2])
    #expect(reading.codes == ["packet_skipped"])
    #expect(reading.metadata.warnings.map(\.frame) == [3])
  }

  @Test(arguments: [0, 4, 8, 13, 0x7fff_fffc, 0xffff_fffc, 0xffff_ffff, 40] as [UInt32])
  func hostileBlockLengthEndsThePackets(_ length: UInt32) throws {
    var writer = CaptureWriter()
    writer.section()
    writer.interface()
    writer.packet([1])
    let offset = writer.bytes.count
    writer.block(0x99, [1, 2, 3, 4], claimed: length)
    for _ in 0..<4 { writer.packet([2]) }
    let reading = try Reading(writer.bytes)
    #expect(reading.packets == [[1]])
    #expect(reading.codes == ["capture_broken"])
    #expect(reading.metadata.warnings.first?.message.contains("byte \(offset)") == true)
  }

  @Test(arguments: [6, 2] as [UInt32])
  func lyingCapturedLengthCostsOnePacket(_ type: UInt32) throws {
    for claimed: UInt32 in [5, 0x7fff_ffff, 0xffff_ffff] {
      var writer = CaptureWriter()
      writer.section()
      writer.interface()
      let fields: [UInt8] = [UInt8](repeating: 0, count: 12) + writer.field(claimed)
      writer.block(type, fields + [9, 0, 0, 0] + [1, 2, 3, 4])
      writer.packet([2])
      let reading = try Reading(writer.bytes)
      #expect(reading.packets == [[2]])
      #expect(reading.records.map(\.frame) == [2])
      #expect(reading.codes == ["packet_skipped"])
    }
  }

  @Test(arguments: [1, 2, 3, 4, 5, 6, 10, 0x8000_0001] as [UInt32])
  func shortBlocksOfEveryTypeAreSkipped(_ type: UInt32) throws {
    var writer = CaptureWriter()
    writer.section()
    writer.interface()
    for size in stride(from: 0, to: 24, by: 4) {
      writer.block(type, [UInt8](repeating: 0xff, count: size))
    }
    writer.packet([7, 7, 7])
    let reading = try Reading(writer.bytes)
    #expect(reading.packets.last == [7, 7, 7])
    #expect(!reading.codes.contains("capture_broken"))
  }

  @Test func eachLinkTypeHasItsFilter() throws {
    var writer = CaptureWriter()
    writer.section()
    writer.interface(linkType: 1)
    writer.interface(linkType: 101)
    writer.packet(ethernetTCP(port: 3389))
    writer.packet(ipv4TCP(port: 3389), interface: 1)
    writer.packet(ethernetTCP(port: 80))
    writer.packet(ipv4TCP(port: 80), interface: 1)
    writer.packet(ethernetTCP(port: 3389))
    let reading = try Reading(writer.bytes, filter: "tcp dst port 3389")
    #expect(reading.records.map(\.frame) == [1, 2, 5])
  }

  @Test func filterThatDoesNotFitALaterInterfaceIsAWarning() throws {
    var writer = CaptureWriter()
    writer.section()
    writer.interface(linkType: 1)
    writer.interface(linkType: 101)
    writer.packet(ethernetTCP(port: 80))
    writer.packet(ipv4TCP(port: 80), interface: 1)
    let reading = try Reading(writer.bytes, filter: "ether src 02:02:02:02:02:02")
    #expect(reading.records.map(\.frame) == [1])
    #expect(reading.codes == ["filter_does_not_fit"])
  }

  @Test func packetsLargerThanTheWindowAreWhole() throws {
    var writer = CaptureWriter()
    writer.section()
    writer.interface()
    let large = (0..<700_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    for _ in 0..<3 {
      writer.packet([1])
      writer.packet(large)
    }
    let reading = try Reading(writer.bytes)
    #expect(reading.packets == [[1], large, [1], large, [1], large])
  }

  @Test func notesAreBounded() throws {
    var writer = CaptureWriter()
    writer.section()
    writer.interface()
    let comment = writer.option(1, [UInt8](repeating: 0x61, count: 5000))
    for _ in 0..<2000 { writer.packet([1], options: comment) }
    for _ in 0..<500 { writer.packet([1], interface: 9) }
    let metadata = try Reading(writer.bytes).metadata
    #expect(metadata.comments.count == CaptureLimits.allTextBytes / CaptureLimits.textBytes)
    #expect(metadata.warnings.count == CaptureLimits.warnings)
    #expect(metadata.warnings.last?.code == "capture_warnings_folded")
  }

  /// Eleven blocks, one or more of every type.
  static func sample(_ order: ByteOrder) -> CaptureWriter {
    var writer = CaptureWriter(order: order)
    writer.section(options: writer.option(1, Array("section".utf8)) + writer.option(0, []))
    writer.interface(
      linkType: 1,
      snapLength: 2,
      options: writer.option(2, Array("eth0".utf8)) + writer.option(3, Array("the wire".utf8))
    )
    writer.interface(linkType: 101, options: writer.option(9, [9]))
    writer.packet(
      [1, 2, 3, 4, 5],
      ticks: 3_000_000_005,
      interface: 1,
      original: 60,
      options: writer.option(1, Array("packet".utf8)) + writer.option(0, [])
    )
    writer.block(
      10,
      writer.field(UInt32(0x544c_534b)) + writer.field(UInt32(3)) + [1, 2, 3, 0]
    )
    writer.block(3, writer.field(UInt32(9)) + [6, 7, 0, 0])
    writer.block(
      2,
      writer.field(UInt16(1)) + writer.field(UInt16(0)) + writer.field(UInt32(0))
        + writer.field(UInt32(4_000_000_000)) + writer.field(UInt32(3)) + writer.field(UInt32(3))
        + [8, 9, 10, 0]
    )
    writer.block(
      4,
      writer.option(1, [10, 0, 0, 1] + Array("one\0uno\0".utf8))
        + writer.option(2, [UInt8](repeating: 0, count: 15) + [1] + Array("self\0".utf8))
        + writer.option(0, [])
    )
    writer.block(
      5,
      writer.field(UInt32(0)) + writer.field(UInt64(0))
        + writer.option(4, writer.field(UInt64(100))) + writer.option(5, writer.field(UInt64(10)))
        + writer.option(7, writer.field(UInt64(2))) + writer.option(0, [])
    )
    writer.block(0x0bad, [1, 2, 3, 4, 5, 6, 7, 8])
    writer.block(0x4000_0bad, [])
    return writer
  }
}

extension PcapngTests {
  /// Many windows, with blocks that straddle them in every way and one longer than several.
  @Test(arguments: [0, 1, 40, 1 << 20])
  func largeFileReadsTheSameByWindows(_ missing: Int) throws {
    var writer = CaptureWriter()
    writer.section()
    writer.interface()
    var size = 1
    while writer.bytes.count < 5 << 20 {
      size = size * 7919 % 262_147
      let length = size % 7 == 0 ? size % 200_000 : size % 1500
      writer.packet([UInt8](repeating: UInt8(truncatingIfNeeded: size), count: length))
    }
    writer.block(0x0BAD, [UInt8](repeating: 1, count: 3 << 20))
    for length in [0, 70_000, 1] { writer.packet([UInt8](repeating: 9, count: length)) }
    let scratch = try Scratch()
    let path = try scratch.file(Array(writer.bytes.dropLast(missing)))
    let expected = try Reading(path: path)
    #expect(expected.packets.count > 100)
    try expectTheSameByWindows(CaptureFile.open(path, filter: nil), expected)
  }
}
