/// An IPv4 or IPv6 address as two 64-bit words.
///
/// An IPv4 address is held as its IPv4-mapped IPv6 address `::ffff:a.b.c.d` (RFC 4291 §2.5.5.2), so
/// that flows of both families share one key.
public struct IPAddress: Hashable, Comparable, Sendable {
  /// The first eight octets.
  public let high: UInt64
  /// The last eight octets.
  public let low: UInt64

  /// The unspecified address `::`; a packet without an IP layer has it.
  public static let unspecified = IPAddress(high: 0, low: 0)

  /// Creates an address from its two words.
  @inlinable
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Creates an IPv4 address.
  @inlinable
  public init(ipv4 address: UInt32) {
    self.init(high: 0, low: 0xFFFF_0000_0000 | UInt64(address))
  }

  /// Whether both words are the same.
  @inlinable
  public static func == (left: Self, right: Self) -> Bool {
    left.low == right.low && left.high == right.high
  }

  /// Orders addresses as 128-bit numbers.
  @inlinable
  public static func < (left: Self, right: Self) -> Bool {
    left.high == right.high ? left.low < right.low : left.high < right.high
  }

  /// Whether this is an IPv4 address.
  public var isIPv4: Bool { high == 0 && low >> 32 == 0xFFFF }

  /// The IPv4 address, `nil` for an IPv6 address.
  public var ipv4: UInt32? { isIPv4 ? UInt32(truncatingIfNeeded: low) : nil }

  /// Whether this is `::` or `0.0.0.0`.
  public var isUnspecified: Bool { ipv4.map { $0 == 0 } ?? (high == 0 && low == 0) }

  /// Whether this is in 169.254/16 (RFC 3927) or fe80::/10.
  public var isLinkLocal: Bool { ipv4.map { $0 >> 16 == 0xA9FE } ?? (high >> 54 == 0x3FA) }

  /// Whether this is in 127/8 or `::1`.
  public var isLoopback: Bool { ipv4.map { $0 >> 24 == 127 } ?? (high == 0 && low == 1) }

  /// Whether this is in 224/4 or ff00::/8.
  public var isMulticast: Bool { ipv4.map { $0 >> 28 == 14 } ?? (high >> 56 == 0xFF) }

  /// Whether this is 255.255.255.255.
  public var isBroadcast: Bool { ipv4 == .max }

  /// Whether this is in 10/8, 172.16/12, 192.168/16 (RFC 1918) or fc00::/7 (RFC 4193).
  public var isPrivate: Bool {
    guard let ipv4 else { return high >> 57 == 0x7E }
    return ipv4 >> 24 == 10 || ipv4 >> 20 == 0xAC1 || ipv4 >> 16 == 0xC0A8
  }
}
