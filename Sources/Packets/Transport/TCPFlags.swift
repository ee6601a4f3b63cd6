/// The control bits of a TCP segment, unknown bits kept.
package struct TCPFlags: OptionSet, Hashable, Sendable {
  /// The low twelve bits of the header's octets 12 and 13.
  package let rawValue: UInt16

  package init(rawValue: UInt16) { self.rawValue = rawValue }

  package static var fin: Self { Self(rawValue: 0x01) }
  package static var syn: Self { Self(rawValue: 0x02) }
  package static var rst: Self { Self(rawValue: 0x04) }
  /// The bits that open or end a stream: a literal of three would be built anew for every packet.
  package static var delimiting: Self { Self(rawValue: 0x07) }
  package static var psh: Self { Self(rawValue: 0x08) }
  package static var ack: Self { Self(rawValue: 0x10) }
  package static var urg: Self { Self(rawValue: 0x20) }
  package static var ece: Self { Self(rawValue: 0x40) }
  package static var cwr: Self { Self(rawValue: 0x80) }
}
