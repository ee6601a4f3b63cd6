import Foundation
import Testing
import Wire

@testable import Capture

/// libpcap is the oracle: of every file both readers say the same.
@Suite struct PlainPcapTests {
  private static let captures: [String] = {
    let folder = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Captures").standardized
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    return (files?.compactMap { ($0 as? URL)?.path } ?? []).filter { $0.hasSuffix(".pcap") }
      .sorted()
  }()

  /// Reads the file with both readers, expects the same, and returns it; `nil` if it is not usual.
  private func compare(_ path: String) throws -> Reading? {
    let expected = try Reading(PcapSource(Input.open(path).input, filter: nil))
    guard let plain = try PlainPcapSource(Input.open(path).input, filter: nil) else { return nil }
    let found = try Reading(plain)
    #expect(found.records == expected.records)
    #expect(found.packets == expected.packets)
    #expect(found.metadata == expected.metadata)
    if let source = try PlainPcapSource(Input.open(path).input, filter: nil) {
      try expectTheSameByWindows(source, expected)
    }
    return expected
  }

  @Test func everyCaptureReadsAsWithLibpcap() throws {
    let readings = try Self.captures.compactMap { try compare($0) }
    #expect(readings.count >= 10)
    #expect(readings.allSatisfy { !$0.packets.isEmpty })
  }

  @Test func everyPrefixReadsAsWithLibpcap() throws {
    var writer = CaptureWriter()
    writer.pcapHeader()
    for size in [5, 0, 70] { writer.pcapPacket([UInt8](repeating: 7, count: size)) }
    let scratch = try Scratch()
    for count in 24...writer.bytes.count {
      let path = try scratch.file(Array(writer.bytes.prefix(count)))
      #expect(try compare(path) != nil)
    }
  }

  @Test(arguments: [262_144, 262_145, 0x7fff_ffff, 0xffff_ffff] as [UInt32])
  func hostileLengthReadsAsWithLibpcap(_ length: UInt32) throws {
    var writer = CaptureWriter()
    writer.pcapHeader()
    writer.pcapPacket([1])
    writer.pcapPacket([2], claimed: length)
    let scratch = try Scratch()
    let found = try #require(try compare(scratch.file(writer.bytes)))
    #expect(found.packets == [[1]])
    #expect(found.codes == [length == 262_144 ? "capture_truncated" : "capture_broken"])
  }

  /// Many blocks, with packets that straddle the blocks in every way.
  @Test func largeFileReadsAsWithLibpcap() throws {
    var writer = CaptureWriter()
    writer.pcapHeader(snapLength: 262_144)
    var size = 1
    while writer.bytes.count < 6 << 20 {
      size = size * 7919 % 262_147
      let length = size % 5 == 0 ? size % 262_145 : size % 1500
      writer.pcapPacket([UInt8](repeating: UInt8(truncatingIfNeeded: size), count: length))
    }
    let scratch = try Scratch()
    for missing in [0, 1, 20] {
      let path = try scratch.file(Array(writer.bytes.dropLast(missing)))
      let found = try #require(try compare(path))
      #expect(found.packets.count > 100)
    }
  }

  @Test func unusualFilesAreLeftToLibpcap() throws {
    for (order, linkType) in [(ByteOrder.big, UInt32(1)), (.little, 147)] {
      var writer = CaptureWriter(order: order)
      writer.pcapHeader(linkType: linkType)
      writer.pcapPacket([1])
      let scratch = try Scratch()
      #expect(try compare(scratch.file(writer.bytes)) == nil)
      #expect(try Reading(writer.bytes).packets == [[1]])
    }
  }
}
