import Streams

/// An Ethernet frame with a TCP segment, read as plainly as tests need it: no tags, no fragments, no
/// extension headers.
struct TCPFrame {
  /// The fields where a frame keeps them.
  private let network: Int
  private let transport: Int
  private let end: Int
  private(set) var bytes: [UInt8]

  /// Nothing, if the octets are no such frame.
  init?(_ bytes: [UInt8]) {
    guard 54 <= bytes.count else { return nil }
    self.bytes = bytes
    network = 14
    switch (bytes[12], bytes[13]) {
    case (8, 0) where bytes[23] == 6:
      transport = 14 + Int(bytes[14] & 15) * 4
      end = min(bytes.count, 14 + Int(bytes[16]) << 8 + Int(bytes[17]))
    case (0x86, 0xDD) where bytes[20] == 6:
      transport = 54
      end = min(bytes.count, 54 + Int(bytes[18]) << 8 + Int(bytes[19]))
    default: return nil
    }
    guard transport + 20 <= end, transport + Int(bytes[transport + 12] >> 4) * 4 <= end else {
      return nil
    }
  }

  private var isIPv6: Bool { bytes[12] == 0x86 }
  private var body: Int { transport + Int(bytes[transport + 12] >> 4) * 4 }

  var targetCard: [UInt8] { Array(bytes[0..<6]) }
  var sourceCard: [UInt8] { Array(bytes[6..<12]) }
  var source: [UInt8] { Array(isIPv6 ? bytes[22..<38] : bytes[26..<30]) }
  var target: [UInt8] { Array(isIPv6 ? bytes[38..<54] : bytes[30..<34]) }
  var timeToLive: UInt8 { bytes[network + (isIPv6 ? 7 : 8)] }
  var identification: UInt16 { isIPv6 ? 0 : read16(network + 4) }
  var flags: PacketForge.Flags { PacketForge.Flags(rawValue: bytes[transport + 13]) }
  var window: UInt16 { read16(transport + 14) }
  var payload: [UInt8] { Array(bytes[body..<end]) }
  /// The IP packet up to the first eight octets of the segment, as an ICMP error quotes it.
  var quoted: [UInt8] { Array(bytes[network..<transport + 8]) }

  var sourcePort: UInt16 {
    get { read16(transport) }
    set { write(PacketForge.big(newValue), at: transport) }
  }

  var targetPort: UInt16 {
    get { read16(transport + 2) }
    set { write(PacketForge.big(newValue), at: transport + 2) }
  }

  var sequence: UInt32 {
    get { read32(transport + 4) }
    set { write(PacketForge.big(newValue), at: transport + 4) }
  }

  var acknowledgment: UInt32 {
    get { read32(transport + 8) }
    set { write(PacketForge.big(newValue), at: transport + 8) }
  }

  /// The sequence number that follows the segment.
  var nextSequence: UInt32 {
    sequence &+ UInt32(end - body) &+ (flags.isDisjoint(with: [.syn, .fin]) ? 0 : 1)
  }

  /// The sender's clock, where the options begin as every system of today begins them.
  var clock: UInt32? {
    guard transport + 32 <= body, bytes[transport + 20..<transport + 24] == [1, 1, 8, 10] else {
      return nil
    }
    return read32(transport + 24)
  }

  /// Whether both frames are of one connection.
  func isOfConnection(_ other: TCPFrame) -> Bool {
    let ends = (source, sourcePort, target, targetPort)
    return ends == (other.source, other.sourcePort, other.target, other.targetPort)
      || ends == (other.target, other.targetPort, other.source, other.sourcePort)
  }

  private func read16(_ offset: Int) -> UInt16 {
    UInt16(bytes[offset]) << 8 | UInt16(bytes[offset + 1])
  }

  private func read32(_ offset: Int) -> UInt32 {
    UInt32(read16(offset)) << 16 | UInt32(read16(offset + 2))
  }

  private mutating func write(_ octets: [UInt8], at offset: Int) {
    bytes.replaceSubrange(offset..<offset + octets.count, with: octets)
  }
}
