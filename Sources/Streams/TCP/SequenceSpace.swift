/// One direction's sequence numbers, unwrapped: 32 bits on the wire, an `Int` offset here.
package struct SequenceSpace: Hashable, Sendable {
  /// The sequence number of offset 0: the octet after the SYN, or the first seen.
  package let origin: UInt32
  /// Offset after the highest octet sent so far, SYN not counted.
  package private(set) var end = 0

  /// Creates a space.
  package init(origin: UInt32) { self.origin = origin }

  /// The offset of a sequence number: the one nearest to ``end``, so that wrapped and late
  /// segments find their place.
  package func offset(of sequence: UInt32) -> Int {
    let expected = origin &+ UInt32(truncatingIfNeeded: end)
    return end + Int(Int32(bitPattern: sequence &- expected))
  }

  /// Records that octets before `offset` were sent.
  package mutating func extend(to offset: Int) {
    if end < offset { end = offset }
  }
}
