import Testing
import Wire

@testable import Capture

@Suite struct PcapTests {
  struct Variant: Sendable {
    let order: ByteOrder
    let magic: UInt32
    let nanoseconds: Int64
  }

  @Test(arguments: [
    Variant(order: .little, magic: 0xa1b2_c3d4, nanoseconds: 7_000_123_000),
    Variant(order: .big, magic: 0xa1b2_c3d4, nanoseconds: 7_000_123_000),
    Variant(order: .little, magic: 0xa1b2_3c4d, nanoseconds: 7_000_000_123),
    Variant(order: .big, magic: 0xa1b2_3c4d, nanoseconds: 7_000_000_123),
  ])
  func everyVariantGivesTheSamePackets(_ variant: Variant) throws {
    var writer = CaptureWriter(order: variant.order)
    writer.pcapHeader(magic: variant.magic, linkType: 101, snapLength: 96)
    writer.pcapPacket([1, 2, 3], seconds: 7, fraction: 123, original: 60)
    writer.pcapPacket([], seconds: 6)
    let reading = try Reading(writer.bytes)
    #expect(reading.packets == [[1, 2, 3], []])
    #expect(
      reading.records.first
        == PacketRecord(
          timestamp: Timestamp(nanoseconds: variant.nanoseconds),
          frame: 1,
          capturedLength: 3,
          originalLength: 60,
          linkType: .raw,
          interface: 0
        )
    )
    let metadata = reading.metadata
    #expect(metadata.format == "pcap")
    #expect(metadata.linkTypes == [.raw])
    #expect(metadata.interfaces.map(\.snapLength) == [96])
    #expect(metadata.packets == 2)
    #expect(metadata.bytes == 60)
    #expect(metadata.start?.nanoseconds == 6_000_000_000)
    #expect(metadata.end?.nanoseconds == variant.nanoseconds)
    #expect(metadata.warnings.isEmpty)
  }

  @Test func timesAfter2038AreUnsigned() throws {
    var writer = CaptureWriter()
    writer.pcapHeader()
    writer.pcapPacket([1], seconds: 0xffff_ffff)
    #expect(
      try Reading(writer.bytes).records.first?.timestamp.nanoseconds == 4_294_967_295_000_000_000
    )
  }

  @Test func everyPrefixGivesTheWholePacketsAndSaysWhereItWasCut() throws {
    var writer = CaptureWriter()
    writer.pcapHeader()
    var ends = [writer.bytes.count]
    for size in [5, 0, 9] {
      writer.pcapPacket([UInt8](repeating: 1, count: size))
      ends.append(writer.bytes.count)
    }
    for count in 0...writer.bytes.count {
      let prefix = Array(writer.bytes.prefix(count))
      if count < 4 {
        let error = try #require(throws: CaptureError.self) { try Reading(prefix) }
        #expect(error.kind == .notACapture)
        continue
      }
      let reading = try Reading(prefix)
      let whole = ends.filter { $0 <= count }
      #expect(reading.records.count == max(0, whole.count - 1))
      #expect(reading.codes == (ends.contains(count) ? [] : ["capture_truncated"]))
      if let last = whole.last, last < count {
        let message = try #require(reading.metadata.warnings.first?.message)
        #expect(message.contains("byte \(last), frame \(whole.count)"))
      }
    }
  }

  @Test(arguments: [0x7fff_ffff, 0xffff_ffff, 300_000] as [UInt32])
  func hostileLengthEndsThePackets(_ length: UInt32) throws {
    var writer = CaptureWriter()
    writer.pcapHeader()
    writer.pcapPacket([1])
    writer.pcapPacket([2], claimed: length)
    writer.pcapPacket([3])
    let reading = try Reading(writer.bytes)
    #expect(reading.packets == [[1]])
    #expect(reading.codes == ["capture_broken"])
    #expect(reading.metadata.warnings.first?.frame == 2)
    #expect(reading.metadata.warnings.first?.message.contains("byte 41") == true)
  }

  @Test(arguments: [ByteOrder.little, .big])
  func packetsLongerThanTheSnapLengthAreWhole(_ order: ByteOrder) throws {
    var writer = CaptureWriter(order: order)
    writer.pcapHeader(snapLength: 2)
    writer.pcapPacket([1, 2, 3, 4, 5])
    writer.pcapPacket([6], claimed: .max)
    let reading = try Reading(writer.bytes)
    #expect(reading.packets == [[1, 2, 3, 4, 5]])
    #expect(reading.metadata.interfaces.map(\.snapLength) == [2])
    #expect(reading.metadata.warnings.first?.message.contains("byte 45") == true)
  }

  @Test func filteredPacketsCount() throws {
    var writer = CaptureWriter()
    writer.pcapHeader()
    for port: UInt16 in [80, 3389, 80, 3389, 80] { writer.pcapPacket(ethernetTCP(port: port)) }
    let reading = try Reading(writer.bytes, filter: "tcp port 3389")
    #expect(reading.records.map(\.frame) == [2, 4])
    #expect(reading.metadata.packets == 5)
  }

  @Test(arguments: ["tcp prt 3389", "port 99999", "(("])
  func wrongFilterIsRefused(_ filter: String) throws {
    var pcap = CaptureWriter()
    pcap.pcapHeader()
    var pcapng = CaptureWriter()
    pcapng.section()
    pcapng.interface()
    for bytes in [pcap.bytes, pcapng.bytes] {
      let error = try #require(throws: CaptureError.self) { try Reading(bytes, filter: filter) }
      #expect(error.kind == .badFilter)
      #expect(error.message.contains(filter))
    }
  }

  @Test func rawPacketsAreFiltered() throws {
    var writer = CaptureWriter()
    writer.pcapHeader(linkType: 101)
    writer.pcapPacket(ipv4TCP(port: 80))
    writer.pcapPacket(ipv4TCP(port: 3389))
    #expect(try Reading(writer.bytes, filter: "tcp port 3389").records.map(\.frame) == [2])
  }
}
