/// A fragment whose datagram is not complete.
package struct IPFragment: Hashable, Sendable {
  /// Identification of the datagram: 16 bits in IPv4, 32 in IPv6.
  package let identification: UInt32
  /// The protocol number of the datagram, in IPv6 the fragment header's next header.
  package let protocolNumber: UInt8
  /// Where the fragment belongs in the datagram's payload.
  package let offset: Int
  /// Octets of payload on the wire.
  package let length: Int
  package let isLast: Bool
}
