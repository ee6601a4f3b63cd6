import Packets

/// Encodes headers, fields in network byte order.
struct HeaderWriter {
  /// A reserved type, for frames of which nothing is known.
  static let reservedEtherType: UInt16 = 0xFFFF

  private(set) var octets: [UInt8] = []

  mutating func append(_ more: [UInt8]) { octets += more }

  mutating func uint16(_ value: UInt16) { octets += [UInt8(value >> 8), UInt8(value & 0xFF)] }

  mutating func uint32(_ value: UInt32) {
    uint16(UInt16(value >> 16))
    uint16(UInt16(value & 0xFFFF))
  }

  mutating func hardware(_ address: MACAddress?) {
    let value = address?.rawValue ?? 0
    uint16(UInt16(truncatingIfNeeded: value >> 32))
    uint32(UInt32(truncatingIfNeeded: value))
  }

  mutating func address(_ address: IPAddress) {
    if let ipv4 = address.ipv4 { return uint32(ipv4) }
    for word in [address.high, address.low] {
      uint32(UInt32(truncatingIfNeeded: word >> 32))
      uint32(UInt32(truncatingIfNeeded: word))
    }
  }

  /// An IPv4 header of 20 octets with its checksum, or an IPv6 header of 40. RFC 791, RFC 8200
  mutating func ip(
    from source: IPAddress,
    to destination: IPAddress,
    number: UInt8,
    timeToLive: UInt8,
    identification: UInt32,
    dontFragment: Bool,
    payloadLength: Int
  ) {
    guard source.isIPv4 else {
      append([0x60, 0, 0, 0])
      // 0 where it does not fit, as capturing hosts write before segmentation offload.
      uint16(UInt16(exactly: payloadLength) ?? 0)
      append([number, timeToLive])
      address(source)
      address(destination)
      return
    }
    let start = octets.count
    append([0x45, 0])
    uint16(UInt16(exactly: 20 + payloadLength) ?? 0)
    uint16(UInt16(truncatingIfNeeded: identification))
    append([dontFragment ? 0x40 : 0, 0, timeToLive, number, 0, 0])
    address(source)
    address(destination)
    let sum = Self.checksum(octets[start...])
    octets[start + 10] = UInt8(sum >> 8)
    octets[start + 11] = UInt8(sum & 0xFF)
  }

  /// A TCP header without a checksum, which nobody could verify without the payload. RFC 9293 §3.1
  mutating func tcp(_ segment: TCPSegment, _ options: TCPOptions?) {
    var list = HeaderWriter()
    if let size = options?.maximumSegmentSize {
      list.append([2, 4])
      list.uint16(size)
    }
    if options?.sackPermitted == true { list.append([1, 1, 4, 2]) }
    if let shift = options?.windowScale { list.append([1, 3, 3, shift]) }
    uint16(segment.sourcePort)
    uint16(segment.destinationPort)
    uint32(segment.sequence)
    uint32(segment.acknowledgment)
    let words = UInt16(5 + list.octets.count / 4)
    uint16(words << 12 | segment.flags.rawValue & 0x0FFF)
    uint16(segment.window)
    append([0, 0, 0, 0])
    append(list.octets)
  }

  /// A UDP header without a checksum. RFC 768
  mutating func udp(_ datagram: UDPDatagram) {
    uint16(datagram.sourcePort)
    uint16(datagram.destinationPort)
    uint16(UInt16(exactly: 8 + datagram.payloadLength) ?? 0)
    append([0, 0])
  }

  /// The ones' complement sum of RFC 1071, over an even number of octets.
  private static func checksum(_ octets: ArraySlice<UInt8>) -> UInt16 {
    var sum: UInt32 = 0
    for (index, octet) in octets.enumerated() {
      sum += index.isMultiple(of: 2) ? UInt32(octet) << 8 : UInt32(octet)
    }
    while sum >> 16 != 0 { sum = sum & 0xFFFF + sum >> 16 }
    return ~UInt16(sum)
  }
}
