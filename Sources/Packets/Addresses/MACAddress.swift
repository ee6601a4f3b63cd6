/// A 48-bit link-layer address (EUI-48).
package struct MACAddress: Hashable, Sendable {
  /// The address in the low 48 bits, first octet highest.
  package let rawValue: UInt64

  /// Creates an address from the low 48 bits of `rawValue`.
  package init(_ rawValue: UInt64) { self.rawValue = rawValue & 0xFFFF_FFFF_FFFF }

  /// ff:ff:ff:ff:ff:ff.
  package static let broadcast = MACAddress(0xFFFF_FFFF_FFFF)

  /// Whether the address names a group, broadcast included.
  package var isMulticast: Bool { rawValue & 0x0100_0000_0000 != 0 }

  /// The first three octets: the manufacturer's identifier (OUI), unless assigned locally.
  package var organization: UInt32 { UInt32(rawValue >> 24) }
}

extension MACAddress: CustomStringConvertible {
  /// Six pairs of lower-case hexadecimal digits with colons.
  package var description: String {
    [40, 32, 24, 16, 8, 0].map { shift in
      let octet = rawValue >> UInt64(shift) & 255
      return (octet < 16 ? "0" : "") + String(octet, radix: 16)
    }.joined(separator: ":")
  }
}
