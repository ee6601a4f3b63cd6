import Capture
import Wire

/// How a capture of the same events is made to look like another network's.
struct CaptureRewriting {
  /// Flips bits of the third octet of IPv4 addresses, of the fourth of IPv6 ones.
  var network: UInt8
  /// Hops that are added to the way of every packet.
  var timeToLive: UInt8
  /// Flips bits of the clients' ports.
  var ports: UInt16
}

extension PacketList {
  /// Sets every time by so many seconds.
  mutating func shiftTimes(by seconds: Int64) {
    for index in packets.indices {
      let time = packets[index].record.timestamp.nanoseconds
      packets[index].record.timestamp = Timestamp(nanoseconds: time + seconds * 1_000_000_000)
    }
  }

  /// Changes the order of packets that come within two milliseconds of each other, each with its own
  /// time.
  mutating func shuffleLocally(using generator: inout SeededGenerator) {
    var start = 0
    while start < packets.count {
      var end = start + 1
      while end < packets.count, end - start < 4,
        packets[end].record.timestamp.seconds(since: packets[start].record.timestamp) < 0.002
      {
        end += 1
      }
      packets[start..<end].shuffle(using: &generator)
      start = end
    }
  }

  /// Rewrites addresses, clients' ports and times to live of every Ethernet frame, consistently.
  mutating func rewrite(_ how: CaptureRewriting) {
    for index in packets.indices where packets[index].record.linkType.rawValue == 1 {
      packets[index].bytes.rewriteFrame(how)
    }
  }
}

extension [UInt8] {
  fileprivate mutating func rewriteFrame(_ how: CaptureRewriting) {
    guard 34 <= count else { return }
    switch (self[12], self[13]) {
    case (8, 0): rewriteIPv4(at: 14, how)
    case (0x86, 0xDD): rewriteIPv6(at: 14, how)
    case (8, 6):
      guard 42 <= count else { return }
      flipIPv4(at: 28, how)
      flipIPv4(at: 38, how)
    default: break
    }
  }

  private mutating func rewriteIPv4(at start: Int, _ how: CaptureRewriting) {
    guard start + 20 <= count else { return }
    if how.timeToLive < self[start + 8] { self[start + 8] -= how.timeToLive }
    flipIPv4(at: start + 12, how)
    flipIPv4(at: start + 16, how)
    let body = start + Int(self[start] & 15) * 4
    switch self[start + 9] {
    case 6, 17: flipPorts(at: body, how)
    // An ICMP error quotes the packet that it is about.
    case 1 where body + 8 < count && [3, 11].contains(self[body]): rewriteIPv4(at: body + 8, how)
    default: break
    }
  }

  private mutating func rewriteIPv6(at start: Int, _ how: CaptureRewriting) {
    guard start + 40 <= count else { return }
    if how.timeToLive < self[start + 7] { self[start + 7] -= how.timeToLive }
    for address in [start + 8, start + 24] where self[address] == 0x20 {
      self[address + 3] ^= how.network
    }
    switch self[start + 6] {
    case 6, 17: flipPorts(at: start + 40, how)
    case 58 where start + 48 < count && [1, 3].contains(self[start + 40]):
      rewriteIPv6(at: start + 48, how)
    // Neighbour discovery names its target.
    case 58
    where start + 64 <= count && [135, 136].contains(self[start + 40]) && self[start + 48] == 0x20:
      self[start + 51] ^= how.network
    default: break
    }
  }

  private mutating func flipIPv4(at offset: Int, _ how: CaptureRewriting) {
    guard self[offset] != 0, self[offset] < 224 else { return }
    self[offset + 2] ^= how.network
  }

  private mutating func flipPorts(at offset: Int, _ how: CaptureRewriting) {
    guard offset + 4 <= count else { return }
    for place in [offset, offset + 2] {
      let port = UInt16(self[place]) << 8 | UInt16(self[place + 1])
      guard 32_768 <= port else { continue }
      // The client's port stays above 32 768, where no service listens.
      let other = port ^ how.ports
      self[place] = UInt8(other >> 8)
      self[place + 1] = UInt8(other & 255)
    }
  }
}
