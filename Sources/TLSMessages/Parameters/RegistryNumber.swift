import Wire

/// The number of an unnamed code point as registries write it: `0xABCD`.
func registryNumber<Value: FixedWidthInteger & UnsignedInteger>(_ value: Value) -> String {
  let digits = String(value, radix: 16, uppercase: true)
  let width = Value.bitWidth / 4
  return "0x" + String(repeating: "0", count: max(0, width - digits.count)) + digits
}

extension UInt16 {
  /// Whether this is one of the sixteen reserved values 0x0a0a, 0x1a1a … 0xfafa (RFC 8701 §2).
  var isGREASE: Bool { self & 0x0f0f == 0x0a0a && self >> 8 == self & 0xff }
}

extension Sequence<UInt16> {
  /// The numbers that stand for something: fingerprints leave out what clients make up.
  var withoutGREASE: [UInt16] { filter { !$0.isGREASE } }
}
