/// What finding a followed connection's tracker needs to know of it.
///
/// It lies beside the tracker, because another thread may change that.
struct FollowedEnds {
  /// Whether the client is the flow's low end.
  let lowIsClient: Bool
  /// Whether either side sent an octet.
  var hasOctets = false
}
