import Testing
import Wire

@testable import Packets

/// Lengths that say something else than the frame: padding, offload and lies.
struct LengthTests {
  static let payload = Sample.payload
  static let tcp = Build.tcp(payload)

  @Test func paddingIsNotPayload() throws {
    let decoded = decode(Build.ethernet(0x0800, Build.ipv4(6, Build.tcp([]))) + hex("000000000000"))
    #expect(try #require(decoded.segment).payloadLength == 0)
    #expect(decoded.segment?.capturedPayloadLength == 0)
    #expect(decoded.packet.problem == nil)
    let six = decode(Build.ethernet(0x86DD, Build.ipv6(6, Build.tcp([1]))) + hex("0000"))
    #expect(six.payload == [1])
  }

  @Test func cutPaddingIsNoCut() {
    let frame = Build.ethernet(0x0800, Build.ipv4(6, Build.tcp([])))
    #expect(!decode(frame, originalLength: 60).packet.isCutByCapture)
  }

  /// Wireshark counts a segment's stream from its first 16 octets on, cut by the capture or short
  /// by IP's length.
  @Test(arguments: 0...24)
  func sixteenOctetsOfAHeaderAreASegment(_ count: Int) {
    let cut = decode(Array(Build.ipv4(6, Self.tcp).prefix(20 + count)), .raw, originalLength: 100)
    let short = decode(Build.ipv4(6, Array(Self.tcp.prefix(count))), .raw)
    #expect((cut.segment != nil) == (16 <= count))
    #expect((short.segment != nil) == (16 <= count))
    #expect(cut.segment?.isHeaderWhole != false)
    #expect(short.segment.map(\.isHeaderWhole) ?? (20 <= count) == (20 <= count))
    #expect(cut.packet.isCutByCapture || Self.tcp.count <= count)
    #expect((short.packet.problem == nil) == (20 <= count))
  }

  @Test func zeroTotalLengthIsOffload() throws {
    let frame = Build.ethernet(0x0800, Build.ipv4(6, Self.tcp, length: 0))
    let decoded = decode(frame, originalLength: 70_000)
    let segment = try #require(decoded.segment)
    #expect(decoded.packet.isOffloaded)
    #expect(decoded.packet.problem == nil)
    #expect(decoded.packet.isCutByCapture)
    #expect(segment.payloadLength == 70_000 - 54)
    #expect(segment.capturedPayloadLength == Self.payload.count)
    let six = decode(Build.ethernet(0x86DD, Build.ipv6(6, Self.tcp, length: 0)))
    #expect(six.payload == Self.payload)
    #expect(six.packet.isOffloaded)
  }

  /// Frame, and where its problem is.
  @Test(
    arguments: [
      ("longer than the frame", Build.ipv4(6, tcp, length: 1500), PacketLayer.ipv4, "total length"),
      ("shorter than its header", Build.ipv4(6, tcp, length: 19), .ipv4, "total length"),
      ("IPv4 header length", [0x44] + Build.ipv4(6, tcp).dropFirst(), .ipv4, "header length"),
      ("version", [0x75] + Build.ipv4(6, tcp).dropFirst(), .ipv4, "version"),
      (
        "options beyond the packet", Build.ipv4(6, [], length: 20, options: [1, 1, 1, 0]), .ipv4,
        "total length"
      ),
      ("IPv6 longer than the frame", Build.ipv6(6, tcp, length: 1500), .ipv6, "payload length"),
      ("TCP data offset below 5", Build.ipv4(6, replacing(tcp, 12, 0x40)), .tcp, "data offset"),
      (
        "TCP header beyond the packet", Build.ipv4(6, replacing(tcp, 12, 0xF0)), .tcp, "data offset"
      ),
      ("UDP length", Build.ipv4(17, replacing(Build.udp([1]), 5, 200)), .udp, "length"),
      ("UDP length below 8", Build.ipv4(17, replacing(Build.udp([1]), 5, 7)), .udp, "length"),
      ("GRE version", Build.ipv4(47, hex("0002 0800")), .tunnel, "GRE version"),
    ] as [(String, [UInt8], PacketLayer, String)]
  )
  func liesAreProblems(_ name: String, _ bytes: [UInt8], _ layer: PacketLayer, _ field: String) {
    let packet = decode(Build.ethernet(0x0800, bytes)).packet
    #expect(packet.problem?.layer == layer)
    #expect(packet.problem?.field.description == field)
    #expect(!packet.isCutByCapture)
  }

  @Test func aLyingLengthLeavesWhatIsThere() {
    for ip in [Build.ipv4(6, Self.tcp, length: 1500), Build.ipv6(6, Self.tcp, length: 1500)] {
      let decoded = decode(ip, .raw)
      #expect(decoded.payload == Self.payload)
      #expect(decoded.segment?.payloadLength == Self.payload.count)
    }
  }

  @Test func theProblemReadsAsADecodeError() {
    let packet = decode(Build.ipv4(6, Self.tcp, length: 1500), .raw).packet
    #expect(
      packet.problem?.decodeError
        == DecodeError(
          layer: .ipv4,
          field: "total length",
          offset: 2,
          reason: .truncated(needed: 1500, available: 59, boundedBy: .buffer)
        )
    )
  }

  @Test func anUnbelievableTCPHeaderHasNoPayload() throws {
    let segment = try #require(
      decode(Build.ipv4(6, Self.replacing(Self.tcp, 12, 0x40)), .raw).segment
    )
    #expect(segment.destinationPort == 3389)
    #expect(segment.payloadLength == 0)
    #expect(segment.optionsLength == 0)
  }

  @Test func originalLengthsBeyondReasonDoNotTrap() {
    for length in [-1, 0, Int.max, Int.min] {
      #expect(decode(Sample.frame, originalLength: length).payload == Sample.payload)
    }
  }

  /// A mirror that cuts frames says so in the ERSPAN header: the inner packet is cut, not lying.
  @Test func aTruncatingMirrorCutsTheInnerPacket() throws {
    let inner = Array(Sample.frame.dropLast(10))
    let gre = hex("1000 88BE 00000007 1001 0401 00000000") + inner
    let decoded = decode(Build.ipv4(47, gre), .raw)
    #expect(decoded.packet.problem == nil)
    #expect(decoded.packet.isCutByCapture)
    let segment = try #require(decoded.segment)
    #expect(segment.payloadLength == Sample.payload.count)
    #expect(segment.capturedPayloadLength == Sample.payload.count - 10)
  }

  private static func replacing(_ bytes: [UInt8], _ index: Int, _ octet: UInt8) -> [UInt8] {
    var bytes = bytes
    bytes[index] = octet
    return bytes
  }
}
