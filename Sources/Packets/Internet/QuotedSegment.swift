/// The header of the packet that an ICMP error speaks of.
package struct QuotedSegment: Hashable, Sendable {
  package let source: IPAddress
  package let destination: IPAddress
  /// The protocol number of the quoted payload: 6 TCP, 17 UDP.
  package let protocolNumber: UInt8
  /// TTL or hop limit as it was where the error was made.
  package let timeToLive: UInt8
  /// `nil` for other protocols, for a later fragment, or if fewer than 4 octets are quoted.
  package var sourcePort: UInt16?
  /// `nil` whenever `sourcePort` is.
  package var destinationPort: UInt16?
  /// TCP's sequence number; `nil` if fewer than 8 octets are quoted.
  package var sequence: UInt32?
  /// TCP's control bits; `nil` if fewer than 16 octets are quoted, or the whole of a fragment is:
  /// then Wireshark does not take the quote for a segment.
  package var flags: TCPFlags?

  /// Creates the header of a quoted packet.
  package init(
    source: IPAddress,
    destination: IPAddress,
    protocolNumber: UInt8,
    timeToLive: UInt8,
    sourcePort: UInt16? = nil,
    destinationPort: UInt16? = nil,
    sequence: UInt32? = nil,
    flags: TCPFlags? = nil
  ) {
    self.source = source
    self.destination = destination
    self.protocolNumber = protocolNumber
    self.timeToLive = timeToLive
    self.sourcePort = sourcePort
    self.destinationPort = destinationPort
    self.sequence = sequence
    self.flags = flags
  }
}
