/// The control bits of a TCP segment, unknown bits kept.
public struct TCPFlags: OptionSet, Hashable, Sendable {
  /// The low twelve bits of the header's octets 12 and 13.
  public let rawValue: UInt16

  /// Keeps any value.
  @inlinable
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  @inlinable package static var fin: Self { Self(rawValue: 0x01) }
  @inlinable package static var syn: Self { Self(rawValue: 0x02) }
  @inlinable package static var rst: Self { Self(rawValue: 0x04) }
  /// The bits that open or end a stream: a literal of three would be built anew for every packet.
  @inlinable package static var delimiting: Self { Self(rawValue: 0x07) }
  @inlinable package static var psh: Self { Self(rawValue: 0x08) }
  @inlinable package static var ack: Self { Self(rawValue: 0x10) }
  @inlinable package static var urg: Self { Self(rawValue: 0x20) }
  @inlinable package static var ece: Self { Self(rawValue: 0x40) }
  @inlinable package static var cwr: Self { Self(rawValue: 0x80) }
}
