package import Streams
import Wire

/// The server records of a session that have the length of a heartbeat ([MS-RDPBCGR] 2.2.16.1).
///
/// A server that sends heartbeats sends them all the time, about one a second; other data of the same
/// length comes as it likes. Only a row without a break is one of heartbeats.
package struct HeartbeatFacts: Hashable, Sendable {
  /// Seconds that are at least between two heartbeats: what comes sooner is other data.
  private static let leastInterval = 0.5

  /// Records of that length, those that come too soon after another left out.
  package private(set) var count = 0
  /// The first and the last of them.
  package private(set) var first: Moment?
  package private(set) var last: Moment?
  /// The longest time from one to the next, in seconds.
  package private(set) var longestInterval = 0.0

  /// Takes the next.
  mutating func note(at moment: Moment) {
    if let last {
      let interval = moment.time.seconds(since: last.time)
      guard Self.leastInterval <= interval else { return }
      longestInterval = max(longestInterval, interval)
    } else {
      first = moment
    }
    last = moment
    count += 1
  }
}
