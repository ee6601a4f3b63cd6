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
  /// Attempts that failed finally, by cause.
  package private(set) var failuresByCause: [String: Int] = [:]
  /// Causes of attempts that failed so far, by their first stream: a retry may still make them good.
  private var pending: [Int: String] = [:]

  /// Attempts that failed finally.
  package var failures: Int { failuresByCause.values.reduce(0, +) }
  /// Attempts that failed so far, which may still change, by cause.
  package var pendingByCause: [String: Int] {
    pending.values.reduce(into: [:]) { $0[$1, default: 0] += 1 }
  }
  /// Their number.
  package var pendingFailures: Int { pending.count }
  /// Connections with a final verdict.
  package var connections: Int { connectionsByFamily.values.reduce(0, +) }

  mutating func count(_ judged: JudgedConnection) {
    connectionsByFamily[judged.verdict.cause.family.rawValue, default: 0] += 1
  }

  /// Notes how an attempt stands.
  ///
  /// - Parameters:
  ///   - streams: Its connections' streams.
  ///   - cause: Why it failed; `nil` if it did not.
  ///   - isFinal: Whether that is its last word.
  mutating func note(_ streams: [Int], _ cause: String?, isFinal: Bool) {
    // What was an attempt of its own may belong to another by now.
    for stream in streams { pending[stream] = nil }
    guard let first = streams.first, let cause else { return }
    if isFinal { failuresByCause[cause, default: 0] += 1 } else { pending[first] = cause }
  }

  /// Counts an attempt that never became a connection, which is final.
  mutating func count(_ said: UnreachedAttempt) {
    guard said.attempt.verdict.severity == .failure else { return }
    failuresByCause[said.attempt.verdict.cause.id, default: 0] += 1
  }
}
