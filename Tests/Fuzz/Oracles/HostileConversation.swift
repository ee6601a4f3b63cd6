import Wire

/// Makes a TCP conversation out of an input: the packets are valid, what they say need not be.
///
/// Each step has a head of three octets: what is done, and the length of its octets.
/// Of the first the lowest bit is the sender, the next three the kind of step, two more how much
/// time passes before it, the seventh a snap length of half the packet.
struct HostileConversation {
  /// Steps of one input.
  static let maximumSteps = 256
  private static let microsecond: Int64 = 1000
  /// A millisecond, a second, five minutes, and a clock that was set back.
  private static let pauses: [Int64] = [
    1000 * microsecond, 1_000_000 * microsecond, 300_000_000 * microsecond,
    -1_000_000 * microsecond,
  ]

  private var input: FuzzInput
  private var now: Int64 = 1_700_000_000_000_000_000
  /// Next sequence number of client and server; the server's wraps soon.
  private var next: [UInt32] = [1000, 0xFFFF_FF00]
  private var identification: UInt16 = 0

  init(_ input: FuzzInput) { self.input = input }

  mutating func packets() -> [PacketListSource.Packet] {
    var packets: [PacketListSource.Packet] = []
    for _ in 0..<Self.maximumSteps where !input.isAtEnd {
      let head = input.octet()
      let payload = input.octets(input.number16())
      let (sum, overflow) = now.addingReportingOverflow(Self.pauses[Int(head >> 4 & 3)])
      if !overflow { now = sum }
      let bytes = step(Int(head & 1), kind: head >> 1 & 7, payload)
      let kept = head & 0x40 == 0 ? bytes : Array(bytes.prefix(bytes.count / 2))
      packets.append(
        PacketListSource.Packet(
          time: Timestamp(nanoseconds: now),
          originalLength: bytes.count,
          bytes: kept
        )
      )
    }
    return packets
  }

  private mutating func step(_ side: Int, kind: UInt8, _ payload: [UInt8]) -> [UInt8] {
    switch kind {
    case 1:  // The last octets once more, or others in their place.
      return segment(side, flags: 0x18, payload, sequence: next[side] &- UInt32(payload.count))
    case 2:  // Beyond a gap.
      next[side] &+= 100
      return segment(side, flags: 0x18, payload, sequence: next[side])
    case 3:  // From where the input says.
      let sequence = payload.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      return segment(side, flags: payload.last ?? 0, payload, sequence: sequence)
    case 4:
      defer { next[side] &+= 1 }
      return segment(side, flags: side == 0 ? 0x02 : 0x12, [], sequence: next[side])
    case 5:
      defer { next[side] &+= 1 }
      return segment(side, flags: 0x11, payload, sequence: next[side])
    case 6: return segment(side, flags: 0x14, payload, sequence: next[side])
    case 7 where payload.first == 17: return datagram(side, Array(payload.dropFirst()))
    case 7: return frame(side, protocolNumber: payload.first ?? 1, Array(payload.dropFirst()))
    default:
      return segment(side, flags: 0x18, payload, sequence: next[side])
    }
  }

  private mutating func segment(
    _ side: Int,
    flags: UInt8,
    _ payload: [UInt8],
    sequence: UInt32
  ) -> [UInt8] {
    let header =
      Self.ports[side] + Self.ports[1 - side] + octets(sequence) + octets(next[1 - side])
      + [0x50, flags, 0xFF, 0xFF, 0, 0, 0, 0]
    if sequence == next[side] { next[side] &+= UInt32(payload.count) }
    return frame(side, protocolNumber: 6, header + payload)
  }

  /// Ports of client and server.
  private static let ports: [[UInt8]] = [[0xC0, 0x01], [0x0D, 0x3D]]

  private mutating func datagram(_ side: Int, _ payload: [UInt8]) -> [UInt8] {
    let length = UInt16(truncatingIfNeeded: 8 + payload.count)
    let header =
      Self.ports[side] + Self.ports[1 - side] + [UInt8(length >> 8), UInt8(length & 0xFF), 0, 0]
    return frame(side, protocolNumber: 17, header + payload)
  }

  private mutating func frame(
    _ side: Int,
    protocolNumber: UInt8,
    _ contents: [UInt8]
  ) -> [UInt8] {
    identification &+= 1
    let total = UInt16(truncatingIfNeeded: min(20 + contents.count, 0xFFFF))
    let addresses: [[UInt8]] = [[192, 0, 2, 1], [198, 51, 100, 2]]
    return [2, 0, 0, 0, 0, UInt8(1 - side), 2, 0, 0, 0, 0, UInt8(side), 8, 0]
      + [0x45, 0, UInt8(total >> 8), UInt8(total & 0xFF)]
      + [UInt8(identification >> 8), UInt8(identification & 0xFF), 0x40, 0]
      + [64, protocolNumber, 0, 0] + addresses[side] + addresses[1 - side] + contents
  }

  private func octets(_ number: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
  }
}
