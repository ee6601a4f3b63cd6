import Testing
import Wire

@testable import Capture

/// A copy with comments holds what the capture held.
@Suite struct AnnotatorTests {
  private func copy(_ bytes: [UInt8], _ comments: [Int: String]) throws -> [UInt8] {
    let scratch = try Scratch()
    let annotator = CaptureAnnotator(comments: comments, summary: "in short", application: "test")
    let path = try scratch.file(bytes)
    let copy = Collected()
    try annotator.copy(path) { copy.octets += $0 }
    return copy.octets
  }

  private final class Collected {
    var octets: [UInt8] = []
  }

  @Test(arguments: [ByteOrder.little, .big])
  func everyBlockIsKept(_ order: ByteOrder) throws {
    let sample = PcapngTests.sample(order).bytes
    let plain = try Reading(sample)
    let told = try Reading(copy(sample, [1: "the first", 3: "the last, of four octets more"]))
    #expect(told.packets == plain.packets)
    #expect(told.records == plain.records)
    #expect(told.codes == plain.codes)
    #expect(told.metadata.interfaces == plain.metadata.interfaces)
    #expect(told.metadata.names == plain.metadata.names)
    #expect(told.metadata.secrets == plain.metadata.secrets)
    #expect(!plain.metadata.secrets.isEmpty)
    let added = told.metadata.comments.filter { !plain.metadata.comments.contains($0) }
    #expect(
      added == [
        CaptureComment(frame: nil, text: "in short"),
        CaptureComment(frame: 1, text: "the first"),
        CaptureComment(frame: 3, text: "the last, of four octets more"),
      ]
    )
  }

  @Test(arguments: [ByteOrder.little, .big], [UInt32(0xa1b2_c3d4), 0xa1b2_3c4d])
  func aClassicCaptureSaysTheSame(_ order: ByteOrder, _ magic: UInt32) throws {
    var writer = CaptureWriter(order: order)
    writer.pcapHeader(magic: magic)
    writer.pcapPacket([1, 2, 3])
    writer.pcapPacket([4, 5])
    let plain = try Reading(writer.bytes)
    let told = try Reading(copy(writer.bytes, [2: "why"]))
    #expect(told.packets == plain.packets)
    #expect(told.records == plain.records)
    #expect(told.metadata.format == "pcapng")
    #expect(told.metadata.linkTypes == plain.metadata.linkTypes)
    #expect(told.metadata.comments.map(\.text) == ["in short", "why"])
  }

  @Test func aCaptureThatBreaksOffIsCopiedUpToThere() throws {
    let sample = PcapngTests.sample(.little).bytes
    for count in stride(from: 200, to: sample.count, by: 13) {
      let cut = Array(sample.prefix(count))
      guard let plain = try? Reading(cut) else { continue }
      let told = try Reading(copy(cut, [1: "the first"]))
      #expect(told.packets == plain.packets)
    }
  }

  @Test func aCommentIsNoLongerThanAnOptionCanBe() throws {
    var writer = CaptureWriter()
    writer.section()
    writer.interface()
    writer.packet([1])
    let told = try Reading(copy(writer.bytes, [1: String(repeating: "é", count: 100_000)]))
    let comment = try #require(told.metadata.comments.last)
    #expect(comment.frame == 1)
    #expect(comment.text.allSatisfy { $0 == "é" })
    #expect(told.codes.isEmpty)
  }
}
