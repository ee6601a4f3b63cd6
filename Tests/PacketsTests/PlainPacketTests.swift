import Testing
import Wire

@testable import Packets

/// The packet that nearly every packet is takes a short way through the decoder; what is found on it is
/// what the layers find one by one.
struct PlainPacketTests {
  private static let values: [UInt8] = [
    0, 1, 4, 5, 6, 0x0F, 0x20, 0x40, 0x45, 0x46, 0x54, 0x80, 0xFF,
  ]

  @Test func theShortWayIsTaken() {
    let packet = Packet()
    let frames = [Sample.frame, Sample.frame + [0, 0]]
    for frame in frames {
      let isTaken = PacketDecoder.decodePlain(frame.span, frame.count, packet)
      #expect(isTaken)
    }
  }

  /// Whatever octet of the headers says something else.
  @Test(arguments: 0..<66)
  func bothWaysFindTheSame(_ offset: Int) {
    for value in Self.values {
      var bytes = Sample.frame + [0, 0, 0]
      bytes[offset] = value
      for count in [bytes.count, bytes.count - 3, bytes.count - 20, 60, 54, 53] {
        for original in [count, bytes.count, bytes.count + 40_000] {
          let cut = Array(bytes.prefix(count))
          #expect(
            facts(cut, original, isByLayers: false) == facts(cut, original, isByLayers: true),
            "octet \(offset) is \(value), \(count) of \(original)"
          )
        }
      }
    }
  }

  /// All that a decoder says of a packet, one that had said something else before.
  private func facts(_ bytes: [UInt8], _ original: Int, isByLayers: Bool) -> [String] {
    var decoder = PacketDecoder()
    let packet = Packet()
    var found: [String] = []
    let time = Timestamp(nanoseconds: 0)
    let before = Sample.links[3].bytes
    for octets in [before, bytes] {
      let take = { (packet: Packet, handedOut: Span<UInt8>) in
        found = Mirror(reflecting: packet).children.map { "\($0.label ?? ""): \($0.value)" }
        found.append("\(handedOut.count)")
      }
      if isByLayers {
        decoder.decodeLayers(
          octets.span,
          linkType: .ethernet,
          originalLength: original,
          timestamp: time,
          into: packet,
          take
        )
      } else {
        decoder.decode(
          octets.span,
          linkType: .ethernet,
          originalLength: original,
          timestamp: time,
          into: packet,
          take
        )
      }
    }
    return found
  }
}
