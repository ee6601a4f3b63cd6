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
  public let optionsOffset: Int
  /// Octets of options that were captured.
  public let optionsLength: Int
  /// Where the payload begins; not past the end of the bytes.
  public let payloadOffset: Int
  /// Octets of payload on the wire, without link padding.
  ///
  /// By the IP length, or by the frame's when that is 0, as segmentation offload leaves it.
  public let payloadLength: Int
  /// Octets of payload that were captured: fewer than `payloadLength` if the snap length cut them.
  public let capturedPayloadLength: Int
  /// Whether the segment is, on the wire, as long as its header says and at least 20 octets.
  ///
  /// Wireshark takes no sequence numbers from one that is not.
  public let isHeaderWhole: Bool

  /// Creates a segment's header.
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
    self.optionsOffset = optionsOffset
    self.optionsLength = optionsLength
    self.payloadOffset = payloadOffset
    self.payloadLength = payloadLength
    self.capturedPayloadLength = capturedPayloadLength
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
