/// What the first octets of a captured packet are: a LINKTYPE_ value; an open registry.
///
/// <https://www.tcpdump.org/linktypes.html>
public struct LinkType: RawRepresentable, Hashable, Sendable {
  /// The registered number.
  public let rawValue: Int

  /// Creates a link type from its registered number.
  @inlinable
  public init(rawValue: Int) { self.rawValue = rawValue }

  /// BSD loopback: the address family in the byte order of the capturing host.
  @inlinable public static var null: Self { Self(rawValue: 0) }
  /// Ethernet.
  @inlinable public static var ethernet: Self { Self(rawValue: 1) }
  /// PPP, with or without the HDLC address and control octets.
  @inlinable public static var ppp: Self { Self(rawValue: 9) }
  /// PPP in HDLC-like framing, or Cisco HDLC.
  @inlinable public static var pppHDLC: Self { Self(rawValue: 50) }
  /// PPPoE session header and payload.
  @inlinable public static var pppoe: Self { Self(rawValue: 51) }
  /// IPv4 or IPv6, told apart by the version.
  @inlinable public static var raw: Self { Self(rawValue: 101) }
  /// OpenBSD loopback: the address family in network byte order.
  @inlinable public static var loop: Self { Self(rawValue: 108) }
  /// Linux "cooked" capture, version 1.
  @inlinable public static var linuxSLL: Self { Self(rawValue: 113) }
  /// IPv4 without a link layer.
  @inlinable public static var ipv4: Self { Self(rawValue: 228) }
  /// IPv6 without a link layer.
  @inlinable public static var ipv6: Self { Self(rawValue: 229) }
  /// Linux netfilter log messages.
  @inlinable public static var nflog: Self { Self(rawValue: 239) }
  /// Apple's packet metadata header, followed by a packet of the link type that it names.
  @inlinable public static var pktap: Self { Self(rawValue: 258) }
  /// Linux "cooked" capture, version 2.
  @inlinable public static var linuxSLL2: Self { Self(rawValue: 276) }
}
