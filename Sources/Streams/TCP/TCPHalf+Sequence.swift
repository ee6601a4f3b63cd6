import Packets
import Wire

extension TCPHalf {
  /// Late by less than this is reordering, not repetition, where nothing else tells: no stack
  /// repeats sooner; in seconds.
  static let maximumReordering = 0.003

  mutating func noteSynchronization(
    _ segment: TCPSegment,
    _ options: TCPOptions,
    _ moment: Moment
  ) {
    guard synchronization == nil else {
      if sequence?.origin == segment.sequence &+ 1 {
        noteRetransmission(offset: -1, byteCount: 0, moment: moment)
      }
      return
    }
    synchronization = moment
    self.options = options
    sequence = SequenceSpace(origin: segment.sequence &+ 1)
  }

  @inline(__always)
  mutating func noteAcknowledgment(_ number: UInt32, at moment: Moment) {
    guard let sequence else {
      // Nothing of this side was seen: the acknowledgment tells where it stands.
      self.sequence = SequenceSpace(origin: number)
      return
    }
    // What lies beyond the end was sent without being captured; what lies far beyond is not an
    // acknowledgment of this connection.
    let offset = sequence.offset(of: number)
    guard offset <= sequence.end + Self.maximumUnseenOctets else { return }
    // The FIN takes one number; acknowledging it adds no octet.
    noteAcknowledged(upTo: offset)
    if offset == sequence.end + 1, finish == nil, unseenFinish == nil {
      unseenFinish = moment
      seen.insert(.unseenFinish)
    }
  }

  /// Octets by which an acknowledgment may run ahead of what was captured: the largest scaled
  /// window (RFC 7323 §2.3).
  static let maximumUnseenOctets = 1 << 30

  /// Records what a segment carries.
  ///
  /// - Returns: The offset of its first octet.
  @inline(__always)
  mutating func noteOctets(_ observed: ObservedSegment) -> Int? {
    let segment = observed.segment
    if sequence == nil {
      let origin = segment.flags.contains(.syn) ? segment.sequence &+ 1 : segment.sequence
      sequence = SequenceSpace(origin: origin)
    }
    guard let space = sequence else { return nil }
    let first = segment.flags.contains(.syn) ? segment.sequence &+ 1 : segment.sequence
    let offset = space.offset(of: first)
    if segment.flags.contains(.fin), finish == nil { finish = observed.moment }
    if isKeepAlive(segment, at: offset, end: space.end) {
      keepAliveCount += 1
      if unansweredKeepAlives.count < Self.maximumRepeats {
        unansweredKeepAlives.append(observed.moment)
      }
      return nil
    }
    guard 0 < segment.payloadLength else { return offset }
    noteData(segment.payloadLength, at: offset, end: space.end, moment: observed.moment)
    return offset
  }

  /// A probe of an idle peer repeats the last octet, or none, just below the next number.
  /// RFC 9293 §3.8.4
  private func isKeepAlive(_ segment: TCPSegment, at offset: Int, end: Int) -> Bool {
    segment.payloadLength <= 1 && offset == end - 1 && offset < acknowledged
      && segment.flags.isDisjoint(with: .delimiting)
  }

  @inline(__always)
  private mutating func noteData(_ count: Int, at offset: Int, end: Int, moment: Moment) {
    largestPayload = max(largestPayload, count)
    if end < offset + count {
      byteCount += offset + count - max(end, offset)
      sequence?.extend(to: offset + count)
      if seen.contains(.unseenFinish) {
        unseenFinish = nil
        seen.remove(.unseenFinish)
      }
      recentSends.note(offset: offset, end: offset + count, moment: moment)
      if !seen.contains(.data) {
        firstData = moment
        seen.insert(.data)
      }
      lastData = moment
    }
    if offset < end { noteRepeat(count, at: offset, moment: moment) }
  }

  /// Records octets of which some were sent before, or come late.
  private mutating func noteRepeat(_ count: Int, at offset: Int, moment: Moment) {
    let isReordered =
      acknowledged <= offset && !recentSends.contains(offset: offset)
      && (lastData.map { moment.time.seconds(since: $0.time) < Self.maximumReordering } ?? false)
    if isReordered {
      outOfOrderCount += 1
      recentSends.note(offset: offset, end: offset + count, moment: moment)
    } else {
      noteRetransmission(offset: offset, byteCount: count, moment: moment)
    }
  }

  /// How far a sequence number is from the next one this side would use.
  func distanceFromNext(_ number: UInt32) -> Int {
    guard let sequence else { return 0 }
    // A FIN that was sent takes a number of its own.
    let distance = sequence.offset(of: number) - sequence.end
    return finish != nil && distance == 1 ? 0 : distance
  }
}

/// The last few segments sent, to tell a repeat from a segment that came late.
struct RecentSends: Sendable {
  private static let depth = 16
  private var sends: [(offset: Int, end: Int, moment: Moment)] = []
  private var index = 0

  mutating func note(offset: Int, end: Int, moment: Moment) {
    if sends.count < Self.depth {
      sends.append((offset, end, moment))
    } else {
      sends[index] = (offset, end, moment)
      index = (index + 1) % Self.depth
    }
  }

  func contains(offset: Int) -> Bool {
    sends.contains { $0.offset <= offset && offset < $0.end }
  }

  /// Octets of the largest segment that ends at or before `offset`.
  func largest(endingBy offset: Int) -> Int {
    sends.reduce(0) { $1.end <= offset ? max($0, $1.end - $1.offset) : $0 }
  }

  /// When the octet at `offset` was first sent, if it is among the last segments.
  func moment(of offset: Int) -> Moment? {
    sends.first { $0.offset <= offset && offset < $0.end }?.moment
  }
}
