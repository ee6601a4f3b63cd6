/// The control bits of a TCP segment, unknown bits kept.
package struct TCPFlags: OptionSet, Hashable, Sendable {
  /// The low twelve bits of the header's octets 12 and 13.
  package let rawValue: UInt16

  @inlinable @inline(__always)
  package init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Whether all bits of `other` are set; written out, because the standard library's is not
  /// inlined for a type of another target.
  @inlinable @inline(__always)
  package func contains(_ other: Self) -> Bool { rawValue & other.rawValue == other.rawValue }

  @inlinable @inline(__always) package static var fin: Self { Self(rawValue: 0x01) }
  @inlinable @inline(__always) package static var syn: Self { Self(rawValue: 0x02) }
  @inlinable @inline(__always) package static var rst: Self { Self(rawValue: 0x04) }
  @inlinable @inline(__always) package static var psh: Self { Self(rawValue: 0x08) }
  @inlinable @inline(__always) package static var ack: Self { Self(rawValue: 0x10) }
  @inlinable @inline(__always) package static var urg: Self { Self(rawValue: 0x20) }
  @inlinable @inline(__always) package static var ece: Self { Self(rawValue: 0x40) }
  @inlinable @inline(__always) package static var cwr: Self { Self(rawValue: 0x80) }
}
