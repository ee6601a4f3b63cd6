import Wire

extension PacketDecoder {
  /// Octets of the three headers of a plain packet, TCP's options left out.
  private static var plainHeaderLength: Int { 54 }

  /// Decodes the packet that nearly every packet is.
  ///
  /// TCP in IPv4 without options or fragments in Ethernet II, with all headers at hand: one look at
  /// the lengths stands for those of the layers.
  ///
  /// - Returns: Whether it is one; of any other, and of whatever is odd, nothing is decoded.
  @inline(__always)
  static func decodePlain(
    _ bytes: Span<UInt8>,
    _ originalLength: Int,
    _ packet: Packet
  ) -> Bool {
    guard plainHeaderLength <= bytes.count else { return false }
    let link = bytes.uint64BigEndian(at: 6)  // Source 6, type 2.
    let internet = bytes.uint64BigEndian(at: 14)  // As in `decodeIPv4`.
    let middle = bytes.uint64BigEndian(at: 22)
    let control = bytes.uint32BigEndian(at: 46)  // As in `decodeTCP`.
    let wireEnd = 14 + Int(internet >> 32 & 0xFFFF)
    let payloadOffset = 34 + Int(control >> 28) * 4
    let capturedEnd = min(bytes.count, wireEnd)
    guard link & 0xFFFF == UInt64(EtherType.ipv4),
      internet >> 56 == 0x45,  // Version 4, five words of header.
      internet & 0x3FFF == 0,  // No more fragments, no offset.
      middle >> 48 & 0xFF == UInt64(IPProtocol.tcp),
      wireEnd <= max(bytes.count, originalLength),
      plainHeaderLength <= payloadOffset, payloadOffset <= capturedEnd
    else { return false }
    packet.source = IPAddress(ipv4: UInt32(truncatingIfNeeded: middle))
    packet.destination = IPAddress(ipv4: bytes.uint32BigEndian(at: 30))
    packet.hasAddresses = true
    packet.sourceMAC = MACAddress(link >> 16)
    packet.destinationMAC = MACAddress(bytes.uint64BigEndian(at: 0) >> 16)
    packet.vlan = nil
    packet.timeToLive = UInt8(truncatingIfNeeded: middle >> 56)
    packet.identification = UInt32(truncatingIfNeeded: internet >> 16 & 0xFFFF)
    packet.hasIdentification = true
    packet.dontFragment = internet & 0x4000 != 0
    packet.isCutByCapture = capturedEnd < wireEnd
    packet.isOffloaded = false
    packet.isReassembled = false
    packet.tunnels = []
    packet.tunnelDepth = 0
    packet.problem = nil
    let ports = bytes.uint64BigEndian(at: 34)
    packet.content = .tcp(
      TCPSegment(
        sourcePort: UInt16(truncatingIfNeeded: ports >> 48),
        destinationPort: UInt16(truncatingIfNeeded: ports >> 32),
        sequence: UInt32(truncatingIfNeeded: ports),
        acknowledgment: bytes.uint32BigEndian(at: 42),
        flags: TCPFlags(rawValue: UInt16(control >> 16 & 0x0FFF)),
        window: UInt16(truncatingIfNeeded: control),
        optionsOffset: plainHeaderLength,
        optionsLength: payloadOffset - plainHeaderLength,
        payloadOffset: payloadOffset,
        payloadLength: wireEnd - payloadOffset,
        capturedPayloadLength: capturedEnd - payloadOffset,
        isHeaderWhole: true
      )
    )
    return true
  }
}
