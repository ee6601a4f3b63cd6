extension Sequence<UInt8> {
  /// Lower-case hexadecimal digits, two an octet, without separators.
  package var hex: String { Array(self).hex }
}

extension [UInt8] {
  /// Lower-case hexadecimal digits, two an octet, without separators.
  package var hex: String {
    var digits: [UInt8] = []
    digits.reserveCapacity(count * 2)
    for octet in self {
      digits.append((octet >> 4).hexadecimalDigit)
      digits.append((octet & 15).hexadecimalDigit)
    }
    return String(decoding: digits, as: UTF8.self)
  }
}

extension UInt8 {
  /// The lower-case digit of a number below sixteen.
  var hexadecimalDigit: UInt8 {
    self < 10 ? UInt8(ascii: "0") + self : UInt8(ascii: "a") + self - 10
  }
}
