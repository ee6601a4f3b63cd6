/// What an RDP-UDP datagram is and carries (uFlags); unknown bits are kept.
///
/// [MS-RDPEUDP] 2.2.2.1
package struct RDPUDPFlags: OptionSet, Hashable, Sendable {
  package let rawValue: UInt16

  package init(rawValue: UInt16) { self.rawValue = rawValue }

  package static let syn = Self(rawValue: 0x0001)
  /// Named by the specification and so far unused: a path ends with TLS's or DTLS's last word.
  package static let fin = Self(rawValue: 0x0002)
  package static let ack = Self(rawValue: 0x0004)
  package static let data = Self(rawValue: 0x0008)
  package static let fec = Self(rawValue: 0x0010)
  /// The sender saw congestion.
  package static let congestionNotification = Self(rawValue: 0x0020)
  /// The sender has reduced its window.
  package static let congestionWindowReduced = Self(rawValue: 0x0040)
  package static let ackOfAcks = Self(rawValue: 0x0100)
  /// Lost datagrams are not sent again.
  package static let synLossy = Self(rawValue: 0x0200)
  package static let ackDelayed = Self(rawValue: 0x0400)
  package static let correlationID = Self(rawValue: 0x0800)
  package static let synEx = Self(rawValue: 0x1000)

  /// Every bit that the specification gives a meaning, the unused one of SACK among them.
  package static let known = Self(rawValue: 0x1FFF)

  /// The flags by name, in the specification's spelling without its prefix.
  package var names: [String] {
    let known: [(Self, String)] = [
      (.syn, "SYN"), (.fin, "FIN"), (.ack, "ACK"), (.data, "DATA"), (.fec, "FEC"),
      (.congestionNotification, "CN"), (.congestionWindowReduced, "CWR"),
      (Self(rawValue: 0x0080), "SACK_OPTION"), (.ackOfAcks, "ACK_OF_ACKS"),
      (.synLossy, "SYNLOSSY"), (.ackDelayed, "ACKDELAYED"),
      (.correlationID, "CORRELATION_ID"), (.synEx, "SYNEX"),
    ]
    let unknown = subtracting(.known)
    return known.filter { contains($0.0) }.map(\.1)
      + (unknown.isEmpty ? [] : ["0x" + String(unknown.rawValue, radix: 16)])
  }
}

/// A version of the UDP transport (uUdpVer); unknown values are kept.
///
/// [MS-RDPEUDP] 2.2.2.9
package struct RDPUDPVersion: RawRepresentable, Hashable, Sendable, Comparable {
  package let rawValue: UInt16

  package init(rawValue: UInt16) { self.rawValue = rawValue }

  package static let version1 = Self(rawValue: 0x0001)
  package static let version2 = Self(rawValue: 0x0002)
  /// Its datagrams after the handshake are those of [MS-RDPEUDP2].
  package static let version3 = Self(rawValue: 0x0101)

  /// `1`, `2`, `3`, or the number in hexadecimal.
  package var name: String {
    switch self {
    case .version1: "1"
    case .version2: "2"
    case .version3: "3"
    default: "0x" + String(rawValue, radix: 16)
    }
  }

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
