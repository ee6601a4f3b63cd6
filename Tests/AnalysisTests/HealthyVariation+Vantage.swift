import Capture
import Wire

/// How a healthy connection looks from other places, and by other clocks.
extension HealthyVariation {
  static let vantages: [HealthyVariation] = [
    HealthyVariation("seen on both sides of a router") { seenTwice($0, share: 1) },
    HealthyVariation("seen on both sides of a router, some on one only") {
      seenTwice($0, share: 0.7)
    },
    HealthyVariation("seen by a filter of packets at three of its layers") { capture in
      var list = capture.list
      list.packets = capture.list.packets.flatMap { packet in
        (0..<3).map { packet.shifted(by: 0.00002 * Double($0)) }
      }
      return list
    },
    HealthyVariation("all at one time") { capture in
      var list = capture.list
      for index in list.packets.indices {
        list.packets[index].record.timestamp = Timestamp(nanoseconds: 0)
      }
      return list
    },
    HealthyVariation("by a clock of whole seconds") { capture in
      var list = capture.list
      for index in list.packets.indices {
        let time = list.packets[index].record.timestamp.nanoseconds
        list.packets[index].record.timestamp = Timestamp(
          nanoseconds: time / 1_000_000_000 * 1_000_000_000
        )
      }
      return list
    },
    // The certificate has expired long since, and the client took it.
    HealthyVariation("twenty years later") { capture in
      var list = capture.list
      list.shiftTimes(by: 20 * 365 * 86_400)
      return list
    },
  ]

  /// A mirror port that sees packets before and after a router: with one hop less, and between other
  /// cards.
  private static func seenTwice(_ capture: HealthyCapture, share: Double) -> PacketList {
    var generator = SeededGenerator(seed: 5)
    var list = capture.list
    list.packets = capture.list.packets.flatMap { packet -> [PacketList.Packet] in
      guard Double.random(in: 0..<1, using: &generator) < share else { return [packet] }
      var routed = packet.shifted(by: 0.00006)
      routed.bytes[routed.bytes[12] == 8 ? 22 : 21] -= 1
      routed.bytes.replaceSubrange(0..<12, with: [2, 0, 0, 0, 0, 0xBB, 2, 0, 0, 0, 0, 0xAA])
      return [packet, routed]
    }
    return list
  }
}
