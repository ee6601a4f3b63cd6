package import Wire

/// Cuts one direction of an HTTP/2 connection into frames. RFC 9113 §4.1
package struct HTTP2Framer: Hashable, Sendable {
  /// What a client sends first. RFC 9113 §3.4
  package static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)
  /// Longest frame that is put together: the largest that a setting allows is 16 MiB, the usual
  /// 16 KiB.
  package static let maximumPayloadByteCount = 1 << 20

  private var pending: [UInt8] = []

  /// One frame.
  package struct Frame: Hashable, Sendable {
    package let type: UInt8
    package let flags: UInt8
    package let stream: UInt32
    package let payload: [UInt8]

    package static let headers: UInt8 = 1
    package static let continuation: UInt8 = 9

    package var endsHeaders: Bool { flags & 0x04 != 0 }

    /// The part of a header block in it, padding and priority taken off (§6.2); `nil` where they lie.
    package var headerBlock: ArraySlice<UInt8>? {
      guard type == Self.headers else { return payload[...] }
      var start = 0
      var end = payload.count
      if flags & 0x08 != 0 {
        guard let padding = payload.first else { return nil }
        start = 1
        end -= Int(padding)
      }
      if flags & 0x20 != 0 { start += 5 }
      return start <= end ? payload[start..<end] : nil
    }
  }

  /// Creates a framer at the first frame, after the client's preface.
  package init() {}

  /// Takes the octets that come next.
  package mutating func append(_ octets: ArraySlice<UInt8>) { pending += octets }

  /// Returns the next complete frame, or nil when more octets are needed.
  ///
  /// - Throws: ``DecodeError`` for a frame beyond ``maximumPayloadByteCount``.
  package mutating func next() throws(DecodeError) -> Frame? {
    guard 9 <= pending.count else { return nil }
    var reader = ByteReader(pending, layer: .http)
    let length = Int(try reader.uint24BigEndian("Length"))
    guard length <= Self.maximumPayloadByteCount else {
      throw reader.limitExceeded(
        "Length",
        at: 0,
        limit: Self.maximumPayloadByteCount,
        found: length
      )
    }
    let type = try reader.uint8("Type")
    let flags = try reader.uint8("Flags")
    let stream = try reader.uint32BigEndian("Stream Identifier") & 0x7FFF_FFFF
    guard length <= reader.remainingCount else { return nil }
    let payload = Array(try reader.bytes(length, "Frame Payload"))
    pending.removeFirst(reader.offset)
    return Frame(type: type, flags: flags, stream: stream, payload: payload)
  }
}
