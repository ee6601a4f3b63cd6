package import Streams

/// How far a connection got; each phase begins with its first message.
///
/// [MS-RDPBCGR] 1.3.1.1 names the phases of an RDP connection; `udp`, `tcp`, `tls` and `credssp` are
/// the transports' own.
package enum Phase: Int, Hashable, Sendable, Comparable, CaseIterable {
  case udp, tcp, x224, tls, gateway, credssp, mcs, security, licensing, capabilities, session

  /// The phase's name in reports.
  package var name: String {
    switch self {
    case .udp: "udp"
    case .tcp: "tcp"
    case .x224: "x224"
    case .tls: "tls"
    case .gateway: "gateway"
    case .credssp: "credssp"
    case .mcs: "mcs"
    case .security: "security"
    case .licensing: "licensing"
    case .capabilities: "capabilities"
    case .session: "session"
    }
  }

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// One phase of one connection.
package struct PhaseSpan: Hashable, Sendable {
  /// Which phase.
  package let phase: Phase
  /// Its first message.
  package let start: Moment
  /// The last segment before the next phase, or of the connection.
  package internal(set) var end: Moment
  /// Whether its first message was read, or shows only in the shape of encrypted records.
  package let reading: Reading
}
