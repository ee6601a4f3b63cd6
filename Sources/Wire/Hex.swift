extension Sequence<UInt8> {
  /// Lower-case hexadecimal digits, two an octet, without separators.
  package var hex: String {
    var digits: [UInt8] = []
    digits.reserveCapacity(underestimatedCount * 2)
    for octet in self {
      digits.append(Self.digit(octet >> 4))
      digits.append(Self.digit(octet & 15))
    }
    return String(decoding: digits, as: UTF8.self)
  }

  private static func digit(_ nibble: UInt8) -> UInt8 {
    nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
  }
}
