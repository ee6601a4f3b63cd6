import Packets
import Streams
import Timeline
import Wire

/// What comparing the two captures of one connection shows, as evidence for each of them.
struct PairFacts {
  let pair: ConnectionPair
  let client: TappedCapture
  let server: TappedCapture

  init(_ pair: ConnectionPair, client: TappedCapture, server: TappedCapture) {
    self.pair = pair
    self.client = client
    self.server = server
  }

  /// The facts, with the frames of one of the two captures.
  func evidence(for view: Side) -> [Evidence] {
    var found: [Evidence] = []
    for sender in Side.allCases {
      found += resets(from: sender, for: view)
      found += losses(from: sender, for: view)
      found += life(of: sender, for: view)
    }
    found += handshake(view)
    found += windowScale(view)
    return found
  }

  private func capture(near side: Side) -> TappedCapture { side == .client ? client : server }

  private func connection(at side: Side) -> Connection {
    side == .client ? pair.client : pair.server
  }

  /// A moment of one capture by the other's clock.
  private func time(_ time: Timestamp, from side: Side) -> Timestamp {
    guard let clock = pair.clock else { return time }
    return side == .client ? clock.atServer(time) : clock.atClient(time)
  }

  /// The frame to cite in one view for a segment that was captured at `side`, with where it is in
  /// words when it is the other capture's.
  private func cite(
    _ segments: [SegmentTap.Segment],
    at side: Side,
    for view: Side
  ) -> (frames: [Int], place: String) {
    let frames = segments.prefix(4).map(\.moment.frame)
    guard side != view else { return (frames, "") }
    let list = frames.map(String.init).joined(separator: ", ")
    return ([], " (frame\(frames.count == 1 ? "" : "s") \(list) of the capture near the \(side))")
  }

  /// Says of each reset that ends the connection in one capture who made it, where the other tells.
  func attributeEndings() {
    for view in Side.allCases {
      let connection = connection(at: view)
      guard connection.ending.kind == .reset else { continue }
      let kinds = Set(evidence(for: view).map(\.kind))
      if kinds.contains(.resetInjected) {
        connection.attributeEnding(to: .middlebox)
      } else if kinds.contains(.resetSentByHost), connection.ending.actor == .middlebox,
        let reset = connection.tcp.resets.first(where: { $0.moment == connection.ending.moment })
      {
        connection.attributeEnding(to: reset.side == .client ? .client : .server)
      }
    }
  }

  // MARK: Resets

  private func resets(from sender: Side, for view: Side) -> [Evidence] {
    let match = pair.direction(from: sender)
    if let sent = match.pairs.first(where: { $0.sent.flags.contains(.rst) }) {
      let cited = cite([view == sender ? sent.sent : sent.arrived], at: view, for: view)
      return [
        Evidence(
          .resetSentByHost,
          frames: cited.frames,
          "the \(sender)'s reset leaves near the \(sender) and arrives at the other end: no box on "
            + "the way made it"
        )
      ]
    }
    let strays = match.appeared.filter { $0.flags.contains(.rst) }
    guard let stray = strays.first, isProof(of: stray, from: sender, match) else { return [] }
    let cited = cite(strays, at: sender.peer, for: view)
    return [
      Evidence(
        .resetInjected,
        frames: cited.frames,
        "a reset in the \(sender)'s name arrives near the \(sender.peer)\(cited.place), and the "
          + "capture near the \(sender) shows that it sent none"
      )
    ]
  }

  /// Seconds by which a box's two resets reach the two captures apart from each other.
  private static let injectionSpread = 0.5

  /// Whether the capture near the sender would hold a reset that the sender made.
  private func isProof(
    of stray: SegmentTap.Segment,
    from sender: Side,
    _ match: DirectionMatch
  ) -> Bool {
    let near = capture(near: sender)
    // It saw nothing leave, or misses other segments, or lost packets: it is no witness.
    guard !match.pairs.isEmpty, near.droppedPackets == 0,
      !match.appeared.contains(where: { 0 < $0.payloadLength }),
      connection(at: sender).tcp.resets.allSatisfy({ $0.side != sender }),
      let last = near.last
    else { return false }
    let made = time(stray.moment.time, from: sender.peer)
    let isBothWays = connection(at: sender).tcp.resets.contains {
      $0.side == sender.peer
        && abs($0.moment.time.seconds(since: made)) < Self.injectionSpread
    }
    let way = pair.clock?.uncertainty ?? 0
    return isBothWays || made.adding(seconds: -way) <= last.time
  }

  // MARK: Loss

  /// Segments lost in a row at the end that are no longer chance.
  private static let brokenPath = 3
  /// And how long they were tried, in seconds.
  private static let brokenTime = 3.0

  private func losses(from sender: Side, for view: Side) -> [Evidence] {
    let match = pair.direction(from: sender)
    let lost = match.lost.filter { !$0.flags.contains(.rst) && !$0.flags.contains(.syn) }
    guard !match.pairs.isEmpty else { return [] }
    let tcp = connection(at: sender).tcp
    let unanswered = tcp.half(sender).lostRanges.contains { 2 <= $0.repeats.count }
    let cited = cite(lost, at: sender, for: view)
    guard let last = lost.last else {
      guard unanswered else { return [] }
      return [
        Evidence(
          .allArrived,
          frames: [tcp.half(sender).last].compactMap { $0?.frame }.filter { _ in view == sender },
          "everything that the \(sender) sends arrives near the \(sender.peer): what gives no "
            + "answer is beyond"
        )
      ]
    }
    var found = [
      Evidence(
        .lossBetween,
        frames: cited.frames,
        "of \(match.sentCount) segments that leave near the \(sender), \(lost.count) do not arrive "
          + "near the \(sender.peer)\(cited.place)"
      )
    ]
    let arrivals = match.pairs.filter { $0.sent.counts }
    let end = arrivals.last?.sent.moment
    let tail = lost.filter { (end?.frame ?? 0) < $0.moment.frame }
    if Self.brokenPath <= tail.count, let first = tail.first,
      Self.brokenTime <= last.moment.time.seconds(since: first.moment.time)
    {
      let cited = cite(tail, at: sender, for: view)
      found.append(
        Evidence(
          .pathBroke,
          frames: cited.frames,
          "from some moment on nothing that the \(sender) sends arrives: its last \(tail.count) "
            + "segments, over \(duration(last.moment.time.seconds(since: first.moment.time)))"
            + cited.place
        )
      )
    }
    return found
  }

  /// Whoever is unanswered in one capture may speak in the other.
  private func life(of side: Side, for view: Side) -> [Evidence] {
    guard view == side.peer else { return [] }
    let own = connection(at: view).tcp.half(view)
    guard let lost = own.lostRanges.last(where: { 2 <= $0.repeats.count }),
      let original = lost.original, let heard = connection(at: side).tcp.half(side).last,
      time(original.time, from: view).adding(seconds: Self.brokenTime) < heard.time
    else { return [] }
    return [
      Evidence(
        .peerAlive,
        frames: [],
        "the \(side) is alive all the while: the capture near it shows what it sends (frame "
          + "\(heard.frame) there)"
      )
    ]
  }

  // MARK: The handshake

  private func handshake(_ view: Side) -> [Evidence] {
    let near = pair.client.tcp
    let far = pair.server.tcp
    guard near.server.segmentCount == 0, let syn = far.client.synchronization else { return [] }
    let frames = view == .client ? near.synFrames : far.synFrames
    if let answer = far.server.synchronization {
      return [
        Evidence(
          .synAckLostBetween,
          frames: view == .client ? Array(frames.prefix(4)) : [syn.frame, answer.frame],
          "the server answers the SYN, and none of its answers arrives near the client: they are "
            + "lost on the way back"
        )
      ]
    }
    guard far.server.segmentCount == 0 else { return [] }
    return [
      Evidence(
        .synArrived,
        frames: Array(frames.prefix(4)),
        "the SYN arrives near the server, and nothing leaves there in answer"
      )
    ]
  }

  private func windowScale(_ view: Side) -> [Evidence] {
    Side.allCases.compactMap { side in
      guard let near = pair.client.tcp.half(side).options,
        let far = pair.server.tcp.half(side).options, near.windowScale != far.windowScale,
        let syn = connection(at: view).tcp.half(side).synchronization
      else { return nil }
      func text(_ scale: UInt8?) -> String { scale.map { "\($0)" } ?? "none" }
      return Evidence(
        .windowScaleChanged,
        frames: [syn.frame],
        "a box on the way changes the \(side)'s window scale: \(text(near.windowScale)) near the "
          + "client, \(text(far.windowScale)) near the server"
      )
    }
  }
}
