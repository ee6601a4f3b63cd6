import Wire

@testable import Packets

/// Bytes written as hexadecimal digits; anything else is layout.
func hex(_ text: String) -> [UInt8] {
  var octets: [UInt8] = []
  var high: UInt8?
  for character in text {
    guard let digit = character.hexDigitValue.map({ UInt8($0) }) else { continue }
    if let first = high {
      octets.append(first << 4 | digit)
      high = nil
    } else {
      high = digit
    }
  }
  return octets
}

/// What a decoder handed out for one packet.
struct Decoded {
  var packet: Packet
  /// The span that came with the packet.
  var bytes: [UInt8]

  var segment: TCPSegment? {
    guard case .tcp(let segment) = packet.content else { return nil }
    return segment
  }

  var datagram: UDPDatagram? {
    guard case .udp(let datagram) = packet.content else { return nil }
    return datagram
  }

  var message: ICMPMessage? {
    guard case .icmp(let message) = packet.content else { return nil }
    return message
  }

  var payload: [UInt8]? {
    (segment?.payloadRange ?? datagram?.payloadRange).map { Array(bytes[$0]) }
  }
}

extension PacketDecoder {
  mutating func decode(
    _ bytes: [UInt8],
    _ linkType: LinkType = .ethernet,
    originalLength: Int? = nil,
    seconds: Int64 = 0
  ) -> Decoded {
    let packet = Packet()
    var handedOut: [Decoded] = []
    decode(
      bytes.span,
      linkType: linkType,
      originalLength: originalLength ?? bytes.count,
      timestamp: Timestamp(nanoseconds: seconds * 1_000_000_000),
      into: packet
    ) { packet, bytes in
      handedOut.append(Decoded(packet: packet, bytes: bytes.array(0..<bytes.count)))
    }
    precondition(handedOut.count == 1, "each packet is handed out exactly once")
    return handedOut[0]
  }
}

/// Decodes one packet with a decoder of its own.
func decode(
  _ bytes: [UInt8],
  _ linkType: LinkType = .ethernet,
  originalLength: Int? = nil
) -> Decoded {
  var decoder = PacketDecoder()
  return decoder.decode(bytes, linkType, originalLength: originalLength)
}

/// Builders of the headers that the samples are made of.
enum Build {
  static let macs = hex("02 00 00 00 00 02  02 00 00 00 00 01")
  static let client = IPAddress(ipv4: 0x0A00_0001)
  static let server = IPAddress(ipv4: 0x0A00_0002)
  static let client6 = IPAddress(high: 0x2001_0DB8_0000_0000, low: 1)
  static let server6 = IPAddress(high: 0x2001_0DB8_0000_0000, low: 2)

  static func uint16(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 255), UInt8(value & 255)] }

  /// Port 49152 to 3389, ACK and PSH.
  static func tcp(_ payload: [UInt8], options: [UInt8] = []) -> [UInt8] {
    hex("C000 0D3D 00000064 000000C8") + [UInt8(0x50 + options.count / 4 * 16), 0x18]
      + hex("2000 0000 0000") + options + payload
  }

  static func udp(_ payload: [UInt8], to port: Int = 3389) -> [UInt8] {
    hex("C000") + uint16(port) + uint16(8 + payload.count) + hex("0000") + payload
  }

  /// 10.0.0.1 to 10.0.0.2, TTL 128, identification 0x1234.
  static func ipv4(
    _ number: UInt8,
    _ payload: [UInt8],
    length: Int? = nil,
    fragment: Int = 0x4000,
    options: [UInt8] = []
  ) -> [UInt8] {
    [UInt8(0x45 + options.count / 4), 0] + uint16(length ?? 20 + options.count + payload.count)
      + hex("1234") + uint16(fragment) + [128, number] + hex("0000 0A000001 0A000002")
      + options + payload
  }

  /// 2001:db8::1 to 2001:db8::2, hop limit 64.
  static func ipv6(_ next: UInt8, _ payload: [UInt8], length: Int? = nil) -> [UInt8] {
    hex("60000000") + uint16(length ?? payload.count) + [next, 64]
      + hex("20010DB8000000000000000000000001 20010DB8000000000000000000000002") + payload
  }

  static func ethernet(_ type: Int, _ payload: [UInt8]) -> [UInt8] {
    macs + uint16(type) + payload
  }
}
