package import Wire

/// What is wrong with a packet, without an allocation until someone asks for the ``DecodeError``.
package struct PacketProblem: Sendable {
  package let layer: PacketLayer
  /// The field, in the specification's spelling.
  package let field: StaticString
  /// Where the field or header begins in the bytes handed out.
  package let offset: Int
  package let reason: Reason

  /// What was wrong with the field.
  package enum Reason: Hashable, Sendable {
    /// The header or length needs more octets than the packet had on the wire.
    case truncated(needed: Int, available: Int)
    /// The value is smaller than its own header.
    case tooSmall(minimum: Int, found: Int)
    /// The value is not one that the specification allows here.
    case notAllowed(found: Int)
    /// More of them than the decoder's named limit.
    case limitExceeded(limit: Int)
  }

  /// The problem in the form that the timeline keeps.
  package var decodeError: DecodeError {
    let reason: DecodeError.Reason =
      switch reason {
      case .truncated(let needed, let available):
        .truncated(
          needed: needed,
          available: available,
          boundedBy: .buffer
        )
      case .tooSmall(let minimum, let found):
        .unexpected(expected: "at least \(minimum)", found: "\(found)")
      case .notAllowed(let found): .unexpected(expected: "an allowed value", found: "\(found)")
      case .limitExceeded(let limit): .limitExceeded(limit: limit, found: limit + 1)
      }
    return DecodeError(layer: layer.layer, field: "\(field)", offset: offset, reason: reason)
  }
}

/// The layers of a packet, as a plain enum for the per-packet decoders.
package enum PacketLayer: UInt8, Hashable, Sendable {
  case link, arp, ipv4, ipv6, icmp, tcp, udp, tunnel

  /// The layer as errors name it.
  package var layer: Layer {
    switch self {
    case .link: .link
    case .arp: .arp
    case .ipv4: .ipv4
    case .ipv6: .ipv6
    case .icmp: .icmp
    case .tcp: .tcp
    case .udp: .udp
    case .tunnel: .tunnel
    }
  }
}
