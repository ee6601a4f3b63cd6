package import Streams
package import Timeline
import Wire

/// What a connection is judged in: the connection itself, the others of its capture, the hosts.
package struct Context {
  /// The connection to judge.
  package let connection: Connection
  /// The other connections to the same server address and port.
  package let siblings: [Connection]
  /// The connection of the same attempt that follows, if there is one.
  package let next: Connection?
  /// The connection whose server sent the client to this one, if there is one.
  package let referrer: Connection?
  /// Where the client got through by the other version of IP, if it did.
  package let otherVersion: Connection?
  /// The RDP-UDP connections that belong to it.
  package let udp: [UDPConnection]
  /// Every host of the capture.
  package let hosts: HostTable
  /// What the connection's client asked of KDCs.
  package let kerberos: [KerberosExchange]
  /// The capture's last packet.
  package let captureEnd: Moment
  /// Packets that the capturing host says it lost.
  package let droppedPackets: Int
  /// What other sources than this capture show: the capture at the other end.
  package let others: [Evidence]

  var tcp: TCPConversation { connection.tcp }
  var facts: MessageFacts { connection.facts }
  var ending: Ending { connection.ending }

  /// Seconds before the end in which disorder of the capture hides who spoke last.
  private static let closingTime = 1.0

  /// Whether the capture holds the connection's last packets out of order, so that what each side knew
  /// when it left cannot be told.
  var isOrderDoubtful: Bool {
    guard let disorder = tcp.lastDisorder else { return false }
    return abs(ending.moment.time.seconds(since: disorder.time)) < Self.closingTime
  }

  /// Everything found, each fact once.
  package func evidence() -> [Evidence] {
    var found = Findings()
    collectQuality(&found)
    collectHandshake(&found)
    collectHost(&found)
    collectNegotiation(&found)
    collectTLS(&found)
    collectLogin(&found)
    collectSession(&found)
    collectSessionWords(&found)
    collectLoss(&found)
    collectLostService(&found)
    collectStall(&found)
    collectUDP(&found)
    if found.list.isEmpty { collectBareEnding(&found) }
    // That its apparent sender sent it is better known where that sender is.
    guard !others.isEmpty else { return found.list }
    let isOwn = others.contains { $0.kind == .resetSentByHost }
    return found.list.filter { !isOwn || $0.kind != .resetForged } + others
  }
}

/// Evidence as it is collected.
struct Findings {
  private(set) var list: [Evidence] = []
  /// Room for all that is found on most connections.
  private static let usualCount = 8

  init() { list.reserveCapacity(Self.usualCount) }

  mutating func add(_ kind: EvidenceKind, _ moments: Moment?..., text: String) {
    list.append(Evidence(kind, frames: moments.map { $0?.frame }, text))
  }

  func has(_ kind: EvidenceKind) -> Bool { list.contains { $0.kind == kind } }
}

/// Seconds as people read them: `0.003 s`, `2.4 s`, `35 s`.
func duration(_ seconds: Double) -> String {
  let thousandths = seconds.isFinite ? Int((abs(seconds) * 1000).rounded()) : 0
  if thousandths >= 10_000 { return "\((thousandths + 500) / 1000) s" }
  if thousandths >= 1000 { return "\(thousandths / 1000).\(thousandths / 100 % 10) s" }
  return "\(thousandths) ms"
}

/// A long time in the unit that people think of it in: `90 s`, `7 min`, `2.5 h`, `731 days`.
func coarseDuration(_ seconds: Double) -> String {
  let length = seconds.isFinite ? abs(seconds) : 0
  switch length {
  case ..<120: return duration(length)
  case ..<7200: return "\(Int((length / 60).rounded())) min"
  case ..<172_800:
    let tenths = Int((length / 360).rounded())
    return tenths % 10 == 0 ? "\(tenths / 10) h" : "\(tenths / 10).\(tenths % 10) h"
  default: return "\(Int((min(length, 1e15) / 86_400).rounded())) days"
  }
}
