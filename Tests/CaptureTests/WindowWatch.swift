import Testing
import Wire

@testable import Capture

/// Octets that a source lent, and what they were then.
@safe private struct LentOctets {
  private let place: UnsafePointer<UInt8>?
  private let octets: [UInt8]

  init(_ span: Span<UInt8>) {
    unsafe place = span.withUnsafeBufferPointer { $0.baseAddress }
    octets = span.array(0..<span.count)
  }

  var areStillThere: Bool {
    unsafe UnsafeBufferPointer(start: place, count: octets.count).elementsEqual(octets)
  }
}

/// Holds on to the octets that a source lends for as long as it promises to keep them in place.
private final class WindowWatch {
  private var lent: [LentOctets] = []
  private var lentBefore: [LentOctets] = []
  private var lentEarlier: [LentOctets] = []
  private(set) var brokenCount = 0

  func note(_ octets: Span<UInt8>) { lent.append(LentOctets(octets)) }

  /// What was lent before the last two calls must still be there.
  func leave() {
    brokenCount += (lentEarlier + lentBefore).count { !$0.areStillThere }
    (lentEarlier, lentBefore, lent) = (lentBefore, lent, [])
  }
}

/// Reads a source as the analysis does, window by window, and expects the same of it.
func expectTheSameByWindows(_ source: any PacketSource, _ expected: Reading) throws {
  let watch = WindowWatch()
  source.onWindowLeft = { watch.leave() }
  var records: [PacketRecord] = []
  var isSame = true
  try source.forEach { record, octets in
    watch.note(octets)
    let index = records.count
    isSame =
      isSame && index < expected.packets.count
      && expected.packets[index] == octets.array(0..<octets.count)
    records.append(copy record)
  }
  #expect(isSame)
  #expect(records == expected.records)
  #expect(source.metadata == expected.metadata)
  #expect(watch.brokenCount == 0)
}
