import Capture
import Streams
import Wire

/// A forge that goes on where real packets end.
extension PacketForge {
  /// Knows the ends of the connection that a SYN opens.
  init(between syn: TCPFrame) {
    self.init()
    client = Peer(syn.source, card: syn.sourceCard)
    server = Peer(syn.target, card: syn.targetCard)
    clientPort = syn.sourcePort
    serverPort = syn.targetPort
    client.sequence = syn.sequence
    client.timeToLive = syn.timeToLive
    client.identification = syn.identification &+ 1
  }

  /// Takes packets as they are, and what they show of their senders.
  mutating func append(_ packets: some Sequence<PacketList.Packet>) {
    for packet in packets {
      if let frame = TCPFrame(packet.bytes) { learn(from: frame) }
      list.packets.append(packet)
      now = packet.seconds
      if let frame = TCPFrame(packet.bytes), let clock = frame.clock {
        if frame.sourcePort == clientPort { client.clock = clock } else { server.clock = clock }
      }
    }
  }

  /// Takes packets as of a later time, so that the first comes so long after what is there.
  mutating func append(_ packets: some Collection<PacketList.Packet>, after delay: Double) {
    guard let first = packets.first else { return }
    let shift = now + delay - first.seconds
    append(packets.map { $0.shifted(by: shift) })
  }

  /// Takes packets as another connection of the same ends, from another port and with other numbers.
  mutating func replay(_ packets: some Collection<PacketList.Packet>, after delay: Double) {
    guard let syn = packets.first.flatMap({ TCPFrame($0.bytes) }) else { return }
    clientPort &+= 1
    let shifts = (client: UInt32(clientPort) &* 65_537, server: UInt32(clientPort) &* 131_071)
    let own = packets.compactMap { packet -> PacketList.Packet? in
      guard var frame = TCPFrame(packet.bytes) else { return nil }
      let fromClient = frame.sourcePort == syn.sourcePort
      frame.sequence &+= fromClient ? shifts.client : shifts.server
      if frame.flags.contains(.ack) {
        frame.acknowledgment &+= fromClient ? shifts.server : shifts.client
      }
      if fromClient { frame.sourcePort = clientPort } else { frame.targetPort = clientPort }
      return PacketList.Packet(record: packet.record, bytes: frame.bytes)
    }
    append(own, after: delay)
  }

  private mutating func learn(from frame: TCPFrame) {
    let fromClient = frame.sourcePort == clientPort
    var peer = fromClient ? client : server
    // A repeat does not set the sender back.
    let isNew =
      frame.flags.contains(.syn) || Int32(bitPattern: frame.nextSequence &- peer.sequence) > 0
    if isNew { peer.sequence = frame.nextSequence }
    peer.timeToLive = frame.timeToLive
    peer.identification = frame.identification &+ 1
    if !frame.flags.contains(.rst) { peer.window = max(1, frame.window) }
    if fromClient { client = peer } else { server = peer }
  }
}

/// What connections go through.
extension PacketForge {
  /// An application data record of TLS of so many octets, header included.
  func record(of count: Int) -> [UInt8] {
    let body = (0..<max(0, count - 5)).map { UInt8(truncatingIfNeeded: $0 &* 197 &+ $0 / 251) }
    return [23, 3, 3] + Self.big(UInt16(body.count)) + body
  }

  /// A record, repeated in vain so many times, each pause twice as long as the one before.
  mutating func repeatInVain(
    _ side: Side,
    _ payload: [UInt8]? = nil,
    after delay: Double = 0.01,
    times: Int,
    firstPause: Double = 0.3
  ) {
    let payload = payload ?? record(of: 60)
    let sequence = side == .client ? client.sequence : server.sequence
    segment(from: side, [.psh, .ack], payload, after: delay)
    for time in 0..<times {
      let pause = firstPause * Double(1 << time)
      segment(from: side, [.psh, .ack], payload, after: pause, sequence: sequence)
    }
  }

  /// The last segment with data of a side, repeated in vain.
  mutating func repeatLast(_ side: Side, after delay: Double, times: Int) {
    let port = side == .client ? clientPort : serverPort
    let sent = list.packets.lazy.compactMap { TCPFrame($0.bytes) }
      .last { $0.sourcePort == port && !$0.payload.isEmpty }
    guard let sent else { return }
    for time in 0..<times {
      segment(
        from: side,
        [.psh, .ack],
        sent.payload,
        after: (time == 0 ? delay : 0) + 0.3 * Double(1 << time),
        sequence: sent.sequence
      )
    }
  }

  /// A keep-alive probe: an octet that the other side has already.
  mutating func probe(_ side: Side, after delay: Double) {
    let sequence = side == .client ? client.sequence : server.sequence
    segment(from: side, .ack, [0], after: delay, sequence: sequence &- 1)
  }

  /// Calls in vain from another port.
  mutating func reconnectInVain(times: Int) {
    reconnect()
    callInVain(after: (0..<times - 1).map { Double(1 << $0) })
  }

  /// Another port, and another number, for a SYN to come.
  mutating func reconnect() {
    clientPort &+= 7
    client.sequence = client.sequence &* 69_069 &+ 1
    now += 1
  }

  /// Both directions end, one after the other.
  mutating func finish(_ side: Side, after delay: Double = 0.01) {
    segment(from: side, [.fin, .ack], after: delay)
    segment(from: side.peer, .ack)
    segment(from: side.peer, [.fin, .ack], after: 0.01)
    segment(from: side, .ack, after: 0.0001)
  }

  /// An ICMP error of a router about a segment.
  mutating func routerReports(
    type: UInt8,
    code: UInt8,
    nextMTU: UInt16 = 0,
    about frame: TCPFrame,
    after delay: Double = 0.001
  ) {
    guard frame.source.count == 4 else { return }
    now += delay
    let error = [type, code, 0, 0, 0, 0] + Self.big(nextMTU) + frame.quoted
    var packet: [UInt8] = [0x45, 0] + Self.big(UInt16(20 + error.count))
    packet += [0, 9, 0, 0, 255, 1, 0, 0, 192, 0, 2, 254] + frame.source
    append(octets: frame.sourceCard + frame.targetCard + [8, 0] + packet + error)
  }
}

extension PacketList.Packet {
  /// When it was captured, in seconds since the epoch.
  var seconds: Double { Double(record.timestamp.nanoseconds) / 1e9 }

  /// The same packet at another time.
  func shifted(by seconds: Double) -> Self {
    var packet = self
    let time = packet.record.timestamp.nanoseconds + Int64(seconds * 1e9)
    packet.record.timestamp = Timestamp(nanoseconds: time)
    return packet
  }
}
