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
  /// TCP's control bits; `nil` if fewer than 14 octets are quoted.
  package var flags: TCPFlags?
}
