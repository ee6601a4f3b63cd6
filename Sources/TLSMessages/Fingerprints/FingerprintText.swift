/// The text of which a fingerprint is made, in octets: a report makes thousands.
struct FingerprintText {
  private(set) var octets: [UInt8] = []

  /// Begins with a number in decimal digits.
  init(decimal number: UInt16) {
    octets.reserveCapacity(256)
    append(decimal: number)
  }

  /// Begins with numbers in four hexadecimal digits, with commas between them.
  init(hexadecimals numbers: [UInt16]) {
    octets.reserveCapacity(256)
    append(list: numbers)
  }

  /// Adds a comma and numbers with hyphens between them, GREASE left out.
  mutating func append(decimals numbers: some Sequence<UInt16>) {
    octets.append(UInt8(ascii: ","))
    var isFirst = true
    for number in numbers where !number.isGREASE {
      if !isFirst { octets.append(UInt8(ascii: "-")) }
      isFirst = false
      append(decimal: number)
    }
  }

  /// Adds an underscore and numbers in hexadecimal digits, if there are any.
  mutating func append(hexadecimals numbers: [UInt16]) {
    guard !numbers.isEmpty else { return }
    octets.append(UInt8(ascii: "_"))
    append(list: numbers)
  }

  private mutating func append(list numbers: [UInt16]) {
    for (index, number) in numbers.enumerated() {
      if 0 < index { octets.append(UInt8(ascii: ",")) }
      for shift in [12, 8, 4, 0] { append(digit: UInt8(number >> shift & 15)) }
    }
  }

  private mutating func append(digit: UInt8) {
    octets.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
  }

  private mutating func append(decimal number: UInt16) {
    var divisor: UInt16 = 10_000
    while 1 < divisor, number < divisor { divisor /= 10 }
    while 0 < divisor {
      octets.append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
      divisor /= 10
    }
  }
}
