package import Wire

/// The ClientHello of SSL 2.0, which old clients and scanners send to offer newer versions too.
///
/// Layout: length 2 big-endian with the top bit set, msg_type 1 (1), version 2, lengths of suites,
/// session id and challenge 2 each, then these. RFC 5246 §E.2
package struct SSLv2ClientHello: WireDecodable, Hashable {
  /// The highest version offered.
  package let version: TLSVersion
  /// Suites of three octets: those below 0x010000 are TLS's, the others SSL 2.0's.
  package let cipherSpecs: [UInt32]
  /// Octets of the session id.
  package let sessionIDByteCount: Int
  /// The challenge, in place of a random.
  package let challenge: [UInt8]

  /// The suites that TLS knows.
  package var cipherSuites: [CipherSuite] {
    cipherSpecs.compactMap { UInt16(exactly: $0) }.map { CipherSuite(rawValue: $0) }
  }

  /// Whether a stream that begins like this may be an SSL 2.0 ClientHello.
  ///
  /// - Parameter bytes: The first octets; fewer than ``recognisableByteCount`` are never enough.
  /// - Returns: Whether length, type and version are those of one.
  package static func isPlausible(_ bytes: ArraySlice<UInt8>) -> Bool {
    let head = Array(bytes.prefix(recognisableByteCount))
    guard head.count == recognisableByteCount else { return false }
    let length = Int(head[0] & 0x7f) << 8 | Int(head[1])
    let isKnownVersion = (head[3] == 3 && head[4] <= 4) || (head[3] == 0 && head[4] == 2)
    return head[0] & 0x80 != 0 && minimumLength <= length && head[2] == 1 && isKnownVersion
  }

  /// Octets that ``isPlausible(_:)`` looks at.
  package static let recognisableByteCount = 5
  /// Type, version, three lengths, one suite and the shortest challenge.
  private static let minimumLength = 9 + 3 + 16

  /// Decodes the whole record.
  ///
  /// - Parameter reader: Positioned at the length.
  /// - Throws: ``DecodeError`` if it is another message or a length does not fit.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    let start = reader.offset
    let length = try reader.uint16BigEndian("length")
    guard length & 0x8000 != 0 else {
      throw reader.invalid("length", at: start, expected: "the top bit set", found: length)
    }
    var body = try reader.subReader(Int(length & 0x7fff), "record")
    let typeOffset = body.offset
    let type = try body.uint8("msg_type")
    guard type == 1 else {
      throw body.invalid("msg_type", at: typeOffset, expected: "1", found: type)
    }
    version = TLSVersion(rawValue: try body.uint16BigEndian("version"))
    let specsOffset = body.offset
    let specsByteCount = Int(try body.uint16BigEndian("cipher_spec_length"))
    sessionIDByteCount = Int(try body.uint16BigEndian("session_id_length"))
    let challengeByteCount = Int(try body.uint16BigEndian("challenge_length"))
    guard specsByteCount % 3 == 0 else {
      throw body.invalid(
        "cipher_spec_length",
        at: specsOffset,
        expected: "a multiple of 3",
        found: specsByteCount
      )
    }
    var specs = try body.subReader(specsByteCount, "cipher_specs")
    var cipherSpecs: [UInt32] = []
    while !specs.isAtEnd { cipherSpecs.append(try specs.uint24BigEndian("cipher_spec")) }
    self.cipherSpecs = cipherSpecs
    try body.skip(sessionIDByteCount, "session_id")
    challenge = Array(try body.bytes(challengeByteCount, "challenge"))
    try body.requireEmpty("challenge")
  }
}
