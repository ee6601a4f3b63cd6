import Wire

extension PacketDecoder {
  /// Decodes a TCP header.
  ///
  /// Layout, 20 octets and options: ports 2 + 2, sequence 4, acknowledgment 4, data offset and
  /// flags 2, window 2, checksum 2, urgent pointer 2. RFC 9293 §3.1
  ///
  /// The first 16 octets suffice, for they hold all that is used here, and Wireshark counts a
  /// stream from them on.
  mutating func decodeTCP(
    _ bytes: Span<UInt8>,
    _ extent: Extent,
    _ packet: Packet
  ) {
    let start = extent.start
    guard packet.has(20, in: extent, .tcp, "header") || 16 <= extent.capturedCount else { return }
    // Two words of the header at a time: one check for both.
    let beginning = bytes.uint64BigEndian(at: start)
    let end = bytes.uint64BigEndian(at: start + 8)
    let control = UInt32(truncatingIfNeeded: end)
    var headerLength = Int(control >> 28) * 4
    var isHeaderWrong = false
    let isHeaderWhole = max(headerLength, 20) <= extent.wireCount
    if headerLength < 20 {
      packet.note(
        .tcp,
        "data offset",
        at: start + 12,
        .tooSmall(minimum: 20, found: headerLength)
      )
      headerLength = 20
      isHeaderWrong = true
    } else if headerLength > extent.wireCount {
      packet.note(
        .tcp,
        "data offset",
        at: start + 12,
        .truncated(needed: headerLength, available: extent.wireCount)
      )
      headerLength = extent.wireCount
    }
    // Where options and payload would begin, if they were cut.
    let optionsOffset = min(start + 20, extent.capturedEnd)
    let payloadOffset = min(start + headerLength, extent.capturedEnd)
    packet.content = .tcp(
      TCPSegment(
        sourcePort: UInt16(truncatingIfNeeded: beginning >> 48),
        destinationPort: UInt16(truncatingIfNeeded: beginning >> 32),
        sequence: UInt32(truncatingIfNeeded: beginning),
        acknowledgment: UInt32(truncatingIfNeeded: end >> 32),
        flags: TCPFlags(rawValue: UInt16(control >> 16 & 0x0FFF)),
        window: UInt16(control & 0xFFFF),
        optionsOffset: optionsOffset,
        optionsLength: max(0, payloadOffset - optionsOffset),
        payloadOffset: payloadOffset,
        // Without a believable header nobody knows where the payload is.
        payloadLength: isHeaderWrong ? 0 : extent.wireCount - headerLength,
        capturedPayloadLength: isHeaderWrong ? 0 : extent.capturedEnd - payloadOffset,
        isHeaderWhole: isHeaderWhole
      )
    )
  }

  /// Decodes a UDP header (ports 2 + 2, length 2, checksum 2) and the tunnels on its ports.
  mutating func decodeUDP(
    _ bytes: Span<UInt8>,
    _ extent: Extent,
    _ packet: Packet
  ) {
    var extent = extent
    let start = extent.start
    guard packet.has(8, in: extent, .udp, "header") else { return }
    let ports = bytes.uint32BigEndian(at: start)
    let length = Int(bytes.uint16BigEndian(at: start + 4))
    if length >= 8 {
      if length > extent.wireCount {
        packet.note(
          .udp,
          "length",
          at: start + 4,
          .truncated(needed: length, available: extent.wireCount)
        )
      } else {
        extent.limit(to: length)
      }
    } else if length != 0 {  // Zero: a jumbogram (RFC 2675 §4) or filled in by the network card.
      packet.note(.udp, "length", at: start + 4, .tooSmall(minimum: 8, found: length))
    }
    extent.skip(8)
    let destinationPort = UInt16(ports & 0xFFFF)
    switch destinationPort {
    case UDPTunnel.vxlanPort where decodeVXLAN(bytes, extent, packet): return
    case UDPTunnel.genevePort where decodeGeneve(bytes, extent, packet): return
    default: break
    }
    packet.content = .udp(
      UDPDatagram(
        sourcePort: UInt16(ports >> 16),
        destinationPort: destinationPort,
        payloadOffset: extent.start,
        payloadLength: extent.wireCount,
        capturedPayloadLength: extent.capturedCount
      )
    )
  }
}
