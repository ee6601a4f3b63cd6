import Wire

/// What holds for the decoder of every message.
///
/// - An error lies inside the octets.
/// - A success reads no further than their end.
/// - Where the octets begin in their stream moves the offsets and changes nothing else.
/// - The same holds for every prefix.
enum MessageOracle {
  /// What a decoder made of octets.
  enum Decoded {
    /// The message in words, without what depends on offsets, and where it ended.
    case message(String, end: Int)
    case error(DecodeError)
  }

  /// Decodes a message at the beginning of octets.
  typealias Decoder = @Sendable (ArraySlice<UInt8>) -> Decoded

  /// Octets in front of the message on the second run: more than any decoder's fixed offsets.
  static let shift = 37

  /// Checks an input of which the first octet picks the decoder.
  static func check(_ input: [UInt8], among decoders: [Decoder]) throws(Violation) {
    var input = FuzzInput(input)
    let decoder = decoders[Int(input.octet()) % decoders.count]
    let bytes = input.rest
    try check(bytes, decoder)
    // Some prefixes, spread over the message; the fuzzer makes the others.
    for part in 0..<8 { try check(Array(bytes.prefix(bytes.count * part / 8)), decoder) }
  }

  static func check(_ bytes: [UInt8], _ decode: Decoder) throws(Violation) {
    let plain = try decoded(bytes[...], decode)
    let moved = ([UInt8](repeating: 0x03, count: shift) + bytes)[shift...]
    let shifted = try decoded(moved, decode)
    switch (plain, shifted) {
    case (.message(let first, _), .message(let second, _)):
      try require(first == second, "offsets change the message: \(first) and \(second)")
    case (.error(let first), .error(let second)):
      try require(
        first.offset + shift == second.offset && first.field == second.field
          && first.layer == second.layer,
        "offsets change the error: \(first) and \(second)"
      )
    default:
      throw Violation("offsets change whether the message can be decoded")
    }
  }

  private static func decoded(
    _ bytes: ArraySlice<UInt8>,
    _ decode: Decoder
  ) throws(Violation) -> Decoded {
    let decoded = decode(bytes)
    let range = bytes.startIndex...bytes.endIndex
    switch decoded {
    case .message(_, let end):
      try require(range ~= end, "a message ends at \(end), not in \(range)")
    case .error(let error): try require(range ~= error.offset, "\(error) lies outside of \(range)")
    }
    return decoded
  }
}
