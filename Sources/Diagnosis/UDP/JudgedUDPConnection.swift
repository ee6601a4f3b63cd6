package import Timeline
import Packets
import Streams
import Wire

/// An RDP-UDP connection with its verdict.
package struct JudgedUDPConnection {
  package let connection: UDPConnection
  package let verdict: Verdict
  /// Its session's part in the attempt.
  package let role: Role
  /// Index of its attempt: its session's, or one of its own without a session.
  package internal(set) var attempt: Int
}

extension Diagnosis {
  /// Judges the UDP side paths.
  ///
  /// One of a session belongs to the session's attempt; those that belong to none the capture holds
  /// make an attempt of their own for each client and server.
  static func judge(
    _ paths: [UDPConnection],
    of sessions: [JudgedConnection],
    _ attempts: inout [Attempt]
  ) -> [JudgedUDPConnection] {
    guard !paths.isEmpty else { return [] }
    let byStream = Dictionary(grouping: sessions, by: \.connection.stream)
    var own: [UDPPair: Int] = [:]
    return paths.map { path in
      let session = path.session.flatMap { byStream[$0.stream]?.first }
      let verdict = UDPContext(path: path, session: session).verdict()
      guard let session else {
        let pair = UDPPair(path)
        let index = own[pair] ?? attempts.count
        own[pair] = index
        merge(path, verdict, into: &attempts, at: index)
        return JudgedUDPConnection(
          connection: path,
          verdict: verdict,
          role: .only,
          attempt: index
        )
      }
      return JudgedUDPConnection(
        connection: path,
        verdict: verdict,
        role: session.role,
        attempt: session.attempt
      )
    }
  }

  /// Adds a path without a session to its attempt, whose verdict is that of the best path.
  private static func merge(
    _ path: UDPConnection,
    _ verdict: Verdict,
    into attempts: inout [Attempt],
    at index: Int
  ) {
    let attempt = Attempt(
      streams: [],
      client: path.client.address,
      server: .endpoint(path.server),
      start: attempts.indices.contains(index) ? attempts[index].start : path.first.time,
      succeeded: verdict.severity == .none,
      verdict: verdict
    )
    if !attempts.indices.contains(index) {
      attempts.append(attempt)
    } else if verdict.severity < attempts[index].verdict.severity {
      attempts[index] = attempt
    }
  }

  private struct UDPPair: Hashable {
    let client: IPAddress
    let server: Endpoint

    init(_ path: UDPConnection) {
      client = path.client.address
      server = path.server
    }
  }
}
