package import Wire

/// Puts the handshake messages of one direction of DTLS together from their fragments.
///
/// Each fragment has a header of its own: msg_type 1, length 3, message_seq 2, fragment_offset 3,
/// fragment_length 3, big-endian (RFC 6347 §4.2.2). Whole messages come out in the form of TLS.
package struct DTLSHandshakeFramer: Hashable, Sendable {
  /// Messages that wait for fragments at a time: a flight has seven.
  package static let maximumWaiting = 16

  private struct Partial: Hashable {
    let type: HandshakeType
    let length: Int
    var octets: [UInt8] = []
  }

  private var partials: [UInt16: Partial] = [:]
  private var delivered: Set<UInt16> = []

  /// Creates a framer at the start of a direction's handshake.
  package init() {}

  /// Takes the fragments of one record of epoch 0.
  ///
  /// A fragment that leaves a hole is passed over: the flight is sent again until it is answered.
  ///
  /// - Parameter record: The record's contents.
  /// - Returns: The messages that are whole now.
  /// - Throws: ``DecodeError`` for a fragment that is cut, or outside of its message, or of a message
  ///   beyond ``HandshakeFramer/maximumMessageByteCount``.
  package mutating func take(_ record: ArraySlice<UInt8>) throws(DecodeError) -> [HandshakeMessage]
  {
    var reader = ByteReader(record, layer: .tls, boundedBy: .lengthField(.tls))
    var messages: [HandshakeMessage] = []
    while !reader.isAtEnd {
      if let message = try fragment(&reader) { messages.append(message) }
    }
    return messages
  }

  private mutating func fragment(
    _ reader: inout ByteReader
  ) throws(DecodeError) -> HandshakeMessage? {
    let start = reader.offset
    let type = HandshakeType(rawValue: try reader.uint8("msg_type"))
    let length = Int(try reader.uint24BigEndian("length"))
    guard length <= HandshakeFramer.maximumMessageByteCount else {
      throw reader.limitExceeded(
        "length",
        at: start + 1,
        limit: HandshakeFramer.maximumMessageByteCount,
        found: length
      )
    }
    let number = try reader.uint16BigEndian("message_seq")
    let offset = Int(try reader.uint24BigEndian("fragment_offset"))
    let count = Int(try reader.uint24BigEndian("fragment_length"))
    guard offset + count <= length else {
      throw reader.invalid(
        "fragment_length",
        at: start + 9,
        expected: "within \(length) octets",
        found: "\(offset) and \(count)"
      )
    }
    let octets = try reader.bytes(count, "fragment")
    guard !delivered.contains(number) else { return nil }
    var partial = partials.removeValue(forKey: number) ?? Partial(type: type, length: length)
    guard partial.type == type, partial.length == length else { return nil }
    if offset <= partial.octets.count, partial.octets.count < offset + count {
      partial.octets += octets.dropFirst(partial.octets.count - offset)
    }
    guard partial.octets.count == length else {
      if partials.count < Self.maximumWaiting { partials[number] = partial }
      return nil
    }
    if delivered.count < Self.maximumWaiting * 4 { delivered.insert(number) }
    do throws(DecodeError) {
      return HandshakeMessage(type: type, body: try Self.body(type, partial.octets)[...])
    } catch {
      // Gathered octets lie nowhere in a datagram: the fragment that completed them does.
      throw DecodeError(layer: .tls, field: error.field, offset: start, reason: error.reason)
    }
  }

  /// The body as TLS has it: a ClientHello without DTLS's cookie (RFC 6347 §4.2.1).
  private static func body(
    _ type: HandshakeType,
    _ octets: [UInt8]
  ) throws(DecodeError) -> [UInt8] {
    guard type == .clientHello else { return octets }
    var reader = ByteReader(octets, layer: .tls)
    try reader.skip(2 + 32, "client_version, random")
    let sessionIDCount = Int(try reader.uint8("session_id"))
    try reader.skip(sessionIDCount, "session_id")
    let start = reader.offset
    let cookieCount = Int(try reader.uint8("cookie"))
    try reader.skip(cookieCount, "cookie")
    return Array(octets[..<start] + reader.remaining)
  }
}
