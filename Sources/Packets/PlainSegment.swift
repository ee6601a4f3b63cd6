public import Wire

/// The packet that nearly every packet is, seen in place.
///
/// TCP in IPv4 without options or fragments in Ethernet II, with all headers at hand: one look at
/// the lengths stands for those of the layers. Words are kept, and a field is made of them when it
/// is asked for.
public struct PlainSegment {
  @usableFromInline let internet: UInt64  // As in `decodeIPv4`: version 1, service 1, length 2, …
  @usableFromInline let middle: UInt64  // … time to live 1, protocol 1, checksum 2, source 4.
  @usableFromInline let destinationWord: UInt32
  @usableFromInline let opening: UInt64  // As in `decodeTCP`: ports 2 + 2, sequence 4.
  @usableFromInline let acknowledgment: UInt32
  @usableFromInline let control: UInt32  // Offset and flags 2, window 2.
  @usableFromInline let payloadOffset: Int
  @usableFromInline let wireEnd: Int
  @usableFromInline let capturedEnd: Int

  /// Octets of the three headers, TCP's options left out.
  @inlinable static var headerLength: Int { 54 }

  /// Looks at a frame of Ethernet II; `nil` for one that is not plain, or odd in whatever way.
  ///
  /// - Parameters:
  ///   - bytes: The captured octets.
  ///   - originalLength: Octets of the packet on the wire, as the capture file says.
  @inlinable @inline(__always)
  package init?(_ bytes: Span<UInt8>, originalLength: Int) {
    guard Self.headerLength <= bytes.count else { return nil }
    internet = bytes.uint64BigEndian(at: 14)
    middle = bytes.uint64BigEndian(at: 22)
    destinationWord = bytes.uint32BigEndian(at: 30)
    opening = bytes.uint64BigEndian(at: 34)
    acknowledgment = bytes.uint32BigEndian(at: 42)
    control = bytes.uint32BigEndian(at: 46)
    wireEnd = 14 + Int(internet >> 32 & 0xFFFF)
    payloadOffset = 34 + Int(control >> 28) * 4
    capturedEnd = min(bytes.count, wireEnd)
    guard bytes.uint64BigEndian(at: 6) & 0xFFFF == 0x0800,  // Source 6, EtherType 2: IPv4.
      internet >> 56 == 0x45,  // Version 4, five words of header.
      internet & 0x3FFF == 0,  // No more fragments, no offset.
      middle >> 48 & 0xFF == 6,  // TCP.
      wireEnd <= max(bytes.count, originalLength),
      Self.headerLength <= payloadOffset, payloadOffset <= capturedEnd
    else { return nil }
  }

  /// The sender's IPv4 address.
  @inlinable @inline(__always)
  package var source: UInt32 { UInt32(truncatingIfNeeded: middle) }
  /// The receiver's IPv4 address.
  @inlinable @inline(__always)
  package var destination: UInt32 { destinationWord }
  /// The sender's port.
  @inlinable @inline(__always)
  package var sourcePort: UInt16 { UInt16(truncatingIfNeeded: opening >> 48) }
  /// The receiver's port.
  @inlinable @inline(__always)
  package var destinationPort: UInt16 { UInt16(truncatingIfNeeded: opening >> 32) }
  /// The time to live.
  @inlinable @inline(__always)
  package var timeToLive: UInt8 { UInt8(truncatingIfNeeded: middle >> 56) }
  /// IPv4's identification.
  @inlinable @inline(__always)
  package var identification: UInt16 { UInt16(truncatingIfNeeded: internet >> 16) }
  /// IPv4's DF bit.
  @inlinable @inline(__always)
  package var dontFragment: Bool { internet & 0x4000 != 0 }
  /// Whether the snap length cut octets that belong to the packet.
  @inlinable @inline(__always)
  package var isCutByCapture: Bool { capturedEnd < wireEnd }
  /// The control bits.
  @inlinable @inline(__always)
  package var flags: TCPFlags { TCPFlags(rawValue: UInt16(control >> 16 & 0x0FFF)) }
  /// Octets of payload on the wire.
  @inlinable @inline(__always)
  package var payloadLength: Int { wireEnd - payloadOffset }

  /// The segment's header.
  @inlinable @inline(__always)
  package var segment: TCPSegment {
    TCPSegment(
      sourcePort: sourcePort,
      destinationPort: destinationPort,
      sequence: UInt32(truncatingIfNeeded: opening),
      acknowledgment: acknowledgment,
      flags: flags,
      window: UInt16(truncatingIfNeeded: control),
      optionsOffset: Self.headerLength,
      optionsLength: payloadOffset - Self.headerLength,
      payloadOffset: payloadOffset,
      payloadLength: payloadLength,
      capturedPayloadLength: capturedEnd - payloadOffset,
      isHeaderWhole: true
    )
  }
}
