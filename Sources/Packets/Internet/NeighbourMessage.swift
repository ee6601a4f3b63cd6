/// A message of IPv6 neighbour discovery.
///
/// RFC 4861 §4
package struct NeighbourMessage: Hashable, Sendable {
  package let kind: Kind
  /// The address asked for, announced or redirected to; `nil` in router messages or when cut.
  package let target: IPAddress?
  /// The source or target link-layer address option.
  package let linkLayerAddress: MACAddress?
  /// Whether an advertisement answers a solicitation; false in other messages.
  package let isSolicited: Bool
  /// Whether the sender of an advertisement is a router; false in other messages.
  package let isRouter: Bool

  /// The message's ICMPv6 type.
  package enum Kind: UInt8, Hashable, Sendable {
    case routerSolicitation = 133
    case routerAdvertisement = 134
    case solicitation = 135
    case advertisement = 136
    case redirect = 137
  }
}
