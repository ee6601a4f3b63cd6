/// An ICMP or ICMPv6 message, with the header that an error quotes.
///
/// RFC 792, RFC 1191 (next-hop MTU), RFC 4443
package struct ICMPMessage: Hashable, Sendable {
  /// Whether this is ICMPv6.
  package let isVersion6: Bool
  package let type: UInt8
  package let code: UInt8
  /// What type and code say.
  package let meaning: Meaning
  /// The packet that an error speaks of; `nil` for other messages, or if too little is quoted.
  package let quoted: QuotedSegment?

  /// What a message says, in the terms that both versions share.
  package enum Meaning: Hashable, Sendable {
    case netUnreachable
    case hostUnreachable
    case portUnreachable
    /// The host, or what answers in its name, takes no TCP at all.
    case protocolUnreachable
    case adminProhibited
    /// A larger packet than the next hop takes; `mtu` is `nil` from routers older than RFC 1191.
    case fragmentationNeeded(mtu: UInt32?)
    case timeExceeded
    case echoRequest
    case echoReply
    case other

    /// What it says, in the words of the registry (IANA, ICMP Parameters).
    package var text: String {
      switch self {
      case .netUnreachable: "net unreachable"
      case .hostUnreachable: "host unreachable"
      case .portUnreachable: "port unreachable"
      case .protocolUnreachable: "protocol unreachable"
      case .adminProhibited: "communication administratively prohibited"
      case .fragmentationNeeded(let mtu?): "packet too big, next hop takes \(mtu) octets"
      case .fragmentationNeeded(nil): "packet too big"
      case .timeExceeded: "time exceeded"
      case .echoRequest: "echo"
      case .echoReply: "echo reply"
      case .other: "something else"
      }
    }
  }

  /// The next hop's MTU in octets, `nil` unless a packet was too big and the router said it.
  package var nextHopMTU: UInt32? {
    guard case .fragmentationNeeded(let mtu) = meaning else { return nil }
    return mtu
  }
}
