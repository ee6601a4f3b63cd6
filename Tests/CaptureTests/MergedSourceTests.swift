import Testing
import Wire

@testable import Capture

@Suite struct MergedSourceTests {
  /// A pcapng whose packets hold their time, with a comment on each and a cut end.
  static func part(_ seconds: [UInt8], linkType: UInt16 = 1) -> [UInt8] {
    var writer = CaptureWriter()
    writer.section()
    writer.interface(linkType: linkType)
    for second in seconds {
      writer.packet(
        [second],
        ticks: UInt64(second) * 1_000_000,
        options: writer.option(1, [0x30 + second])
      )
    }
    return writer.bytes
  }

  @Test func packetsComeInTimeOrderAndAreCountedThrough() throws {
    let scratch = try Scratch()
    let sources = try [
      CaptureFile.open(scratch.file(Self.part([1, 4, 5]), "a"), filter: nil),
      CaptureFile.open(scratch.file(Self.part([]), "b"), filter: nil),
      CaptureFile.open(scratch.file(Self.part([0, 2, 4, 9], linkType: 101), "c"), filter: nil),
    ]
    let merged = try MergedSource(sources)
    merged.withBytes { #expect($0.count == 0) }
    let reading = try Reading(merged)
    #expect(reading.packets == [[0], [1], [2], [4], [4], [5], [9]])
    #expect(reading.records.map(\.frame) == Array(1...7))
    #expect(
      reading.records.map(\.linkType)
        == [.raw, .ethernet, .raw, .ethernet, .raw, .ethernet, .raw]
    )
    let metadata = reading.metadata
    #expect(
      reading.records.map { metadata.interfaces[$0.interface].linkType }
        == reading.records.map(\.linkType)
    )
    #expect(metadata.interfaces.count == 3)
    #expect(metadata.format == "pcapng")
    #expect(metadata.packets == 7)
    #expect(metadata.start?.nanoseconds == 0)
    #expect(metadata.end?.nanoseconds == 9_000_000_000)
    #expect(metadata.comments.map(\.frame) == [1, 2, 3, 4, 5, 6, 7])
    #expect(metadata.comments.map(\.text) == ["0", "1", "2", "4", "4", "5", "9"])
  }

  @Test func heldBackPacketsCountAndWarningsKeepTheirPlace() throws {
    let scratch = try Scratch()
    var first = CaptureWriter()
    first.pcapHeader()
    for (index, port) in [80, 3389, 80, 3389].enumerated() {
      first.pcapPacket(ethernetTCP(port: UInt16(port)), seconds: UInt32(index))
    }
    var second = CaptureWriter()
    second.pcapHeader()
    second.pcapPacket(ethernetTCP(port: 3389), seconds: 2)
    second.bytes += [1, 2, 3]
    let merged = try MergedSource([
      CaptureFile.open(scratch.file(first.bytes, "a"), filter: "port 3389"),
      CaptureFile.open(scratch.file(second.bytes, "b"), filter: "port 3389"),
    ])
    let reading = try Reading(merged)
    #expect(reading.records.map(\.frame) == [2, 3, 5])
    #expect(reading.metadata.packets == 5)
    #expect(reading.codes == ["capture_truncated"])
    #expect(reading.metadata.warnings.map(\.frame) == [4])
  }

  @Test func noSourcesAreNoPackets() throws {
    let reading = try Reading(MergedSource([]))
    #expect(reading.records.isEmpty)
    #expect(reading.metadata.format == "")
  }
}
