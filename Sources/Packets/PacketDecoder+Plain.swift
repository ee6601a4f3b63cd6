import Wire

extension PacketDecoder {
  /// Decodes a plain packet in one step.
  ///
  /// - Returns: Whether it is one; of any other, nothing is decoded.
  @inline(__always)
  static func decodePlain(
    _ bytes: Span<UInt8>,
    _ originalLength: Int,
    _ packet: Packet
  ) -> Bool {
    guard let plain = PlainSegment(bytes, originalLength: originalLength) else { return false }
    packet.source = IPAddress(ipv4: plain.ends.source)
    packet.destination = IPAddress(ipv4: plain.ends.destination)
    packet.hasAddresses = true
    packet.sourceMAC = MACAddress(bytes.uint64BigEndian(at: 6) >> 16)
    packet.destinationMAC = MACAddress(bytes.uint64BigEndian(at: 0) >> 16)
    packet.vlan = nil
    packet.timeToLive = plain.timeToLive
    packet.identification = UInt32(plain.identification)
    packet.hasIdentification = true
    packet.dontFragment = plain.dontFragment
    packet.isCutByCapture = plain.isCutByCapture
    packet.isOffloaded = false
    packet.isReassembled = false
    packet.tunnels = []
    packet.tunnelDepth = 0
    packet.problem = nil
    packet.content = .tcp(plain.segment)
    return true
  }
}
