package import Packets
import Wire

/// One TCP connection as its segments show it: both halves, the handshake, resets and errors, and
/// the two byte streams put in order.
///
/// A value inside of whoever follows the connection, so that a segment costs one access to it.
package struct TCPConversation: Sendable {
  /// Resets kept; a storm of them is counted in ``resetCount``.
  package static let maximumResets = 8
  /// ICMP errors kept.
  package static let maximumErrors = 8
  /// Frames kept of the segments with each of SYN, FIN and RST: more than any stack repeats them;
  /// beyond it they are counted in ``omittedFlagFrameCount``.
  package static let maximumFlagFrames = 32

  // What nearly every segment touches comes first: side by side it takes fewer cache lines.

  /// The last segment, copies included.
  package private(set) var last: Moment
  /// Segments, copies included.
  package private(set) var frameCount = 0
  /// Resets, in order.
  package private(set) var resets: [ResetObservation] = []
  /// Second copies of packets, which count nowhere else.
  package private(set) var copyCount = 0
  /// Segments longer than the peer's MSS: joined by the capturing host's network card.
  package private(set) var oversizedCount = 0
  /// Its length in nanoseconds, which every segment is compared with.
  private var longestPauseNanoseconds: Int64 = 0
  /// The client's acknowledgment of the server's SYN: the handshake is done.
  package private(set) var established: Moment?
  /// What the client sent.
  package private(set) var client: TCPHalf
  /// What the server sent.
  package private(set) var server: TCPHalf

  /// The longest time without a segment from either side, and the segments around it.
  package private(set) var longestPause: (from: Moment, to: Moment)?
  /// Resets seen, also beyond ``maximumResets``.
  package private(set) var resetCount = 0
  /// Frames of every segment with SYN, copies included.
  package private(set) var synFrames: [Int] = []
  /// Frames of every segment with FIN, copies included.
  package private(set) var finFrames: [Int] = []
  /// Frames of every segment with RST, copies included.
  package private(set) var rstFrames: [Int] = []
  /// Frames beyond ``maximumFlagFrames``.
  package private(set) var omittedFlagFrameCount = 0
  /// ICMP errors that quote this connection.
  package private(set) var errors: [ICMPErrorObservation] = []
  /// The first segment, copies included.
  package private(set) var first: Moment
  /// The first time that the clock was set back between two segments, and the segments around it.
  package private(set) var clockJump: (from: Moment, to: Moment)?
  /// The last segment that the capture holds after a later one; `nil` where all are in order.
  package private(set) var lastDisorder: Moment?
  /// By how much the time goes back where it is not reordering, in seconds: two interfaces' queues
  /// differ by milliseconds.
  static let leastClockJump = 1.0

  /// Starts a conversation with the ends that its first segment shows.
  package init(client: Endpoint, server: Endpoint, first: Moment) {
    self.client = TCPHalf(endpoint: client)
    self.server = TCPHalf(endpoint: server)
    self.first = first
    self.last = first
  }

  /// One side's half.
  package func half(_ side: Side) -> TCPHalf { side == .client ? client : server }

  /// What a side sent again and never saw acknowledged, without a copy of its half.
  package func lostRanges(of side: Side) -> [Retransmission] {
    side == .client ? client.lostRanges : server.lostRanges
  }

  /// The reset that was sent first, which need not be the first in the capture, of those that could
  /// end anything.
  package var firstReset: ResetObservation? {
    resets.filter { !isWithoutEffect($0) }.min { $0.moment.time < $1.moment.time }
  }

  /// Whether a reset ended nothing: it came before the connection stood, as the answer to what a SYN
  /// met of an older one (RFC 5961 §4.2), or its number was an old one (RFC 5961 §3.2) and both sides
  /// went on.
  private func isWithoutEffect(_ reset: ResetObservation) -> Bool {
    if let established, reset.moment.time < established.time { return true }
    guard reset.sequenceDistance < 0, let next = reset.firstSegmentAfter,
      let said = half(reset.side.peer).lastData
    else { return false }
    return next.frame < said.frame
  }

  /// Seconds from the SYN to the end of the handshake; `nil` when either was not captured.
  package var roundTripTime: Double? {
    guard let syn = client.synchronization, let established else { return nil }
    return established.time.seconds(since: syn.time)
  }

  /// Takes the next segment.
  ///
  /// - Parameters:
  ///   - observed: The segment's header and sender.
  ///   - bytes: What the header's offsets refer to.
  ///   - consumer: Gets the octets that are now in order.
  package mutating func observe(
    _ observed: ObservedSegment,
    in bytes: Span<UInt8>,
    to consumer: any StreamConsumer
  ) {
    frameCount += 1
    if frameCount == 1 { last = observed.moment }
    let previous = last
    last = observed.moment
    let pause = last.time.nanoseconds(since: previous.time)
    if pause < 0 || longestPauseNanoseconds < pause { notePause(pause, since: previous) }
    let delimits = !observed.segment.flags.isDisjoint(with: .delimiting)
    if delimits { noteFlags(observed) }
    let isCopy =
      observed.side == .client
      ? client.copies.isCopy(observed) : server.copies.isCopy(observed)
    guard !isCopy else {
      copyCount += 1
      return
    }
    if delimits, observed.segment.flags.contains(.rst) {
      noteReset(observed, previous: frameCount == 1 ? nil : previous)
    } else if delimits, observed.segment.flags.contains(.syn) {
      noteSynchronization(observed, in: bytes)
    }
    let isLonger =
      observed.side == .client
      ? client.take(observed, in: bytes, peer: &server, to: consumer)
      : server.take(observed, in: bytes, peer: &client, to: consumer)
    if isLonger { oversizedCount += 1 }
    if established == nil { noteEstablishment(observed) }
    if !resets.isEmpty { noteIgnoredReset(observed) }
  }

  /// Takes an ICMP error that quotes a segment of this connection.
  package mutating func observe(_ error: ICMPErrorObservation) {
    guard errors.count < Self.maximumErrors else { return }
    errors.append(error)
  }

  /// The same conversation between hosts of other names.
  package func renaming(_ name: (IPAddress) -> IPAddress) -> TCPConversation {
    var renamed = self
    renamed.client.endpoint = client.endpoint.renaming(name)
    renamed.server.endpoint = server.endpoint.renaming(name)
    renamed.errors = errors.map { $0.renaming(name) }
    return renamed
  }

  /// Delivers what waits for octets that never came.
  package mutating func finish(to consumer: any StreamConsumer) {
    client.stream.finish(side: .client, to: consumer)
    server.stream.finish(side: .server, to: consumer)
    skipUnseen(of: client, side: .client, to: consumer)
    skipUnseen(of: server, side: .server, to: consumer)
  }

  /// Octets that were acknowledged after the last one captured.
  private func skipUnseen(of half: TCPHalf, side: Side, to consumer: any StreamConsumer) {
    guard let end = half.sequence?.end else { return }
    // One of them may be a FIN, which takes a number but is no octet.
    let unseen = half.acknowledged - end
    guard 1 < unseen else { return }
    consumer.skip(
      unseen,
      at: StreamPosition(side: side, offset: end, moment: last),
      cause: .notCaptured
    )
  }

  private mutating func noteFlags(_ observed: ObservedSegment) {
    let flags = observed.segment.flags
    let frame = observed.moment.frame
    if flags.contains(.syn) { Self.keep(frame, in: &synFrames, else: &omittedFlagFrameCount) }
    if flags.contains(.fin) { Self.keep(frame, in: &finFrames, else: &omittedFlagFrameCount) }
    if flags.contains(.rst) { Self.keep(frame, in: &rstFrames, else: &omittedFlagFrameCount) }
  }

  private static func keep(_ frame: Int, in frames: inout [Int], else omittedCount: inout Int) {
    if frames.count < maximumFlagFrames {
      frames.append(frame)
    } else {
      omittedCount += 1
    }
  }

  private mutating func notePause(_ nanoseconds: Int64, since previous: Moment) {
    guard nanoseconds < 0 else {
      longestPause = (previous, last)
      longestPauseNanoseconds = nanoseconds
      return
    }
    lastDisorder = last
    guard clockJump == nil, last.time.seconds(since: previous.time) < -Self.leastClockJump else {
      return
    }
    clockJump = (previous, last)
  }

  private mutating func noteSynchronization(_ observed: ObservedSegment, in bytes: Span<UInt8>) {
    let segment = observed.segment
    let options = TCPOptions(
      decoding: bytes,
      at: segment.optionsOffset,
      length: segment.optionsLength
    )
    switch observed.side {
    case .client:
      client.noteSynchronization(segment, options, observed.moment)
    case .server:
      server.noteSynchronization(segment, options, observed.moment)
      // The port has opened: that it refused the same SYN before ended nothing (Windows repeats it).
      if segment.flags.contains(.ack) { resets.removeAll(where: \.answersSYN) }
    }
  }

  private mutating func noteEstablishment(_ observed: ObservedSegment) {
    guard observed.side == .client, observed.segment.flags.contains(.ack),
      server.synchronization != nil, 0 <= server.acknowledged,
      let sequence = server.sequence, 0 <= sequence.offset(of: observed.segment.acknowledgment)
    else { return }
    established = observed.moment
  }
}

// MARK: - Resets

extension TCPConversation {
  private mutating func noteReset(_ observed: ObservedSegment, previous: Moment?) {
    resetCount += 1
    guard resets.count < Self.maximumResets else { return }
    let sender = half(observed.side)
    let receiver = half(observed.side.peer)
    let segment = observed.segment
    // A scanner makes its SYN itself, with any time to live; its kernel resets what comes of it.
    let sentOnlySYN =
      observed.side == .client && sender.firstAfterSYN == nil
      && sender.synchronization != nil
    resets.append(
      ResetObservation(
        side: observed.side,
        moment: observed.moment,
        timeToLive: observed.timeToLive,
        usualTimeToLive: sentOnlySYN ? nil : sender.timeToLive,
        identification: observed.identification,
        previousIdentification: sender.lastIdentification,
        window: segment.window,
        hasAcknowledgment: segment.flags.contains(.ack),
        sequenceDistance: sender.distanceFromNext(segment.sequence),
        answersSYN: receiver.synchronization != nil && sender.synchronization == nil
          && receiver.byteCount == 0,
        secondsSincePreviousFromSender: sender.last.map {
          observed.moment.time.seconds(since: $0.time)
        },
        secondsSincePrevious: previous.map { observed.moment.time.seconds(since: $0.time) },
        lastFromReceiver: receiver.last
      )
    )
    // A capture with several queues may hold what its sender said afterwards before it.
    if let said = sender.last, said.frame != sender.synchronization?.frame,
      said.frame != sender.finish?.frame, !rstFrames.contains(said.frame),
      sender.retransmissions.last?.repeats.last?.frame != said.frame,
      observed.moment.time < said.time,
      said.time.seconds(since: observed.moment.time) < Self.leastClockJump
    {
      resets[resets.count - 1].segmentsAfter = 1
      resets[resets.count - 1].firstSegmentAfter = said
    }
  }

  /// Whether a segment brings no octets, or octets that its sender had not sent before.
  private func isNew(_ observed: ObservedSegment) -> Bool {
    observed.segment.payloadLength == 0
      || half(observed.side).lastData?.frame == observed.moment.frame
  }

  /// A host that made a reset sends nothing new afterwards; one in whose name it was forged does.
  private mutating func noteIgnoredReset(_ observed: ObservedSegment) {
    let flags = observed.segment.flags
    guard !flags.contains(.rst), !flags.contains(.syn), isNew(observed) else { return }
    for index in resets.indices
    where resets[index].side == observed.side && resets[index].moment.time < observed.moment.time {
      resets[index].segmentsAfter += 1
      if resets[index].firstSegmentAfter == nil {
        resets[index].firstSegmentAfter = observed.moment
      }
    }
  }
}

/// An ICMP error about a connection.
package struct ICMPErrorObservation: Hashable, Sendable {
  /// What it says.
  package let meaning: ICMPMessage.Meaning
  /// Who says so: a host of the connection or a router on the way.
  package let reporter: IPAddress
  /// Whose packet it is about.
  package let side: Side
  /// Its frame and time.
  package let moment: Moment

  /// Creates an observation.
  package init(meaning: ICMPMessage.Meaning, reporter: IPAddress, side: Side, moment: Moment) {
    self.meaning = meaning
    self.reporter = reporter
    self.side = side
    self.moment = moment
  }
  /// The same error reported by a host of another name.
  package func renaming(_ name: (IPAddress) -> IPAddress) -> ICMPErrorObservation {
    ICMPErrorObservation(meaning: meaning, reporter: name(reporter), side: side, moment: moment)
  }
}
