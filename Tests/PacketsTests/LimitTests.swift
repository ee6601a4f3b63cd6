import Testing
import Wire

@testable import Packets

struct LimitTests {
  /// Packets that repeat a header without end, and the limit that stops the decoder.
  @Test(
    arguments: [
      (
        "a thousand VLAN tags",
        Build.macs + repeated("8100 0001", 1000) + hex("0800") + Sample.four,
        "VLAN tag", PacketDecoder.maximumVLANTags
      ),
      (
        "MPLS labels", Build.macs + hex("8847") + repeated("00010040", 1000),
        "MPLS label", PacketDecoder.maximumMPLSLabels
      ),
      ("IP in IP", Build.ethernet(0x0800, nested(100)), "depth", PacketDecoder.maximumTunnelDepth),
      (
        "extension headers",
        Build.ethernet(0x86DD, Build.ipv6(60, repeated("3C00000000000000", 100))),
        "extension header", PacketDecoder.maximumExtensionHeaders
      ),
      (
        "GRE routes",
        Build.ethernet(
          0x0800,
          Build.ipv4(47, hex("4000 0800 00000000") + repeated("08000000", 100))
        ),
        "GRE routing", PacketDecoder.maximumGRERoutes
      ),
    ] as [(String, [UInt8], String, Int)]
  )
  func repetitionIsStopped(_ name: String, _ bytes: [UInt8], _ field: String, _ limit: Int) {
    let packet = decode(bytes).packet
    #expect(packet.content == .none)
    #expect(packet.problem?.field.description == field)
    #expect(packet.problem?.reason == .limitExceeded(limit: limit))
  }

  @Test func ethernetInEthernetIsStopped() {
    let packet = decode((0..<200).flatMap { _ in Build.macs + hex("6558") }).packet
    #expect(packet.content == .none)
    #expect(packet.problem?.reason == .limitExceeded(limit: PacketDecoder.maximumInnerFrames))
  }

  @Test func pktapInPKTAPIsStopped() {
    let bytes = (0..<100).flatMap { _ in hex("0C000000 01000000 02010000") }
    let packet = decode(bytes, .pktap).packet
    #expect(packet.content == .none)
    #expect(packet.problem?.field.description == "link type")
  }

  @Test func vlanInSNAPInVLANIsStopped() {
    let layer = hex("8100 0001 05DC AAAA03 000000")
    let packet = decode(Build.macs + (0..<100).flatMap { _ in layer }).packet
    #expect(packet.content == .none)
    #expect(packet.problem?.reason == .limitExceeded(limit: PacketDecoder.maximumInnerFrames))
  }

  /// Flips of bits in every sample: nothing traps, and what is handed out is inside of the bytes.
  @Test func flippedBitsKeepTheInvariants() {
    var random = SplitMix(state: 0x5EED)
    var decoder = PacketDecoder()
    for round in 0..<200 {
      for sample in Sample.all + IPMessageTests.samples {
        var bytes = sample.bytes
        for _ in 0...Int(random.next() % 4) {
          bytes[Int(random.next() % UInt64(bytes.count))] ^= 1 << UInt8(random.next() % 8)
        }
        let count = random.next() % 4 == 0 ? Int(random.next() % UInt64(bytes.count)) : bytes.count
        let decoded = decoder.decode(
          Array(bytes[..<count]),
          sample.linkType,
          originalLength: bytes.count,
          seconds: Int64(round)
        )
        checkInvariants(decoded, "\(sample.name), seed 0x5EED, round \(round): \(bytes.hex)")
      }
    }
  }

  private func checkInvariants(_ decoded: Decoded, _ comment: Comment) {
    #expect(decoded.packet.tunnelDepth <= PacketDecoder.maximumTunnelDepth, comment)
    if let segment = decoded.segment {
      #expect(segment.payloadRange.upperBound <= decoded.bytes.count, comment)
      #expect(segment.optionsRange.upperBound <= segment.payloadOffset, comment)
      #expect(segment.capturedPayloadLength <= segment.payloadLength, comment)
      #expect(segment.options(in: decoded.bytes.span).sackBlockCount <= 4, comment)
    }
    if let datagram = decoded.datagram {
      #expect(datagram.payloadRange.upperBound <= decoded.bytes.count, comment)
      #expect(datagram.capturedPayloadLength <= datagram.payloadLength, comment)
    }
  }

  private static func repeated(_ text: String, _ count: Int) -> [UInt8] {
    let octets = hex(text)
    return (0..<count).flatMap { _ in octets }
  }

  private static func nested(_ depth: Int) -> [UInt8] {
    (0..<depth).reduce(Sample.four) { inner, _ in Build.ipv4(4, inner) }
  }
}

/// A seeded generator: the same octets in each run.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }
}
