import Streams

/// A segment of a followed connection, and where its octets are.
///
/// Plain values alone: these are written and read by the million, and passed between threads.
struct FollowedSegment {
  let observed: ObservedSegment
  /// What its offsets refer to.
  let octets: LentOctets
  /// The connection's number, in the order in which connections were followed.
  let connection: Int32
}
