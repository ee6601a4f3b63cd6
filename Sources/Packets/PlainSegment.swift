public import Wire

/// The packet that nearly every packet is, seen in place.
///
/// TCP in IPv4 without options or fragments in Ethernet II, with all headers at hand: one look at
/// the lengths stands for those of the layers. Words are kept, and a field is made of them when it
/// is asked for.
public struct PlainSegment {
  @usableFromInline let internet: UInt64  // As in `decodeIPv4`: version 1, service 1, length 2, …
  @usableFromInline let carrier: UInt16  // … time to live 1, protocol 1.
  /// Its two ends.
  @usableFromInline package let ends: PlainEnds
  @usableFromInline let numbers: UInt64  // Sequence 4, acknowledgment 4.
  /// Offset of the payload in words 4 bits, control bits 12, window 16.
  @usableFromInline let control: UInt32
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
    self.init(reading: bytes)
    guard bytes.uint16BigEndian(at: 12) == 0x0800,  // IPv4.
      internet >> 56 == 0x45,  // Version 4, five words of header.
      internet & 0x3FFF == 0,  // No more fragments, no offset.
      carrier & 0xFF == 6,  // TCP.
      wireEnd <= max(bytes.count, originalLength),
      Self.headerLength <= payloadOffset, payloadOffset <= capturedEnd
    else { return nil }
  }

  /// Reads once more a frame that was found to be plain: for whoever calls something in between, for
  /// which the words read first would be put aside.
  @inlinable @inline(__always)
  package init(reading bytes: Span<UInt8>) {
    internet = bytes.uint64BigEndian(at: 14)
    carrier = bytes.uint16BigEndian(at: 22)
    ends = PlainEnds(
      addresses: bytes.uint64BigEndian(at: 26),
      ports: bytes.uint32BigEndian(at: 34)
    )
    numbers = bytes.uint64BigEndian(at: 38)
    control = bytes.uint32BigEndian(at: 46)
    wireEnd = 14 + Int(internet >> 32 & 0xFFFF)
    payloadOffset = 34 + Int(control >> 28) * 4
    capturedEnd = min(bytes.count, wireEnd)
  }

  /// The sender's sequence number.
  @inlinable @inline(__always)
  package var sequence: UInt32 { UInt32(truncatingIfNeeded: numbers >> 32) }
  /// What the sender acknowledges.
  @inlinable @inline(__always)
  package var acknowledgment: UInt32 { UInt32(truncatingIfNeeded: numbers) }
  /// The time to live.
  @inlinable @inline(__always)
  package var timeToLive: UInt8 { UInt8(truncatingIfNeeded: carrier >> 8) }
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
  /// Octets of payload that the capture holds.
  @inlinable @inline(__always)
  package var capturedPayloadLength: Int { capturedEnd - payloadOffset }
  /// Octets of TCP's options.
  @inlinable @inline(__always)
  package var optionsLength: Int { payloadOffset - Self.headerLength }

  /// The segment's header.
  @inlinable @inline(__always)
  package var segment: TCPSegment {
    TCPSegment(
      sourcePort: ends.sourcePort,
      destinationPort: ends.destinationPort,
      sequence: sequence,
      acknowledgment: acknowledgment,
      flags: flags,
      window: UInt16(truncatingIfNeeded: control),
      optionsOffset: Self.headerLength,
      optionsLength: optionsLength,
      payloadOffset: payloadOffset,
      payloadLength: payloadLength,
      capturedPayloadLength: capturedPayloadLength,
      isHeaderWhole: true
    )
  }
}

/// The ends of a segment in IPv4 as they stand in its headers: all that a conversation is told by, in
/// two words.
public struct PlainEnds: Hashable, Sendable {
  /// Source 4, destination 4.
  @usableFromInline let addresses: UInt64
  /// Source 2, destination 2.
  @usableFromInline let ports: UInt32

  /// Keeps the words of a header.
  @inlinable @inline(__always)
  package init(addresses: UInt64, ports: UInt32) {
    self.addresses = addresses
    self.ports = ports
  }

  /// The same ends of a segment the other way.
  @inlinable @inline(__always)
  package var reversed: PlainEnds {
    PlainEnds(addresses: addresses >> 32 | addresses << 32, ports: ports >> 16 | ports << 16)
  }

  /// Whether both ends are the same.
  @inlinable @inline(__always)
  public static func == (left: Self, right: Self) -> Bool {
    // Without a branch: of two segments neither one's way nor the other's is to be foreseen.
    (left.addresses ^ right.addresses) | UInt64(left.ports ^ right.ports) == 0
  }

  /// The sender's IPv4 address.
  @inlinable @inline(__always)
  package var source: UInt32 { UInt32(truncatingIfNeeded: addresses >> 32) }
  /// The receiver's IPv4 address.
  @inlinable @inline(__always)
  package var destination: UInt32 { UInt32(truncatingIfNeeded: addresses) }
  /// The sender's port.
  @inlinable @inline(__always)
  package var sourcePort: UInt16 { UInt16(truncatingIfNeeded: ports >> 16) }
  /// The receiver's port.
  @inlinable @inline(__always)
  package var destinationPort: UInt16 { UInt16(truncatingIfNeeded: ports) }
}
