import Capture
import Streams
import Wire

/// Makes packets octet by octet, for what no peer of the lab does: Windows' ways, other networks'
/// cards, boxes that forge.
///
/// Checksums stay zero, as a sender's own capture shows them.
struct PacketForge {
  /// A host with what its packets show of its system.
  struct Peer {
    var address: [UInt8]
    var card: [UInt8]
    var timeToLive: UInt8 = 128
    var identification: UInt16 = 100
    var window: UInt16 = 64_000
    var sequence: UInt32 = 1_000_000
    /// The last value of its clock, in milliseconds, if it sends TCP timestamps (RFC 7323).
    var clock: UInt32?

    init(_ address: [UInt8], card: [UInt8], timeToLive: UInt8 = 128) {
      self.address = address
      self.card = card
      self.timeToLive = timeToLive
    }
  }

  struct Flags: OptionSet {
    let rawValue: UInt8
    static let fin = Self(rawValue: 1)
    static let syn = Self(rawValue: 2)
    static let rst = Self(rawValue: 4)
    static let psh = Self(rawValue: 8)
    static let ack = Self(rawValue: 16)
  }

  var list = PacketList()
  /// Seconds since the epoch.
  var now = 1_700_000_000.0 {
    didSet {
      let passed = UInt32(clamping: Int(max(0, now - oldValue) * 1000))
      client.clock? &+= passed
      server.clock? &+= passed
    }
  }
  var client = Peer([192, 0, 2, 10], card: [0, 0x1A, 0x11, 0, 0, 1])
  var server = Peer([192, 0, 2, 20], card: [0, 0x1A, 0x11, 0, 0, 2])
  var clientPort: UInt16 = 50_000
  var serverPort: UInt16 = 3389

  // MARK: TCP

  /// One segment; sequence and acknowledgment numbers run on by themselves unless they are given.
  mutating func segment(
    from side: Side,
    _ flags: Flags,
    _ payload: [UInt8] = [],
    after delay: Double = 0.001,
    sequence: UInt32? = nil,
    acknowledgment: UInt32? = nil,
    timeToLive: UInt8? = nil,
    identification: UInt16? = nil,
    window: UInt16? = nil
  ) {
    now += delay
    let sender = side == .client ? client : server
    let receiver = side == .client ? server : client
    let ports = side == .client ? (clientPort, serverPort) : (serverPort, clientPort)
    let options = Self.options(flags, of: sender, to: receiver)
    var tcp = Self.big(ports.0) + Self.big(ports.1)
    tcp += Self.big(sequence ?? sender.sequence)
    tcp += Self.big(flags.contains(.ack) ? acknowledgment ?? receiver.sequence : 0)
    tcp += [UInt8((20 + options.count) / 4) << 4, flags.rawValue]
    tcp += Self.big(window ?? (flags.contains(.rst) ? 0 : sender.window)) + [0, 0, 0, 0] + options
    if let identification {
      if side == .client {
        client.identification = identification
      } else {
        server.identification = identification
      }
    }
    send(tcp + payload, 6, from: side, timeToLive: timeToLive)
    guard sequence == nil else { return }
    let length = UInt32(payload.count) + (flags.isDisjoint(with: [.syn, .fin]) ? 0 : 1)
    if side == .client { client.sequence &+= length } else { server.sequence &+= length }
  }

  /// What a SYN offers, and the timestamps of hosts that use them; a reset has none.
  private static func options(_ flags: Flags, of sender: Peer, to receiver: Peer) -> [UInt8] {
    var options: [UInt8] = flags.contains(.syn) ? [2, 4, 5, 180, 1, 3, 3, 0, 1, 1, 4, 2] : []
    if let clock = sender.clock, !flags.contains(.rst) {
      options += [1, 1, 8, 10] + big(clock)
      options += big(flags.contains(.ack) ? receiver.clock ?? 0 : 0)
    }
    return options
  }

  /// The three-way handshake.
  mutating func connect() {
    segment(from: .client, .syn)
    segment(from: .server, [.syn, .ack])
    segment(from: .client, .ack)
  }

  /// A SYN in vain, repeated after so many seconds each.
  mutating func callInVain(after pauses: [Double]) {
    let first = client.sequence
    segment(from: .client, .syn)
    for pause in pauses { segment(from: .client, .syn, after: pause, sequence: first) }
  }

  /// Octets one way and their acknowledgment.
  mutating func say(_ side: Side, _ octets: [UInt8], after delay: Double = 0.01) {
    segment(from: side, [.psh, .ack], octets, after: delay)
    segment(from: side.peer, .ack)
  }

  /// The client's request for security protocols, and the server's choice or its refusal.
  mutating func negotiate(offer: UInt8, answer: [UInt8]) {
    let cookie = Array("Cookie: mstshash=user\r\n".utf8)
    let request = [1, 0, 8, 0, offer, 0, 0, 0] as [UInt8]
    let body = [0xE0, 0, 0, 0, 0, 0] + cookie + request
    say(.client, [3, 0, 0, UInt8(5 + body.count), UInt8(body.count)] + body)
    say(.server, [3, 0, 0, 19, 14, 0xD0, 0, 0, 0x12, 0x34, 0] + answer)
  }

  // MARK: Other protocols

  /// An ARP message about who has an address.
  mutating func arp(
    _ operation: UInt16,
    from card: [UInt8],
    _ sender: [UInt8],
    asks target: [UInt8],
    after delay: Double = 0.001
  ) {
    now += delay
    let body: [UInt8] =
      [0, 1, 8, 0, 6, 4] + Self.big(operation) + card + sender + [UInt8](repeating: 0, count: 6)
      + target
    append(octets: [UInt8](repeating: 255, count: 6) + card + [8, 6] + body)
  }

  /// A datagram.
  mutating func udp(
    from side: Side,
    ports: (UInt16, UInt16),
    _ payload: [UInt8],
    to target: [UInt8]? = nil,
    source: [UInt8]? = nil,
    after delay: Double = 0.001
  ) {
    now += delay
    let header = Self.big(ports.0) + Self.big(ports.1) + Self.big(UInt16(8 + payload.count))
    send(header + [0, 0] + payload, 17, from: side, to: target, source: source)
  }

  /// What a host says as it comes up: DHCP, and an announcement of its address.
  mutating func wake(_ side: Side, after delay: Double) {
    let peer = side == .client ? client : server
    var dhcp: [UInt8] = [1, 1, 6, 0] + [UInt8](repeating: 0, count: 24) + peer.card
    dhcp += [UInt8](repeating: 0, count: 210)
    udp(
      from: side,
      ports: (68, 67),
      dhcp,
      to: [255, 255, 255, 255],
      source: [0, 0, 0, 0],
      after: delay
    )
    arp(1, from: peer.card, peer.address, asks: peer.address, after: 0.05)
  }

  /// A magic packet for a host's card.
  mutating func magic(for side: Side, after delay: Double) {
    let card = side == .client ? client.card : server.card
    let payload = [UInt8](repeating: 255, count: 6) + (0..<16).flatMap { _ in card }
    udp(from: side.peer, ports: (40_000, 9), payload, to: [255, 255, 255, 255], after: delay)
  }

  // MARK: Layers

  private mutating func send(
    _ body: [UInt8],
    _ number: UInt8,
    from side: Side,
    to target: [UInt8]? = nil,
    source: [UInt8]? = nil,
    timeToLive: UInt8? = nil
  ) {
    let sender = side == .client ? client : server
    let receiver = side == .client ? server : client
    guard sender.address.count == 4 else {
      let header = [0x60, 0, 0, 0] + Self.big(UInt16(body.count))
      let packet = header + [number, timeToLive ?? sender.timeToLive] + sender.address
      return append(
        octets: receiver.card + sender.card + [0x86, 0xDD] + packet + receiver.address + body
      )
    }
    var packet: [UInt8] = [0x45, 0] + Self.big(UInt16(20 + body.count))
    packet += Self.big(sender.identification) + [0x40, 0, timeToLive ?? sender.timeToLive, number]
    packet += [0, 0] + (source ?? sender.address) + (target ?? receiver.address)
    if side == .client { client.identification &+= 1 } else { server.identification &+= 1 }
    append(octets: receiver.card + sender.card + [8, 0] + packet + body)
  }

  /// Appends a frame as it is.
  mutating func append(octets: [UInt8]) {
    list.packets.append(
      PacketList.Packet(
        record: PacketRecord(
          timestamp: Timestamp(nanoseconds: Int64(now * 1e9)),
          frame: list.packets.count + 1,
          capturedLength: octets.count,
          originalLength: octets.count,
          linkType: LinkType(rawValue: 1),
          interface: 0
        ),
        bytes: octets
      )
    )
  }

  static func big(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 255)] }

  static func big(_ value: UInt32) -> [UInt8] {
    [UInt8(value >> 24), UInt8(value >> 16 & 255), UInt8(value >> 8 & 255), UInt8(value & 255)]
  }
}
