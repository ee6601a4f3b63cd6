package import Wire

/// A message of RDS AAD Auth, by which a client logs in with Entra ID; what it proves with is passed
/// over.
///
/// JSON in UTF-8, one object with one member, ended by a zero. [MS-RDPBCGR] 2.2.18
package enum RDSAADMessage: WireDecodable, Hashable {
  /// The server's nonce, `ts_nonce`. 2.2.18.1
  case nonce
  /// The client's signed assertion, `rdp_assertion`. 2.2.18.2
  case assertion
  /// Whether the login is taken, `authentication_result`, an HRESULT. 2.2.18.3
  case result(UInt32)

  /// Octets of one message: an assertion with its token has a few thousand.
  package static let maximumByteCount = 1 << 16
  /// What a message begins and ends with.
  package static let first = UInt8(ascii: "{")
  package static let last = UInt8(0)

  /// Decodes a message up to its zero.
  ///
  /// - Throws: ``DecodeError`` if it breaks off, is no object, or of no known member.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    reader.layer = .rdsaad
    let start = reader.offset
    guard let end = reader.remaining.firstIndex(of: Self.last) else {
      try reader.skip(reader.remainingCount + 1, "JSON")
      throw reader.invalid("JSON", at: start, expected: "a zero at the end", found: "none")
    }
    let text = String(decoding: reader.remaining[..<end], as: UTF8.self)
    let parts = text.split(separator: "\"", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].trimmed == "{" else {
      throw reader.invalid("JSON", at: start, expected: "an object", found: "something else")
    }
    switch parts[1] {
    case "ts_nonce":
      try reader.skipSecret(end - start, "ts_nonce")
      self = .nonce
    case "rdp_assertion":
      try reader.skipSecret(end - start, "rdp_assertion")
      self = .assertion
    case "authentication_result":
      guard let code = Self.code(parts[2]) else {
        throw reader.invalid(
          "authentication_result",
          at: start,
          expected: "an HRESULT",
          found: "something else"
        )
      }
      try reader.skip(end - start, "authentication_result")
      self = .result(code)
    default:
      throw reader.invalid("JSON", at: start, expected: "a known member", found: "another")
    }
    try reader.skip(1, "zero")
  }

  /// The number after the member's name, signed or not, in quotes or not.
  private static func code(_ text: Substring) -> UInt32? {
    let value = text.filter { !$0.isWhitespace && $0 != "\"" }
    guard value.first == ":", value.last == "}" else { return nil }
    let digits = value.dropFirst().dropLast()
    if digits.hasPrefix("0x") { return UInt32(digits.dropFirst(2), radix: 16) }
    return UInt32(digits) ?? Int32(digits).map(UInt32.init(bitPattern:))
  }
}

extension Substring {
  fileprivate var trimmed: String { filter { !$0.isWhitespace } }
}
