import Packets
import Wire

extension TCPHalf {
  /// Takes a segment that is no copy.
  ///
  /// - Parameters:
  ///   - observed: The segment's header and sender.
  ///   - bytes: What the header's offsets refer to.
  ///   - peer: The other side, of which the segment acknowledges octets.
  ///   - consumer: Gets the octets that are now in order.
  /// - Returns: Whether it is longer than the peer's MSS.
  mutating func take(
    _ observed: ObservedSegment,
    in bytes: Span<UInt8>,
    peer: inout TCPHalf,
    to consumer: any StreamConsumer
  ) -> Bool {
    noteSender(observed)
    // Whoever is heard has answered the probes sent to it.
    peer.notePeerHeard()
    let segment = observed.segment
    if segment.flags.contains(.ack) {
      peer.noteAcknowledgment(segment.acknowledgment, at: observed.moment)
      if peer.stream.isWaiting {
        peer.stream.acknowledge(
          upTo: peer.acknowledged,
          at: observed.moment,
          side: observed.side.peer,
          to: consumer
        )
      }
    }
    // Of a reset only what it acknowledges counts: that arrived, also where the capture lacks it.
    guard !segment.flags.contains(.rst), let offset = noteOctets(observed),
      0 < segment.payloadLength
    else { return false }
    stream.accept(
      bytes.extracting(segment.payloadRange),
      cutCount: segment.payloadLength - segment.capturedPayloadLength,
      at: StreamPosition(side: observed.side, offset: offset, moment: observed.moment),
      to: consumer
    )
    return peer.options?.maximumSegmentSize.map { Int($0) < segment.payloadLength } ?? false
  }
}
