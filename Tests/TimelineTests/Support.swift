import Streams
import Timeline
import Wire

/// What a connection says whose streams come in segments of at most this size.
func decode(
  _ segments: [(side: Side, octets: [UInt8])],
  segmentSize: Int
) -> MessageFacts {
  let decoder = StreamDecoder(startsAtBeginning: true)
  var offsets = [Side.client: 0, .server: 0]
  var frame = 0
  for segment in segments {
    for start in stride(from: 0, to: segment.octets.count, by: segmentSize) {
      let part = Array(segment.octets[start...].prefix(segmentSize))
      frame += 1
      decoder.consume(
        part.span,
        at: StreamPosition(
          side: segment.side,
          offset: offsets[segment.side, default: 0],
          moment: Moment(frame: frame, time: Timestamp(nanoseconds: Int64(frame)))
        )
      )
      offsets[segment.side, default: 0] += part.count
    }
  }
  return decoder.facts
}

/// The octets that hexadecimal digits spell; spaces and line breaks are passed over.
func octets(_ digits: String) -> [UInt8] {
  let nibbles = digits.compactMap(\.hexDigitValue).map { UInt8($0) }
  return stride(from: 0, to: nibbles.count, by: 2).map { nibbles[$0] << 4 | nibbles[$0 + 1] }
}
