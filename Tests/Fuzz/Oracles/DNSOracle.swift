import Packets

/// Lookups: the octets around a datagram do not matter, and names are plain text.
enum DNSOracle {
  static func check(_ input: [UInt8]) throws(Violation) {
    let plain = input.withSpan { DNSMessage($0, in: 0..<input.count) }
    let framed = [UInt8](repeating: 0x3F, count: 5) + input + [UInt8](repeating: 0x3F, count: 5)
    let inside = framed.withSpan { DNSMessage($0, in: 5..<5 + input.count) }
    try require(plain == inside, "what stands around a message changes it")
    guard let plain else { return }
    // Escaping makes up to four characters of one octet.
    try require(plain.name.utf8.count <= 4 * DNSMessage.maximumName, "a name too long")
    try require(
      plain.name.utf8.allSatisfy { 0x21...0x7E ~= $0 },
      "a name with what is no plain character: \(plain.name)"
    )
  }
}

extension [UInt8] {
  /// Lends the array as a span.
  fileprivate func withSpan<Result>(_ body: (Span<UInt8>) -> Result) -> Result { body(span) }
}
