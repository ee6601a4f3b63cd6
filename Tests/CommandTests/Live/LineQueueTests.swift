import Foundation
import Testing

@testable import rdpscope

/// Lines for somebody who stops reading: nobody waits, and what he misses is counted.
@Suite struct LineQueueTests {
  /// As live capture does: who reads may go.
  init() { Signals.ignoreBrokenPipes() }

  private static let line = Array((String(repeating: "x", count: 999) + "\n").utf8)

  private func queue(_ pipe: Pipe) -> LineQueue {
    // The queue closes what it writes to.
    LineQueue(Destination(descriptor: dup(pipe.fileHandleForWriting.fileDescriptor), path: "pipe"))
  }

  @Test func whoReadsGetsEachLineAtOnce() throws {
    let pipe = Pipe()
    var queue = queue(pipe)
    try queue.add(Self.line)
    #expect(!queue.isWaiting)
    #expect(try pipe.fileHandleForReading.read(upToCount: 1000) == Data(Self.line))
  }

  @Test func whoStopsReadingHoldsUpNobodyAndIsToldWhatHeMissed() throws {
    let pipe = Pipe()
    var queue = queue(pipe)
    let start = ContinuousClock.now
    let count = LineQueue.maximumByteCount / Self.line.count + 2000
    for _ in 0..<count { try queue.add(Self.line) }
    #expect(start.duration(to: .now) < .seconds(10))
    #expect(queue.isWaiting && 0 < queue.droppedCount)
    // He reads again: whole lines, none of them torn.
    var read = 0
    while queue.isWaiting {
      let octets = pipe.fileHandleForReading.availableData
      #expect(octets.allSatisfy { $0 == UInt8(ascii: "x") || $0 == UInt8(ascii: "\n") })
      read += octets.count
      try queue.flush()
    }
    let left = (count - queue.droppedCount) * Self.line.count - read
    #expect(0 <= left && left <= 1 << 20)
    if 0 < left { #expect(try pipe.fileHandleForReading.read(upToCount: left)?.count == left) }
  }

  @Test func aReaderThatIsGoneIsAnError() throws {
    let pipe = Pipe()
    var queue = queue(pipe)
    try pipe.fileHandleForReading.close()
    #expect(throws: WriteError.self) { try queue.add(Self.line) }
  }
}
