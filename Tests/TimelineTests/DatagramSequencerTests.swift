@testable import Timeline
import Testing

@Suite struct DatagramSequencerTests {
  private func part(_ octets: [UInt8]) -> DatagramSequencer.Part { .init(octets: octets) }

  @Test func repeatsAndReordersComeOutInOrder() {
    var sequencer = DatagramSequencer(first: 0xFFFF_FFFF, mask: .max)
    #expect(sequencer.take(1, part([3])).ready.map(\.octets) == [])
    #expect(sequencer.take(0xFFFF_FFFF, part([1])).ready.map(\.octets) == [[1]])
    #expect(sequencer.take(0xFFFF_FFFF, part([1])).ready.map(\.octets) == [])
    #expect(sequencer.take(0, part([2])).ready.map(\.octets) == [[2], [3]])
  }

  @Test func sixteenBitNumbersBeginAnew() {
    var sequencer = DatagramSequencer(first: 0xFFFF, mask: 0xFFFF)
    #expect(sequencer.take(0, part([2])).ready.map(\.octets) == [])
    #expect(sequencer.take(0xFFFF, part([1])).ready.map(\.octets) == [[1], [2]])
    #expect(sequencer.take(0xFFFF, part([1])).ready.map(\.octets) == [])
  }

  @Test func whatNeverComesIsGivenUp() {
    var sequencer = DatagramSequencer(first: 1, mask: .max)
    for number in 2...(UInt32(DatagramSequencer.maximumHeld) + 1) {
      #expect(sequencer.take(number, part([1])).ready.isEmpty)
    }
    let taken = sequencer.take(900, part([9]))
    #expect(taken.hasGap)
    #expect(taken.ready.count == DatagramSequencer.maximumHeld)
    #expect(sequencer.take(1, part([0])).ready.isEmpty)
  }
}
