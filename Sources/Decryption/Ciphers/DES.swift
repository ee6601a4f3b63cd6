/// One key of the Data Encryption Standard, as Triple DES needs it three times.
///
/// FIPS PUB 46-3; bit 1 of the standard's tables is the most significant.
struct DES: Sendable {
  /// The sixteen rounds' keys, each as eight groups of six bits.
  private let rounds: [[UInt8]]

  /// Schedules a key; its parity bits count for nothing.
  init(key: UInt64) {
    let chosen = Self.permute(key, of: 64, by: Self.permutedChoice1)
    var left = UInt32(truncatingIfNeeded: chosen >> 28)
    var right = UInt32(truncatingIfNeeded: chosen & 0x0FFF_FFFF)
    rounds = (1...16).map { round in
      let shift: UInt32 = [1, 2, 9, 16].contains(round) ? 1 : 2
      left = Self.rotate28(left, shift)
      right = Self.rotate28(right, shift)
      let key = Self.permute(UInt64(left) << 28 | UInt64(right), of: 56, by: Self.permutedChoice2)
      return (0..<8).map { UInt8(truncatingIfNeeded: key >> (42 - 6 * UInt64($0)) & 0x3F) }
    }
  }

  /// Encrypts a block.
  func encrypt(_ block: UInt64) -> UInt64 { apply(rounds, to: block) }

  /// Decrypts a block.
  func decrypt(_ block: UInt64) -> UInt64 { apply(rounds.reversed(), to: block) }

  private func apply(_ rounds: some Sequence<[UInt8]>, to block: UInt64) -> UInt64 {
    let start = Self.permute(block, Self.initial)
    var left = UInt32(truncatingIfNeeded: start >> 32)
    var right = UInt32(truncatingIfNeeded: start)
    for key in rounds { (left, right) = (right, left ^ Self.mix(right, key)) }
    return Self.permute(UInt64(right) << 32 | UInt64(left), Self.final)
  }

  /// The function f: expansion, key, substitution and permutation, the last two in one table.
  private static func mix(_ half: UInt32, _ key: [UInt8]) -> UInt32 {
    // The expansion's groups overlap: each has the last bit of the one before, its own four, and
    // the first of the next.
    var expanded = half << 31 | half >> 1
    var result: UInt32 = 0
    for group in 0..<8 {
      let index = Int(UInt8(truncatingIfNeeded: expanded >> 26) ^ key[group])
      result |= substitutions[group << 6 | index]
      expanded = expanded << 4 | expanded >> 28
    }
    return result
  }

  private static func rotate28(_ value: UInt32, _ count: UInt32) -> UInt32 {
    (value << count | value >> (28 - count)) & 0x0FFF_FFFF
  }
}

// MARK: - Tables

extension DES {
  /// Moves bits: bit n of the result is bit `table[n]` of the value's `width`.
  private static func permute(_ value: UInt64, of width: UInt64, by table: [UInt8]) -> UInt64 {
    table.reduce(0) { $0 << 1 | value >> (width - UInt64($1)) & 1 }
  }

  /// Moves the bits of a block, an octet at a time.
  private static func permute(_ value: UInt64, _ table: [UInt64]) -> UInt64 {
    var result: UInt64 = 0
    for octet in 0..<8 {
      result |= table[octet << 8 | Int(value >> (56 - 8 * UInt64(octet)) & 0xFF)]
    }
    return result
  }

  /// What each value of each octet of a block becomes.
  private static func octetTable(_ table: [UInt8]) -> [UInt64] {
    (0..<8 * 256).map { entry in
      permute(UInt64(entry & 0xFF) << (56 - 8 * UInt64(entry >> 8)), of: 64, by: table)
    }
  }

  /// The permutation after the substitution, applied to every value of every box.
  private static let substitutions: [UInt32] = (0..<8 * 64).map { entry in
    let (box, index) = (entry >> 6, entry & 0x3F)
    // The outer bits choose the row, the inner ones the column.
    let row = (index >> 4 & 2) | (index & 1)
    let value = UInt64(boxes[box][row * 16 + (index >> 1 & 0xF)])
    return UInt32(
      truncatingIfNeeded: permute(value << (28 - 4 * UInt64(box)), of: 32, by: permutation)
    )
  }

  private static let initial = octetTable(
    [58, 60, 62, 64, 57, 59, 61, 63].flatMap { first in (0..<8).map { first - 8 * $0 } }
  )
  private static let final = octetTable(
    (0..<8).flatMap { row in [40, 8, 48, 16, 56, 24, 64, 32].map { $0 - UInt8(row) } }
  )

  private static let permutedChoice1: [UInt8] = [
    57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3,
    60, 52, 44, 36, 63, 55, 47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45, 37,
    29, 21, 13, 5, 28, 20, 12, 4,
  ]
  private static let permutedChoice2: [UInt8] = [
    14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2,
    41, 52, 31, 37, 47, 55, 30, 40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32,
  ]
  private static let permutation: [UInt8] = [
    16, 7, 20, 21, 29, 12, 28, 17, 1, 15, 23, 26, 5, 18, 31, 10,
    2, 8, 24, 14, 32, 27, 3, 9, 19, 13, 30, 6, 22, 11, 4, 25,
  ]
  private static let boxes: [[UInt8]] = [
    [
      14, 4, 13, 1, 2, 15, 11, 8, 3, 10, 6, 12, 5, 9, 0, 7,
      0, 15, 7, 4, 14, 2, 13, 1, 10, 6, 12, 11, 9, 5, 3, 8,
      4, 1, 14, 8, 13, 6, 2, 11, 15, 12, 9, 7, 3, 10, 5, 0,
      15, 12, 8, 2, 4, 9, 1, 7, 5, 11, 3, 14, 10, 0, 6, 13,
    ],
    [
      15, 1, 8, 14, 6, 11, 3, 4, 9, 7, 2, 13, 12, 0, 5, 10,
      3, 13, 4, 7, 15, 2, 8, 14, 12, 0, 1, 10, 6, 9, 11, 5,
      0, 14, 7, 11, 10, 4, 13, 1, 5, 8, 12, 6, 9, 3, 2, 15,
      13, 8, 10, 1, 3, 15, 4, 2, 11, 6, 7, 12, 0, 5, 14, 9,
    ],
    [
      10, 0, 9, 14, 6, 3, 15, 5, 1, 13, 12, 7, 11, 4, 2, 8,
      13, 7, 0, 9, 3, 4, 6, 10, 2, 8, 5, 14, 12, 11, 15, 1,
      13, 6, 4, 9, 8, 15, 3, 0, 11, 1, 2, 12, 5, 10, 14, 7,
      1, 10, 13, 0, 6, 9, 8, 7, 4, 15, 14, 3, 11, 5, 2, 12,
    ],
    [
      7, 13, 14, 3, 0, 6, 9, 10, 1, 2, 8, 5, 11, 12, 4, 15,
      13, 8, 11, 5, 6, 15, 0, 3, 4, 7, 2, 12, 1, 10, 14, 9,
      10, 6, 9, 0, 12, 11, 7, 13, 15, 1, 3, 14, 5, 2, 8, 4,
      3, 15, 0, 6, 10, 1, 13, 8, 9, 4, 5, 11, 12, 7, 2, 14,
    ],
    [
      2, 12, 4, 1, 7, 10, 11, 6, 8, 5, 3, 15, 13, 0, 14, 9,
      14, 11, 2, 12, 4, 7, 13, 1, 5, 0, 15, 10, 3, 9, 8, 6,
      4, 2, 1, 11, 10, 13, 7, 8, 15, 9, 12, 5, 6, 3, 0, 14,
      11, 8, 12, 7, 1, 14, 2, 13, 6, 15, 0, 9, 10, 4, 5, 3,
    ],
    [
      12, 1, 10, 15, 9, 2, 6, 8, 0, 13, 3, 4, 14, 7, 5, 11,
      10, 15, 4, 2, 7, 12, 9, 5, 6, 1, 13, 14, 0, 11, 3, 8,
      9, 14, 15, 5, 2, 8, 12, 3, 7, 0, 4, 10, 1, 13, 11, 6,
      4, 3, 2, 12, 9, 5, 15, 10, 11, 14, 1, 7, 6, 0, 8, 13,
    ],
    [
      4, 11, 2, 14, 15, 0, 8, 13, 3, 12, 9, 7, 5, 10, 6, 1,
      13, 0, 11, 7, 4, 9, 1, 10, 14, 3, 5, 12, 2, 15, 8, 6,
      1, 4, 11, 13, 12, 3, 7, 14, 10, 15, 6, 8, 0, 5, 9, 2,
      6, 11, 13, 8, 1, 4, 10, 7, 9, 5, 0, 15, 14, 2, 3, 12,
    ],
    [
      13, 2, 8, 4, 6, 15, 11, 1, 10, 9, 3, 14, 5, 0, 12, 7,
      1, 15, 13, 8, 10, 3, 7, 4, 12, 5, 6, 11, 0, 14, 9, 2,
      7, 11, 4, 1, 9, 12, 14, 2, 0, 6, 10, 13, 15, 3, 5, 8,
      2, 1, 14, 7, 4, 10, 8, 13, 15, 12, 9, 0, 3, 5, 6, 11,
    ],
  ]
}
