/// Takes an input apart, never running out: beyond its end are zeros.
///
/// What steers a harness comes first and is short, so that most mutations hit what is decoded.
struct FuzzInput {
  private var bytes: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) { self.bytes = bytes[...] }

  var isAtEnd: Bool { bytes.isEmpty }

  /// What was not taken yet.
  var rest: [UInt8] { Array(bytes) }

  mutating func octet() -> UInt8 { bytes.popFirst() ?? 0 }

  mutating func number16() -> Int { Int(octet()) << 8 | Int(octet()) }

  /// Takes as many octets, or as many as there are.
  mutating func octets(_ count: Int) -> [UInt8] {
    defer { bytes = bytes.dropFirst(count) }
    return Array(bytes.prefix(count))
  }
}
