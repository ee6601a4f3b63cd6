/// The header fields of a UDP datagram and the place of its payload.
///
/// Offsets are in the bytes handed out with the packet. RFC 768
package struct UDPDatagram: Hashable, Sendable {
  package let sourcePort: UInt16
  package let destinationPort: UInt16
  /// Where the payload begins; not past the end of the bytes.
  package let payloadOffset: Int
  /// Octets of payload on the wire.
  package let payloadLength: Int
  /// Octets of payload that were captured.
  package let capturedPayloadLength: Int

  /// Where the captured payload is in the bytes handed out.
  package var payloadRange: Range<Int> { payloadOffset..<payloadOffset + capturedPayloadLength }
}
