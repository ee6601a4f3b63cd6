package import Wire

/// One complete handshake message, its contents not decoded yet.
package struct HandshakeMessage: Hashable, Sendable {
  /// Octets before the body: type 1, length 3 big-endian (RFC 8446 §4).
  package static let headerByteCount = 4

  /// What kind of message it is.
  package let type: HandshakeType
  /// What follows the header.
  ///
  /// Indices are those of the payload it came in; those of a message that was spread over several
  /// records count from the first octet of its header.
  package let body: ArraySlice<UInt8>

  /// Creates a message.
  package init(type: HandshakeType, body: ArraySlice<UInt8>) {
    self.type = type
    self.body = body
  }
}

/// Cuts the payloads of handshake records into messages.
///
/// Records and messages do not align: a record holds several messages, and a message may be spread
/// over several records. Payloads of one direction go in, in order, only while they are in the
/// clear: what follows ChangeCipherSpec is encrypted and its lengths mean nothing.
/// RFC 8446 §5.1
package struct HandshakeFramer: Hashable, Sendable {
  /// Longest message that is put together: many times the largest certificate chain that TLS
  /// libraries accept (about 100 KB), so what is longer is damage or an attack.
  package static let maximumMessageByteCount = 1 << 18

  private var pending: ArraySlice<UInt8> = []
  private var failure: DecodeError?

  /// Creates a framer at the start of a direction's handshake.
  package init() {}

  /// Octets that wait for the rest of their message.
  package var pendingByteCount: Int { pending.count }

  /// Takes the payload of the next handshake record.
  ///
  /// Call ``next()`` until it returns nil before the next payload, so that what waits is never
  /// more than one message.
  ///
  /// - Throws: ``DecodeError`` if an earlier message was refused, or more waits than one message
  ///   may hold.
  package mutating func append(_ payload: ArraySlice<UInt8>) throws(DecodeError) {
    if let failure { throw failure }
    guard !pending.isEmpty else {
      pending = payload
      return
    }
    let limit =
      HandshakeMessage.headerByteCount + Self.maximumMessageByteCount
      + TLSRecordHeader.maximumLength
    guard pending.count + payload.count <= limit else {
      throw fail(
        ByteReader(pending, layer: .tls).limitExceeded(
          "handshake messages waiting",
          at: pending.startIndex,
          limit: limit,
          found: pending.count + payload.count
        )
      )
    }
    // A copy of its own from index 0, made once a message: the payload's buffer is not kept alive.
    if pending.startIndex != 0 { pending = Array(pending)[...] }
    pending.append(contentsOf: payload)
  }

  /// Returns the next complete message, or nil when more octets are needed.
  ///
  /// - Throws: ``DecodeError`` if the message claims more than ``maximumMessageByteCount``; the
  ///   messages after it cannot be found, so every later call throws the same.
  package mutating func next() throws(DecodeError) -> HandshakeMessage? {
    if let failure { throw failure }
    guard HandshakeMessage.headerByteCount <= pending.count else { return nil }
    var reader = ByteReader(pending, layer: .tls)
    let type = HandshakeType(rawValue: try reader.uint8("msg_type"))
    let lengthOffset = reader.offset
    let length = Int(try reader.uint24BigEndian("length"))
    guard length <= Self.maximumMessageByteCount else {
      throw fail(
        reader.limitExceeded(
          "length",
          at: lengthOffset,
          limit: Self.maximumMessageByteCount,
          found: length
        )
      )
    }
    guard length <= reader.remainingCount else { return nil }
    let body = try reader.bytes(length, "body")
    pending = reader.remaining
    return HandshakeMessage(type: type, body: body)
  }

  private mutating func fail(_ error: DecodeError) -> DecodeError {
    failure = error
    pending = []
    return error
  }
}
