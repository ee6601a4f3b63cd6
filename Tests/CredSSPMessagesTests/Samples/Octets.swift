/// The octets that hexadecimal digits spell; spaces and line breaks are passed over.
func octets(_ digits: String) -> [UInt8] {
  let nibbles = digits.compactMap(\.hexDigitValue).map { UInt8($0) }
  return stride(from: 0, to: nibbles.count, by: 2).map { nibbles[$0] << 4 | nibbles[$0 + 1] }
}

/// The same numbers on every run (SplitMix64): a failure is repeated with its seed.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = (state ^ (state >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }
}

extension [UInt8] {
  /// A copy with `count` octets changed.
  func flipped(_ count: Int, by generator: inout SeededGenerator) -> [UInt8] {
    var changed = self
    for _ in 0..<count {
      changed[Int.random(in: 0..<changed.count, using: &generator)] = UInt8.random(
        in: 0...255,
        using: &generator
      )
    }
    return changed
  }
}
