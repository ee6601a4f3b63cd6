/// The control bits of a TCP segment, unknown bits kept.
public struct TCPFlags: OptionSet, Hashable, Sendable {
  /// The low twelve bits of the header's octets 12 and 13.
  public let rawValue: UInt16

  @inlinable
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  @inlinable public static var fin: Self { Self(rawValue: 0x01) }
  @inlinable public static var syn: Self { Self(rawValue: 0x02) }
  @inlinable public static var rst: Self { Self(rawValue: 0x04) }
  @inlinable public static var psh: Self { Self(rawValue: 0x08) }
  @inlinable public static var ack: Self { Self(rawValue: 0x10) }
  @inlinable public static var urg: Self { Self(rawValue: 0x20) }
  @inlinable public static var ece: Self { Self(rawValue: 0x40) }
  @inlinable public static var cwr: Self { Self(rawValue: 0x80) }
}
