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
    let isWaiting = queue.isWaiting
    #expect(!isWaiting)
    #expect(try pipe.fileHandleForReading.read(upToCount: 1000) == Data(Self.line))
  }

  @Test func whoStopsReadingHoldsUpNobodyAndIsToldWhatHeMissed() throws {
    let pipe = Pipe()
    var queue = queue(pipe)
    let start = ContinuousClock.now
    let count = LineQueue.maximumByteCount / Self.line.count + 2000
    for _ in 0..<count { try queue.add(Self.line) }
    #expect(start.duration(to: .now) < .seconds(10))
    let (isWaiting, droppedCount) = (queue.isWaiting, queue.droppedCount)
    #expect(isWaiting && 0 < droppedCount)
    // He reads again: whole lines, none of them torn.
    var read = 0
    while queue.isWaiting {
      let octets = pipe.fileHandleForReading.availableData
      #expect(octets.allSatisfy { $0 == UInt8(ascii: "x") || $0 == UInt8(ascii: "\n") })
      read += octets.count
      try queue.flush()
    }
    let left = (count - droppedCount) * Self.line.count - read
    #expect(0 <= left && left <= 1 << 20)
    if 0 < left { #expect(try pipe.fileHandleForReading.read(upToCount: left)?.count == left) }
  }

  @Test func aReaderThatIsGoneIsAnError() throws {
    let pipe = Pipe()
    var queue = queue(pipe)
    try pipe.fileHandleForReading.close()
    var error: WriteError?
    do throws(WriteError) { try queue.add(Self.line) } catch let caught { error = caught }
    #expect(error != nil)
  }
}
