/// An ARP message for IPv4 over a link with 48-bit addresses.
///
/// Layout, 28 octets big-endian: hardware type 2, protocol type 2, lengths 1 + 1, operation 2,
/// sender 6 + 4, target 6 + 4. RFC 826
package struct ARPMessage: Hashable, Sendable {
  package let operation: Operation
  package let senderMAC: MACAddress
  package let senderIP: IPAddress
  package let targetMAC: MACAddress
  package let targetIP: IPAddress

  /// What the sender wants.
  package enum Operation: Hashable, Sendable {
    case request
    case reply
    case other(UInt16)
  }

  /// Whether the sender announces its own address (RFC 5227 §3).
  package var isGratuitous: Bool { senderIP == targetIP && !senderIP.isUnspecified }
  /// Whether the sender asks if an address is free (RFC 5227 §2.1.1).
  package var isProbe: Bool { operation == .request && senderIP.isUnspecified }
}
