import Wire

/// The text of which a fingerprint is made, in octets: a report makes thousands.
struct FingerprintText {
  private let buffer = OctetBuffer()

  /// What was written.
  var octets: [UInt8] { buffer.octets }

  /// Begins with a number in decimal digits.
  init(decimal number: UInt16) { buffer.append(decimal: Int(number)) }

  /// Begins with numbers in four hexadecimal digits, with commas between them.
  init(hexadecimals numbers: [UInt16]) { append(list: numbers) }

  /// Adds a comma and numbers with hyphens between them.
  func append(decimals numbers: some Sequence<UInt16>) {
    buffer.append(UInt8(ascii: ","))
    var isFirst = true
    for number in numbers {
      if !isFirst { buffer.append(UInt8(ascii: "-")) }
      isFirst = false
      buffer.append(decimal: Int(number))
    }
  }

  /// Adds an underscore and numbers in hexadecimal digits, if there are any.
  func append(hexadecimals numbers: [UInt16]) {
    guard !numbers.isEmpty else { return }
    buffer.append(UInt8(ascii: "_"))
    append(list: numbers)
  }

  private func append(list numbers: [UInt16]) {
    for (index, number) in numbers.enumerated() {
      if 0 < index { buffer.append(UInt8(ascii: ",")) }
      buffer.append(hexadecimal: number)
    }
  }
}
