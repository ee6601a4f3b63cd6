import Streams
import Testing
import Wire

/// Collects what a stream delivers; a gap becomes that many question marks.
private final class Recorder: StreamConsumer {
  var octets: [UInt8] = []
  var causes: [GapCause] = []

  func consume(_ bytes: Span<UInt8>, at position: StreamPosition) {
    #expect(position.offset == octets.count)
    for index in bytes.indices { octets.append(bytes[index]) }
  }

  func skip(_ count: Int, at position: StreamPosition, cause: GapCause) {
    octets += Array(repeating: UInt8(ascii: "?"), count: count)
    causes.append(cause)
  }

  var text: String { String(decoding: octets, as: UTF8.self) }
}

@Suite struct StreamAssemblerTests {
  private func assemble(
    _ segments: [(offset: Int, text: String)],
    acknowledged: Int? = nil,
    finish: Bool = false
  ) -> (text: String, causes: [GapCause]) {
    var assembler = StreamAssembler()
    let recorder = Recorder()
    for (frame, segment) in segments.enumerated() {
      let moment = Moment(frame: frame + 1, time: Timestamp(nanoseconds: 0))
      assembler.accept(
        Array(segment.text.utf8).span,
        cutCount: 0,
        at: StreamPosition(side: .client, offset: segment.offset, moment: moment),
        to: recorder
      )
    }
    if let acknowledged {
      assembler.acknowledge(upTo: acknowledged, side: .client, to: recorder)
    }
    if finish { assembler.finish(side: .client, to: recorder) }
    return (recorder.text, recorder.causes)
  }

  @Test(arguments: [
    ([(0, "abc"), (3, "def")], "abcdef"), ([(3, "def"), (0, "abc")], "abcdef"),
    ([(0, "abc"), (0, "abc"), (3, "def")], "abcdef"), ([(0, "abcd"), (2, "cdef")], "abcdef"),
    ([(4, "ef"), (2, "cd"), (0, "ab")], "abcdef"), ([(0, "ab"), (1, "XX"), (3, "d")], "abXd"),
    ([(2, "cdef"), (2, "cd"), (0, "ab")], "abcdef"), ([(5, "z")], ""),
  ])
  func segmentsArePutInOrder(_ segments: [(Int, String)], _ text: String) {
    #expect(assemble(segments.map { (offset: $0.0, text: $0.1) }).text == text)
  }

  @Test func acknowledgedGapsAreTold() {
    let result = assemble([(0, "ab"), (4, "ef")], acknowledged: 6)
    #expect(result.text == "ab??ef")
    #expect(result.causes == [.notCaptured])
  }

  @Test func unacknowledgedGapsWaitForTheEnd() {
    #expect(assemble([(0, "ab"), (4, "ef")], acknowledged: 2).text == "ab")
    let result = assemble([(0, "ab"), (4, "ef")], finish: true)
    #expect(result.text == "ab??ef")
    #expect(result.causes == [.endOfCapture])
  }

  @Test(arguments: 0..<20)
  func shuffledSegmentsEqualTheOriginal(_ seed: Int) {
    var state = UInt64(seed) &* 6_364_136_223_846_793_005 &+ 1
    func random(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let original = (0..<500).map { UInt8(truncatingIfNeeded: $0) }
    var segments = (0..<100).map { _ -> (Int, Int) in
      let start = random(500)
      return (start, min(500, start + 1 + random(40)))
    }
    segments += stride(from: 0, to: 500, by: 10).map { ($0, $0 + 10) }
    var assembler = StreamAssembler()
    let recorder = Recorder()
    while !segments.isEmpty {
      let (start, end) = segments.remove(at: random(segments.count))
      let moment = Moment(frame: 1, time: Timestamp(nanoseconds: 0))
      assembler.accept(
        Array(original[start..<end]).span,
        cutCount: 0,
        at: StreamPosition(side: .server, offset: start, moment: moment),
        to: recorder
      )
    }
    #expect(recorder.octets == original, "seed \(seed)")
  }
}

@Suite struct SequenceSpaceTests {
  @Test func numbersWrap() {
    var space = SequenceSpace(origin: .max - 9)
    #expect(space.offset(of: .max) == 9)
    space.extend(to: 8)
    #expect(space.offset(of: 5) == 15)
    space.extend(to: 15)
    #expect(space.offset(of: .max - 9) == 0)
    #expect(space.offset(of: .max - 10) == -1)
  }
}
