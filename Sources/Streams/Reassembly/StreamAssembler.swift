import Wire

/// Where delivered octets stand in their stream, and which frame brought them.
public struct StreamPosition: Hashable, Sendable {
  /// Who sent the octets.
  public let side: Side
  /// Octets of this direction before the first one delivered; 0 is the first after the SYN, or the
  /// first seen when the capture starts later.
  public let offset: Int
  /// The frame that carried them and its time.
  public let moment: Moment

  /// Creates a position.
  public init(side: Side, offset: Int, moment: Moment) {
    self.side = side
    self.offset = offset
    self.moment = moment
  }
}

/// Why octets of a stream are missing from the capture.
package enum GapCause: Hashable, Sendable {
  /// The receiver acknowledged octets that the capture does not hold.
  case notCaptured
  /// The capture kept only the first octets of the packet.
  case snapLength
  /// More out-of-order octets than ``StreamAssembler/maximumBufferedOctets`` waited for them.
  case limit
  /// The capture ended before they came.
  case endOfCapture
}

/// Takes one connection's octets, in order, each once.
package protocol StreamConsumer: AnyObject {
  /// Takes the next octets of one direction.
  func consume(_ bytes: Span<UInt8>, at position: StreamPosition)
  /// Is told that `count` octets of one direction are missing before the next ones.
  func skip(_ count: Int, at position: StreamPosition, cause: GapCause)
}

/// Puts one direction's segments in order: overlaps and duplicates are dropped (the first copy
/// wins), what comes early waits, and what never comes is told as a gap.
package struct StreamAssembler: Sendable {
  /// Out-of-order octets held for one direction: eight full-scale windows of a LAN session; a
  /// sender that outruns it has lost something that will not come back.
  package static let maximumBufferedOctets = 512 * 1024
  /// Out-of-order segments held for one direction, so that tiny ones cannot cost more than their
  /// octets.
  package static let maximumPieces = 1024

  /// Offset of the next octet to deliver.
  package private(set) var next = 0
  private var pieces: [Piece] = []
  private var bufferedOctets = 0

  private struct Piece {
    let offset: Int
    let bytes: [UInt8]
    /// Octets of the segment that the snap length removed behind `bytes`.
    let cutCount: Int
    let moment: Moment
  }

  package init() {}

  /// Whether segments wait for something earlier.
  package var isWaiting: Bool { !pieces.isEmpty }

  /// Takes a segment's octets.
  ///
  /// - Parameters:
  ///   - bytes: The captured octets of the segment.
  ///   - cutCount: Octets that followed on the wire but that the capture did not keep.
  ///   - position: Where the first octet stands.
  ///   - consumer: Gets whatever is now in order.
  @inline(__always)
  package mutating func accept(
    _ bytes: Span<UInt8>,
    cutCount: Int,
    at position: StreamPosition,
    to consumer: any StreamConsumer
  ) {
    // Nearly every segment is the next, and whole.
    if position.offset == next, cutCount == 0, pieces.isEmpty, !bytes.isEmpty {
      next += bytes.count
      consumer.consume(bytes, at: position)
    } else {
      take(bytes, cutCount: cutCount, at: position, to: consumer)
    }
  }

  private mutating func take(
    _ bytes: Span<UInt8>,
    cutCount: Int,
    at position: StreamPosition,
    to consumer: any StreamConsumer
  ) {
    guard position.offset <= next else {
      hold(bytes, cutCount: cutCount, at: position, to: consumer)
      return
    }
    deliver(bytes, cutCount: cutCount, at: position, to: consumer)
    if !pieces.isEmpty { release(to: consumer, side: position.side) }
  }

  /// Is told that the receiver has everything before `offset`: what is still missing there was
  /// lost by the capture and will not come.
  ///
  /// - Parameters:
  ///   - offset: What was acknowledged.
  ///   - moment: When; an acknowledgment right after what waits may have overtaken what is missing, as
  ///     where a capture takes its packets from several queues. `nil` when that cannot be.
  ///   - side: Who sent the octets.
  ///   - consumer: Gets what waited.
  package mutating func acknowledge(
    upTo offset: Int,
    at moment: Moment? = nil,
    side: Side,
    to consumer: any StreamConsumer
  ) {
    while let first = pieces.first, next < first.offset, first.offset <= offset {
      if let moment, moment.time.seconds(since: first.moment.time) < TCPHalf.maximumReordering {
        return
      }
      skip(to: first, cause: .notCaptured, side: side, consumer: consumer)
    }
  }

  /// Delivers what still waits, with its gaps, at the end of the capture or connection.
  package mutating func finish(side: Side, to consumer: any StreamConsumer) {
    while let first = pieces.first {
      skip(to: first, cause: .endOfCapture, side: side, consumer: consumer)
    }
  }

  private mutating func deliver(
    _ bytes: Span<UInt8>,
    cutCount: Int,
    at position: StreamPosition,
    to consumer: any StreamConsumer
  ) {
    let known = next - position.offset
    if known < bytes.count {
      let fresh = bytes.extracting(known..<bytes.count)
      let start = next
      next += fresh.count
      consumer.consume(
        fresh,
        at: StreamPosition(side: position.side, offset: start, moment: position.moment)
      )
    }
    let end = position.offset + bytes.count + cutCount
    if cutCount > 0, next < end {
      let missing = end - next
      let start = next
      next = end
      consumer.skip(
        missing,
        at: StreamPosition(side: position.side, offset: start, moment: position.moment),
        cause: .snapLength
      )
    }
  }

  private mutating func hold(
    _ bytes: Span<UInt8>,
    cutCount: Int,
    at position: StreamPosition,
    to consumer: any StreamConsumer
  ) {
    let index = pieces.firstIndex { position.offset <= $0.offset } ?? pieces.endIndex
    if index < pieces.endIndex, pieces[index].offset == position.offset,
      bytes.count <= pieces[index].bytes.count
    {
      return
    }
    let piece = Piece(
      offset: position.offset,
      bytes: bytes.array(0..<bytes.count),
      cutCount: cutCount,
      moment: position.moment
    )
    pieces.insert(piece, at: index)
    bufferedOctets += piece.bytes.count
    while Self.maximumBufferedOctets < bufferedOctets || Self.maximumPieces < pieces.count,
      let first = pieces.first
    {
      skip(to: first, cause: .limit, side: position.side, consumer: consumer)
    }
  }

  private mutating func skip(
    to piece: Piece,
    cause: GapCause,
    side: Side,
    consumer: any StreamConsumer
  ) {
    if next < piece.offset {
      let start = next
      next = piece.offset
      consumer.skip(
        piece.offset - start,
        at: StreamPosition(side: side, offset: start, moment: piece.moment),
        cause: cause
      )
    }
    release(to: consumer, side: side)
  }

  /// Delivers every waiting piece that is now in order.
  private mutating func release(to consumer: any StreamConsumer, side: Side) {
    var released = 0
    while released < pieces.count, pieces[released].offset <= next {
      let piece = pieces[released]
      released += 1
      bufferedOctets -= piece.bytes.count
      deliver(
        piece.bytes.span,
        cutCount: piece.cutCount,
        at: StreamPosition(side: side, offset: piece.offset, moment: piece.moment),
        to: consumer
      )
    }
    pieces.removeFirst(released)
  }
}
