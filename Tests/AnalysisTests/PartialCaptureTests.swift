import Capture
import Diagnosis
import Expectations
import Foundation
import Reports
import Streams
import Testing
import Timeline
import Wire

/// What works must not be called broken because the capture of it is poor: begun late, stopped
/// early, cut, one-sided, with packets lost, doubled or out of order.
@Suite struct PartialCaptureTests {
  /// Cases in which nothing failed, and which are judged so when they are whole.
  static let sound: [GoldenCase] = GoldenCase.all.filter { golden in
    guard let data = try? Data(contentsOf: golden.folder.appending(path: "expected.json")),
      let expected = try? Expectation(reading: Array(data)), expected.knownIssue == nil,
      !expected.connections.isEmpty
    else { return false }
    return expected.connections.allSatisfy { connection in
      !connection.families.isEmpty
        && connection.families.allSatisfy { ["healthy", "clean_disconnect", "probe"].contains($0) }
    }
  }

  @Test func thereAreSoundCases() {
    #expect(20 <= Self.sound.count)
  }

  /// Begins and ends at twenty places each.
  @Test(arguments: sound)
  func aPartOfWhatWorksIsNoFailure(_ golden: GoldenCase) throws {
    let whole = try PacketList(contentsOf: golden.capture.path)
    for place in 1..<20 {
      let middle = whole.packets.count * place / 20
      var late = whole
      late.packets.removeFirst(middle)
      try expectNoFailure(late, "begins at packet \(middle)")
      var early = whole
      early.packets.removeLast(whole.packets.count - middle)
      try expectNoFailure(early, "ends after packet \(middle)")
    }
  }

  /// Snap lengths from the bare headers up.
  @Test(arguments: sound)
  func shortPacketsOfWhatWorksAreNoFailure(_ golden: GoldenCase) throws {
    let whole = try PacketList(contentsOf: golden.capture.path)
    for count in [54, 60, 68, 96, 128, 200] {
      try expectNoFailure(whole.cut(to: count), "cut to \(count)")
    }
  }

  /// One packet in a hundred, in twenty, in five is missing; the packets themselves are not.
  @Test(arguments: sound)
  func packetsThatTheCaptureLostAreNoFailure(_ golden: GoldenCase) throws {
    let whole = try PacketList(contentsOf: golden.capture.path)
    for (rate, seeds) in [(0.01, 6), (0.05, 6), (0.2, 4)] {
      for seed in 0..<UInt64(seeds) {
        var generator = SeededGenerator(seed: seed)
        var lossy = whole
        lossy.packets.removeAll { _ in Double.random(in: 0..<1, using: &generator) < rate }
        try expectNoFailure(lossy, "rate \(rate), seed \(seed)")
      }
    }
  }

  @Test(arguments: sound)
  func doubledAndSwappedPacketsAreNoFailure(_ golden: GoldenCase) throws {
    let whole = try PacketList(contentsOf: golden.capture.path)
    var doubled = whole
    doubled.packets = whole.packets.flatMap { [$0, $0] }
    try expectNoFailure(doubled, "doubled")
    var swapped = whole
    for index in stride(from: 0, to: whole.packets.count - 1, by: 7) {
      swapped.packets.swapAt(index, index + 1)
    }
    try expectNoFailure(swapped, "swapped")
  }

  /// The hardware address at octet 6 of an Ethernet frame tells the direction.
  @Test(arguments: sound)
  func oneDirectionOfWhatWorksIsNoFailure(_ golden: GoldenCase) throws {
    let whole = try PacketList(contentsOf: golden.capture.path)
    guard whole.packets.allSatisfy({ $0.record.linkType.rawValue == 1 && 12 <= $0.bytes.count })
    else { return }
    for sender in Set(whole.packets.map { Array($0.bytes[6..<12]) }) {
      var half = whole
      half.packets.removeAll { Array($0.bytes[6..<12]) != sender }
      try expectNoFailure(half, "only from \(sender)")
    }
  }

  /// While the client's second try goes on nothing is decided, wherever the capture ends.
  @Test func aFallbackUnderWayIsNoFailureYet() throws {
    let golden = try #require(GoldenCase.all.first { $0.testDescription == "fallback-succeeds" })
    let whole = try PacketList(contentsOf: golden.capture.path)
    let second = try #require(whole.analyse().diagnosis.connections.last)
    #expect(second.role == .fallback)
    for count in second.connection.start.frame + 2..<whole.packets.count {
      var early = whole
      early.packets.removeLast(whole.packets.count - count)
      try expectNoFailure(early, "ends after packet \(count)")
    }
  }

  private func expectNoFailure(_ list: PacketList, _ what: String) throws {
    for judged in try list.analyse().diagnosis.connections {
      let why = judged.verdict.evidence.map(\.text)
      #expect(
        judged.verdict.severity != .failure,
        "\(what): stream \(judged.connection.stream) is called \(judged.verdict.cause.id): \(why)"
      )
    }
  }
}
