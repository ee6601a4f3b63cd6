import Capture
import Streams
import Testing
import Wire

/// How a healthy connection looks on another network, where it is healthy too.
struct HealthyVariation: Sendable, CustomTestStringConvertible {
  let name: String
  let make: @Sendable (HealthyCapture) throws -> PacketList

  var testDescription: String { name }

  init(_ name: String, make: @escaping @Sendable (HealthyCapture) throws -> PacketList) {
    self.name = name
    self.make = make
  }

  /// Something happens in the session, which then goes on.
  init(
    interrupting name: String,
    _ happen: @escaping @Sendable (inout PacketForge, TCPFrame) -> Void
  ) {
    self.init(name) { capture in
      var forge = try capture.forge(upTo: .session)
      let before = forge.list.packets.last.flatMap { TCPFrame($0.bytes) }
      guard let before else { return capture.list }
      happen(&forge, before)
      forge.append(try capture.rest(from: .session), after: 0.01)
      return forge.list
    }
  }

  /// Something happens after all is over.
  init(after name: String, _ happen: @escaping @Sendable (inout PacketForge) -> Void) {
    self.init(name) { capture in
      var forge = try capture.forge(upTo: .whole)
      happen(&forge)
      return forge.list
    }
  }
}

extension HealthyVariation {
  static let all = times + repeats + interruptions + beginnings + afterwards + vantages

  private static let times: [HealthyVariation] = [
    HealthyVariation("two hours without a word") { try silent($0, for: 7_200, at: 50) },
    HealthyVariation("two hours, then a day without a word") { capture in
      var list = try silent(capture, for: 7_200, at: 50)
      let last = list.packets.count * 9 / 10
      for index in list.packets.indices.dropFirst(last) {
        list.packets[index] = list.packets[index].shifted(by: 86_400)
      }
      return list
    },
    HealthyVariation("jitter") { capture in
      var generator = SeededGenerator(seed: 7)
      var list = capture.list
      for index in list.packets.indices.dropFirst() {
        let time = list.packets[index - 1].record.timestamp
        list.packets[index] = list.packets[index]
          .shifted(by: .random(in: 0...0.02, using: &generator))
        list.packets[index].record.timestamp = max(time, list.packets[index].record.timestamp)
      }
      return list
    },
    HealthyVariation("the clock is set back half a minute") {
      try silent($0, for: -30, at: 60)
    },
  ]

  private static let repeats: [HealthyVariation] = [
    HealthyVariation("one segment in twenty is repeated") { capture in
      var generator = SeededGenerator(seed: 11)
      var list = capture.list
      for packet in capture.list.packets
      where TCPFrame(packet.bytes)?.payload.isEmpty == false
        && Int.random(in: 0..<20, using: &generator) == 0
      {
        list.packets.append(packet.shifted(by: 0.3))
      }
      list.packets.sort { $0.record.timestamp < $1.record.timestamp }
      return list
    },
    HealthyVariation("the SYN is answered late, and each repeat of it again") { capture in
      var list = PacketList()
      let packets = capture.list.packets
      list.packets =
        [packets[0].shifted(by: -3), packets[0].shifted(by: -2)] + packets[..<2]
        + [packets[1].shifted(by: 0.0001)] + packets[2...]
      return list
    },
  ]

  private static let interruptions: [HealthyVariation] = [
    HealthyVariation(interrupting: "keep-alive probes are answered") { forge, _ in
      for _ in 0..<5 {
        forge.probe(.server, after: 60)
        forge.segment(from: .client, .ack)
      }
    },
    HealthyVariation(interrupting: "acknowledgments alone for four hours") { forge, _ in
      for _ in 0..<480 {
        forge.segment(from: .client, .ack, after: 30)
        forge.segment(from: .server, .ack, after: 0.02)
      }
    },
    HealthyVariation(interrupting: "a router finds the host unreachable for once") { forge, last in
      forge.routerReports(type: 3, code: 1, about: last)
    },
    HealthyVariation(interrupting: "a reset of an old number is ignored") { forge, _ in
      let old = forge.server.sequence &- 500_000
      forge.segment(from: .server, .rst, sequence: old, timeToLive: 50, identification: 4711)
    },
    HealthyVariation("the way becomes narrower and the segments with it") { capture in
      let large = try capture.index(fromClient: false) { 600 < $0.count }
      let packets = capture.list.packets
      var forge = try capture.forge(upTo: .start)
      forge.append(packets[...large])
      guard let lost = TCPFrame(packets[large].bytes) else { return capture.list }
      forge.routerReports(type: 3, code: 4, nextMTU: 576, about: lost)
      for start in stride(from: 0, to: lost.payload.count, by: 500) {
        forge.segment(
          from: .server,
          [.psh, .ack],
          Array(lost.payload[start..<min(start + 500, lost.payload.count)]),
          sequence: lost.sequence &+ UInt32(start),
          acknowledgment: lost.acknowledgment
        )
      }
      forge.append(packets[(large + 1)...], after: 0.01)
      return forge.list
    },
  ]

  private static let beginnings: [HealthyVariation] = [
    HealthyVariation("refused twice, then accepted with the same number") { capture in
      var forge = try capture.forge(upTo: .start)
      forge.now -= 2
      for _ in 0..<2 { forge.refuseCall() }
      forge.append(capture.list.packets)
      return forge.list
    },
    // RFC 5961 §4.2: a host that still holds the old connection answers the SYN so.
    HealthyVariation("a challenge acknowledgment clears the port of an old connection") { capture in
      var forge = try capture.forge(upTo: .start)
      forge.now -= 1.1
      let first = forge.client.sequence
      forge.segment(from: .client, .syn, sequence: first)
      forge.segment(from: .server, .ack, sequence: 77_777_777, acknowledgment: 99_999_999)
      forge.segment(from: .client, .rst, sequence: 99_999_999)
      forge.append(capture.list.packets)
      return forge.list
    },
    HealthyVariation("the capture begins with the reset of another connection") { capture in
      var forge = try capture.forge(upTo: .start)
      forge.now -= 20
      forge.clientPort &-= 3
      forge.segment(from: .server, [.rst, .ack], sequence: 5_000_000)
      forge.clientPort &+= 3
      forge.append(capture.list.packets)
      return forge.list
    },
  ]

  private static let afterwards: [HealthyVariation] = [
    HealthyVariation(after: "a late reset") {
      $0.segment(from: .server, .rst, after: 60)
    },
    HealthyVariation("two sessions one after the other") { capture in
      var forge = try capture.forge(upTo: .whole)
      forge.replay(capture.list.packets, after: 5)
      return forge.list
    },
    HealthyVariation("the last segment is repeated to a client that is gone") { capture in
      var forge = try capture.forge(upTo: .whole)
      guard let last = capture.list.packets.last else { return forge.list }
      for time in 0..<5 { forge.append([last], after: 0.3 * Double(1 << time)) }
      return forge.list
    },
  ]
}

extension HealthyVariation {
  /// So many seconds pass, or are taken back, after so many hundredths of the packets.
  fileprivate static func silent(
    _ capture: HealthyCapture,
    for seconds: Double,
    at share: Int
  ) throws -> PacketList {
    var list = capture.list
    for index in try list.packets.indices.dropFirst(capture.count(upTo: .share(share))) {
      list.packets[index] = list.packets[index].shifted(by: seconds)
    }
    return list
  }
}
