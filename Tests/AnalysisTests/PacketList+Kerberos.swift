import Capture
import Wire

extension PacketList {
  /// The list with a datagram more, at its place in time, between two IPv4 hosts on Ethernet.
  ///
  /// - Parameters:
  ///   - payload: What it carries.
  ///   - source: Four octets of an address.
  ///   - destination: Four octets of an address.
  ///   - ports: Of the sender and the receiver.
  ///   - nanoseconds: When, after the first packet.
  /// - Returns: The longer list.
  func adding(
    udp payload: [UInt8],
    from source: [UInt8],
    to destination: [UInt8],
    ports: (UInt16, UInt16),
    after nanoseconds: Int64
  ) -> PacketList {
    guard let first = packets.first else { return self }
    func big(_ value: Int) -> [UInt8] {
      [UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)]
    }
    let udp =
      big(Int(ports.0)) + big(Int(ports.1)) + big(8 + payload.count) + [0, 0] + payload
    let ip: [UInt8] =
      [0x45, 0] + big(20 + udp.count) + [0, 1, 0x40, 0, 64, 17, 0, 0] + source + destination
    let frame = [UInt8](repeating: 2, count: 12) + [0x08, 0x00] + ip + udp
    var packet = first
    packet.bytes = frame
    packet.record.capturedLength = frame.count
    packet.record.originalLength = frame.count
    packet.record.timestamp = Timestamp(
      nanoseconds: first.record.timestamp.nanoseconds + nanoseconds
    )
    var list = self
    let place =
      packets.firstIndex { packet.record.timestamp < $0.record.timestamp } ?? packets.count
    list.packets.insert(packet, at: place)
    return list
  }
}
