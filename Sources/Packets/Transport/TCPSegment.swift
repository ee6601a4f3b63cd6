/// The header fields of a TCP segment and the place of its payload.
///
/// Offsets are in the bytes handed out with the packet. RFC 9293 §3.1
public struct TCPSegment: Hashable, Sendable {
  /// The sender's port.
  public let sourcePort: UInt16
  /// The receiver's port.
  public let destinationPort: UInt16
  /// The number of the first octet, or of the SYN.
  public let sequence: UInt32
  /// The next number expected; meaningful with ACK.
  public let acknowledgment: UInt32
  /// The control bits.
  public let flags: TCPFlags
  /// The window as sent, not scaled.
  public let window: UInt16
  /// Where the options begin.
  @inlinable public var optionsOffset: Int { Int(storedOptionsOffset) }
  /// Octets of options that were captured.
  @inlinable public var optionsLength: Int { Int(storedOptionsLength) }
  /// Where the payload begins; not past the end of the bytes.
  @inlinable public var payloadOffset: Int { Int(storedPayloadOffset) }
  /// Octets of payload on the wire, without link padding.
  ///
  /// By the IP length, or by the frame's when that is 0, as segmentation offload leaves it.
  @inlinable public var payloadLength: Int { Int(storedPayloadLength) }
  /// Octets of payload that were captured: fewer than `payloadLength` if the snap length cut them.
  @inlinable public var capturedPayloadLength: Int { Int(storedCapturedPayloadLength) }
  /// Whether the segment is, on the wire, as long as its header says and at least 20 octets.
  ///
  /// Wireshark takes no sequence numbers from one that is not.
  public let isHeaderWhole: Bool

  // Segments are copied and gathered by the thousand: places and lengths, of 32 bits in every
  // format, take no more.
  @usableFromInline let storedOptionsOffset: UInt32
  @usableFromInline let storedOptionsLength: UInt32
  @usableFromInline let storedPayloadOffset: UInt32
  @usableFromInline let storedPayloadLength: UInt32
  @usableFromInline let storedCapturedPayloadLength: UInt32

  /// Creates a segment's header.
  @inlinable @inline(__always)
  public init(
    sourcePort: UInt16,
    destinationPort: UInt16,
    sequence: UInt32,
    acknowledgment: UInt32,
    flags: TCPFlags,
    window: UInt16,
    optionsOffset: Int,
    optionsLength: Int,
    payloadOffset: Int,
    payloadLength: Int,
    capturedPayloadLength: Int,
    isHeaderWhole: Bool
  ) {
    self.sourcePort = sourcePort
    self.destinationPort = destinationPort
    self.sequence = sequence
    self.acknowledgment = acknowledgment
    self.flags = flags
    self.window = window
    // No format holds a packet of more octets; how long it was on the wire is what the file says.
    storedOptionsOffset = UInt32(truncatingIfNeeded: optionsOffset)
    storedOptionsLength = UInt32(truncatingIfNeeded: optionsLength)
    storedPayloadOffset = UInt32(truncatingIfNeeded: payloadOffset)
    storedPayloadLength = UInt32(clamping: payloadLength)
    storedCapturedPayloadLength = UInt32(truncatingIfNeeded: capturedPayloadLength)
    self.isHeaderWhole = isHeaderWhole
  }

  /// Where the options are in the bytes handed out.
  public var optionsRange: Range<Int> { optionsOffset..<optionsOffset + optionsLength }
  /// Where the captured payload is in the bytes handed out.
  public var payloadRange: Range<Int> { payloadOffset..<payloadOffset + capturedPayloadLength }
  /// Sequence numbers that the segment takes: payload, SYN and FIN.
  public var sequenceLength: Int {
    payloadLength + (flags.contains(.syn) ? 1 : 0) + (flags.contains(.fin) ? 1 : 0)
  }
}
