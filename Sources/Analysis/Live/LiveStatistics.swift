import Diagnosis
import Reports

/// What live capture has counted since it began.
package struct LiveStatistics: Sendable {
  /// Packets and their octets on the wire.
  package internal(set) var packets = 0
  package internal(set) var octets = 0
  /// Packets with malformed headers.
  package internal(set) var malformed = 0
  /// Packets that the kernel or the interface dropped.
  package internal(set) var dropped = 0
  /// Connections that were only counted, because too many without a single octet came at once.
  package internal(set) var unlisted = 0
  /// Connections that are open.
  package internal(set) var open = 0
  /// What is held in memory.
  package internal(set) var held = (connections: 0, conversations: 0, hosts: 0)
  /// Connections with a final verdict, by family.
  package private(set) var connectionsByFamily: [String: Int] = [:]
  /// Failed attempts when they were first told, by cause.
  package private(set) var failuresByCause: [String: Int] = [:]

  /// Failed attempts.
  package var failures: Int { failuresByCause.values.reduce(0, +) }
  /// Connections with a final verdict.
  package var connections: Int { connectionsByFamily.values.reduce(0, +) }

  mutating func count(_ judged: JudgedConnection) {
    connectionsByFamily[judged.verdict.cause.family.rawValue, default: 0] += 1
  }

  mutating func countFailure(_ verdict: LiveVerdict) {
    failuresByCause[verdict.judged.verdict.cause.id, default: 0] += 1
  }
}
