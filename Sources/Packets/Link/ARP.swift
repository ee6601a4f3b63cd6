import Wire

extension PacketDecoder {
  /// Decodes ARP for IPv4 over 48-bit link addresses; other kinds stay `nonIP`.
  mutating func decodeARP(
    _ bytes: Span<UInt8>,
    _ extent: Extent,
    _ packet: Packet
  ) {
    guard packet.has(8, in: extent, .arp, "header") else { return }
    let start = extent.start
    guard bytes.uint16BigEndian(at: start + 2) == EtherType.ipv4,
      bytes.uint16BigEndian(at: start + 4) == 0x0604  // Lengths of the two kinds of address.
    else {
      packet.content = .nonIP(etherType: EtherType.arp)
      return
    }
    guard packet.has(28, in: extent, .arp, "addresses") else { return }
    let operation = bytes.uint16BigEndian(at: start + 6)
    let message = ARPMessage(
      operation: operation == 1 ? .request : operation == 2 ? .reply : .other(operation),
      senderMAC: bytes.macAddress(at: start + 8),
      senderIP: IPAddress(ipv4: bytes.uint32BigEndian(at: start + 14)),
      targetMAC: bytes.macAddress(at: start + 18),
      targetIP: IPAddress(ipv4: bytes.uint32BigEndian(at: start + 24))
    )
    packet.source = message.senderIP
    packet.destination = message.targetIP
    packet.hasAddresses = true
    packet.content = .arp(message)
  }
}

extension Span<UInt8> {
  /// The six octets at `offset`, which the caller has found captured.
  func macAddress(at offset: Int) -> MACAddress {
    MACAddress(
      UInt64(uint32BigEndian(at: offset)) << 16 | UInt64(uint16BigEndian(at: offset + 4))
    )
  }
}
