package import Packets
package import Streams

extension Redactor {
  /// Networks that stay what they are, because what they are for explains and names nobody: private,
  /// link-local, loopback, carrier-grade NAT, multicast and reserved. RFC 6890
  private static let kept4: [Prefix] = [
    Prefix([0], 8), Prefix([10], 8), Prefix([100, 64], 10), Prefix([127], 8),
    Prefix([169, 254], 16), Prefix([172, 16], 12), Prefix([192, 168], 16), Prefix([224], 3),
  ]
  /// The same for IPv6: unique local, link-local, multicast, and global unicast as a whole.
  private static let kept6: [Prefix] = [
    Prefix([0x20], 3), Prefix([0xFC], 7), Prefix([0xFE, 0x80], 10), Prefix([0xFF], 8),
  ]

  /// The first bits of addresses.
  private struct Prefix {
    let octets: [UInt8]
    let bitCount: Int

    init(_ octets: [UInt8], _ bitCount: Int) {
      self.octets = octets
      self.bitCount = bitCount
    }

    /// Whether the next bit after the first `depth` of an address leads on into this prefix.
    func governs(_ address: [UInt8], after depth: Int) -> Bool {
      guard depth < bitCount else { return false }
      return (0..<depth).allSatisfy { Self.bit($0, octets) == Self.bit($0, address) }
    }

    private static func bit(_ index: Int, _ octets: [UInt8]) -> Bool {
      index / 8 < octets.count && octets[index / 8] & (0x80 >> UInt8(index % 8)) != 0
    }
  }

  /// An address of the same kind; two that share their first bits still do.
  ///
  /// Each bit is flipped or not by what the bits before it are, as in Crypto-PAn (Xu, Fan, Ammar and
  /// Moon 2002); the HMAC of the octets before has one bit for each node of the next octet's tree.
  /// Where both ways lead to networks that have to stay apart, no bit is flipped.
  package func address(_ address: IPAddress) -> IPAddress {
    guard !address.isUnspecified, !address.isLoopback, !address.isMulticast, !address.isBroadcast
    else { return address }
    if let ipv4 = address.ipv4 {
      let octets = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: ipv4 >> $0) }
      let renamed = rename(octets, .address4, Self.kept4)
      return IPAddress(ipv4: renamed.reduce(0) { $0 << 8 | UInt32($1) })
    }
    let octets = [address.high, address.low].flatMap { word in
      stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: word >> UInt64($0)) }
    }
    let renamed = rename(octets, .address6, Self.kept6)
    return IPAddress(
      high: renamed.prefix(8).reduce(0) { $0 << 8 | UInt64($1) },
      low: renamed.suffix(8).reduce(0) { $0 << 8 | UInt64($1) }
    )
  }

  private func rename(_ octets: [UInt8], _ kind: Kind, _ kept: [Prefix]) -> [UInt8] {
    octets.indices.map { index in
      let pad = pad(kind, octets[..<index])
      var node = 1
      var flips: UInt8 = 0
      for bit in 0..<8 {
        let mask: UInt8 = 0x80 >> UInt8(bit)
        let isKept = kept.contains { $0.governs(octets, after: 8 * index + bit) }
        if !isKept, pad[node / 8] & (1 << UInt8(node % 8)) != 0 { flips |= mask }
        // INVARIANT: node < 256 while it is read: the tree of one octet has 255 inner nodes.
        node = 2 * node + (octets[index] & mask == 0 ? 0 : 1)
      }
      return octets[index] ^ flips
    }
  }

  func endpoint(_ endpoint: Endpoint) -> Endpoint {
    Endpoint(address: address(endpoint.address), port: endpoint.port)
  }

  /// The hosts under their pseudonyms.
  package func hosts(_ hosts: HostTable) -> HostTable { hosts.renaming(address) }
}
