import Streams
import Timeline
import Wire

/// Two directions of octets in turns: however they are divided into segments, and in whatever order
/// these come, the octets and what is made of them are the same.
///
/// Input: turns of a head of three octets and the octets sent. Of the first the highest bit is the
/// side, the others say how the turn is divided; the next two are the length.
enum StreamOracle {
  /// Turns of one input.
  static let maximumTurns = 64

  private struct Turn {
    let side: Side
    let division: Int
    let bytes: [UInt8]
  }

  static func check(_ input: [UInt8]) throws(Violation) {
    var input = FuzzInput(input)
    var turns: [Turn] = []
    while !input.isAtEnd, turns.count < maximumTurns {
      let head = input.octet()
      let bytes = input.octets(input.number16())
      turns.append(
        Turn(side: head & 0x80 == 0 ? .client : .server, division: Int(head & 0x7F), bytes: bytes)
      )
    }
    for side in Side.allCases {
      try checkAssembly(turns.filter { $0.side == side }, side)
    }
    try checkMessages(turns)
  }

  /// Where a turn of so many octets is divided.
  private static func pieces(_ count: Int, _ division: Int) -> [Range<Int>] {
    let length = 1 + division
    return stride(from: 0, to: count, by: length).map { $0..<min($0 + length, count) }
  }
}

// MARK: - Octets

extension StreamOracle {
  private static func checkAssembly(_ turns: [Turn], _ side: Side) throws(Violation) {
    let content = turns.flatMap(\.bytes)
    let recorder = Recorder()
    var assembler = StreamAssembler()
    func deliver(_ range: Range<Int>, frame: Int) {
      assembler.accept(
        Array(content[range]).span,
        cutCount: 0,
        at: StreamPosition(side: side, offset: range.lowerBound, moment: moment(frame)),
        to: recorder
      )
    }
    var start = 0
    for (index, turn) in turns.enumerated() {
      let ranges = pieces(turn.bytes.count, turn.division).map {
        $0.lowerBound + start..<$0.upperBound + start
      }
      // Backwards, then overlapping by half a piece, then what may still be missing.
      for range in ranges.reversed().prefix(StreamAssembler.maximumPieces / 2) {
        deliver(range, frame: index)
      }
      for range in ranges {
        deliver(max(0, range.lowerBound - range.count / 2)..<range.upperBound, frame: index)
      }
      start += turn.bytes.count
    }
    assembler.finish(side: side, to: recorder)
    try require(recorder.missing == 0, "\(recorder.missing) octets are called missing")
    try require(recorder.octets == content, "the octets put together differ from those sent")
    try require(recorder.isConnected, "octets delivered at an offset other than the next")
  }

  /// Keeps what it gets.
  private final class Recorder: StreamConsumer {
    var octets: [UInt8] = []
    var missing = 0
    var isConnected = true

    func consume(_ bytes: Span<UInt8>, at position: StreamPosition) {
      if position.offset != octets.count + missing { isConnected = false }
      for index in bytes.indices { octets.append(bytes[index]) }
    }

    func skip(_ count: Int, at position: StreamPosition, cause: GapCause) { missing += count }
  }
}

// MARK: - Messages

extension StreamOracle {
  private static func checkMessages(_ turns: [Turn]) throws(Violation) {
    for startsAtBeginning in [true, false] {
      let whole = StreamDecoder(startsAtBeginning: startsAtBeginning)
      let divided = StreamDecoder(startsAtBeginning: startsAtBeginning)
      var offsets: [Side: Int] = [:]
      for (index, turn) in turns.enumerated() {
        let start = offsets[turn.side, default: 0]
        offsets[turn.side] = start + turn.bytes.count
        func position(_ offset: Int) -> StreamPosition {
          StreamPosition(side: turn.side, offset: start + offset, moment: moment(index))
        }
        if !turn.bytes.isEmpty { whole.consume(turn.bytes.span, at: position(0)) }
        for range in pieces(turn.bytes.count, turn.division) {
          divided.consume(Array(turn.bytes[range]).span, at: position(range.lowerBound))
        }
      }
      try require(
        "\(whole.facts)" == "\(divided.facts)",
        "what is found depends on how the octets were divided"
      )
    }
  }

  private static func moment(_ frame: Int) -> Moment {
    Moment(frame: frame + 1, time: Timestamp(nanoseconds: Int64(frame) * 1_000_000))
  }
}
