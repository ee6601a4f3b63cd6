import Packets
package import Timeline

/// One direction of a connection: what is seen near its sender, and what of it near its receiver.
package struct DirectionMatch: Sendable {
  package typealias Segment = SegmentTap.Segment

  /// Segments with octets or with SYN, FIN or RST that the capture near the sender holds.
  package private(set) var sentCount = 0
  /// Those of them that never arrive at the other capture.
  package private(set) var lost: [Segment] = []
  /// Such segments that only the capture near the receiver holds.
  package private(set) var appeared: [Segment] = []
  /// What is in both captures.
  package private(set) var pairs: [(sent: Segment, arrived: Segment)] = []

  /// Those that arrive.
  package var arrivedCount: Int { sentCount - lost.count }

  /// Matches the two captures' segments of one direction.
  ///
  /// - Parameters:
  ///   - sent: Near the sender, in order.
  ///   - arrived: Near the receiver, in order.
  ///   - shift: What a box on the way adds to the sequence numbers.
  ///   - acknowledgmentShift: What it adds to the acknowledgments.
  init(sent: [Segment], arrived: [Segment], shift: UInt32, acknowledgmentShift: UInt32) {
    let sentKeys = sent.map { Key($0, sequence: 0, acknowledgment: 0) }
    let arrivedKeys = arrived.map {
      Key($0, sequence: shift, acknowledgment: acknowledgmentShift)
    }
    var partners = [Int?](repeating: nil, count: sent.count)
    var isMatched = [Bool](repeating: false, count: arrived.count)
    let arrivals = Dictionary(grouping: arrivedKeys.indices) { arrivedKeys[$0] }
    let departures = Dictionary(grouping: sentKeys.indices) { sentKeys[$0] }
    let keepsIdentification = Self.keepsIdentification(sent, arrived, departures, arrivals)
    for (key, group) in departures {
      for (one, other) in Self.pair(
        group,
        arrivals[key] ?? [],
        sent,
        arrived,
        byIdentification: keepsIdentification
      ) {
        partners[one] = other
        isMatched[other] = true
      }
    }
    pairs = sent.indices.compactMap { index in partners[index].map { (sent[index], arrived[$0]) } }
    let origin = sent.first?.sequence ?? 0
    let missing = sent.indices.filter { partners[$0] == nil && sent[$0].counts }
    let strays = arrived.indices.filter { !isMatched[$0] && arrived[$0].counts }
    // Network cards and proxies cut the stream anew: what arrives in other pieces is not lost.
    let sentRuns = Runs(missing.map { sent[$0] }, shift: 0, origin: origin)
    let arrivedRuns = Runs(strays.map { arrived[$0] }, shift: shift, origin: origin)
    sentCount = sent.count(where: \.counts)
    lost = missing.map { sent[$0] }.filter { !arrivedRuns.cover($0, shift: 0, origin: origin) }
    appeared = strays.map { arrived[$0] }
      .filter { !sentRuns.cover($0, shift: shift, origin: origin) }
  }

  /// Leaves out what one of the captures was not running for.
  ///
  /// - Parameters:
  ///   - isHeardByReceiver: Whether the capture near the receiver ran when a segment was sent.
  ///   - isHeardBySender: Whether the capture near the sender ran when one arrived.
  mutating func restrict(
    isHeardByReceiver: (Segment) -> Bool,
    isHeardBySender: (Segment) -> Bool
  ) {
    let before = lost.count
    lost.removeAll { !isHeardByReceiver($0) }
    sentCount -= before - lost.count
    // A reset at the very end is looked at more closely.
    appeared.removeAll { !$0.flags.contains(.rst) && !isHeardBySender($0) }
  }

  private struct Key: Hashable {
    let sequence: UInt32
    let acknowledgment: UInt32
    let payloadLength: UInt32
    let flags: TCPFlags

    init(_ segment: Segment, sequence shift: UInt32, acknowledgment ackShift: UInt32) {
      sequence = segment.sequence &- shift
      acknowledgment = segment.flags.contains(.ack) ? segment.acknowledgment &- ackShift : 0
      payloadLength = segment.payloadLength
      // Routers mark congestion, and some boxes set PSH.
      flags = segment.flags.subtracting([.psh, .ece, .cwr])
    }
  }

  /// Whether the IP identification survives the way, told by segments that occur once.
  private static func keepsIdentification(
    _ sent: [Segment],
    _ arrived: [Segment],
    _ departures: [Key: [Int]],
    _ arrivals: [Key: [Int]]
  ) -> Bool {
    var kept = 0
    var changed = 0
    for (key, group) in departures where group.count == 1 {
      guard let other = arrivals[key], other.count == 1,
        let one = sent[group[0]].identification, let two = arrived[other[0]].identification
      else { continue }
      if one == two { kept += 1 } else { changed += 1 }
    }
    return 3 <= kept && changed * 4 < kept
  }

  /// Pairs equal segments: by identification where it tells them apart, otherwise from the last
  /// on, since what is repeated is what was lost before.
  private static func pair(
    _ group: [Int],
    _ candidates: [Int],
    _ sent: [Segment],
    _ arrived: [Segment],
    byIdentification: Bool
  ) -> [(Int, Int)] {
    guard byIdentification else { return Array(zip(group.reversed(), candidates.reversed())) }
    var left = candidates
    var result: [(Int, Int)] = []
    for one in group {
      guard
        let place = left.firstIndex(where: {
          arrived[$0].identification == sent[one].identification
        })
      else { continue }
      result.append((one, left.remove(at: place)))
    }
    return result
  }
}

extension SegmentTap.Segment {
  /// Whether the segment says more than an acknowledgment.
  var counts: Bool { 0 < payloadLength || !flags.isDisjoint(with: .delimiting) }
}

/// Stretches of a stream, merged.
private struct Runs {
  private var runs: [Range<Int>] = []

  init(_ segments: [SegmentTap.Segment], shift: UInt32, origin: UInt32) {
    let ranges = segments.filter { 0 < $0.payloadLength }
      .map { Self.range($0, shift: shift, origin: origin) }
      .sorted { $0.lowerBound < $1.lowerBound }
    for range in ranges {
      if let last = runs.last, range.lowerBound <= last.upperBound {
        runs[runs.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        runs.append(range)
      }
    }
  }

  func cover(_ segment: SegmentTap.Segment, shift: UInt32, origin: UInt32) -> Bool {
    guard 0 < segment.payloadLength else { return false }
    let range = Self.range(segment, shift: shift, origin: origin)
    return runs.contains { $0.lowerBound <= range.lowerBound && range.upperBound <= $0.upperBound }
  }

  private static func range(
    _ segment: SegmentTap.Segment,
    shift: UInt32,
    origin: UInt32
  ) -> Range<Int> {
    let start = Int(Int32(bitPattern: segment.sequence &- shift &- origin))
    return start..<start + Int(segment.payloadLength)
  }
}
