import Wire

/// The options of a TCP segment, decoded when someone needs them.
///
/// RFC 9293 §3.2, RFC 7323 (window scale, timestamps), RFC 2018 (SACK), RFC 5482 (user timeout)
package struct TCPOptions: Hashable, Sendable {
  /// The largest segment that the sender takes, in octets.
  package private(set) var maximumSegmentSize: UInt16?
  /// The shift of the sender's windows, as sent: values above 14 count as 14.
  package private(set) var windowScale: UInt8?
  package private(set) var sackPermitted = false
  package private(set) var timestampValue: UInt32?
  package private(set) var timestampEcho: UInt32?
  /// Runs of octets received beyond a gap, as sequence numbers; empty without the option.
  package private(set) var sackBlocks: [SACKBlock] = []
  /// How long the sender keeps the connection without acknowledgment, in seconds.
  package private(set) var userTimeoutSeconds: Int?
  /// The first option whose length is wrong; what came before it is kept.
  package private(set) var malformedAt: Int?

  /// One run of octets in a SACK option.
  package struct SACKBlock: Hashable, Sendable {
    package let start: UInt32
    /// The sequence number after the last octet.
    package let end: UInt32
  }

  /// Number of blocks in the SACK option.
  package var sackBlockCount: Int { sackBlocks.count }
  /// Whether the list is damaged.
  package var isMalformed: Bool { malformedAt != nil }

  /// Decodes the options of a segment.
  ///
  /// - Parameters:
  ///   - bytes: The bytes handed out with the packet.
  ///   - offset: ``TCPSegment/optionsOffset``.
  ///   - length: ``TCPSegment/optionsLength``.
  package init(decoding bytes: Span<UInt8>, at offset: Int, length: Int) {
    precondition(0 <= offset && 0 <= length && offset <= bytes.count - length)
    let end = offset + length
    var position = offset
    // Ends: each turn moves at least one octet on, and options have 40 octets at most.
    while position < end {
      let kind = bytes.uint8(at: position)
      if kind == 0 { return }
      if kind == 1 {
        position += 1
        continue
      }
      guard position + 2 <= end else { break }
      let count = Int(bytes.uint8(at: position + 1))
      guard count >= 2, count <= end - position else { break }
      read(kind, bytes, position + 2..<position + count)
      position += count
    }
    if position < end { malformedAt = position }
  }

  private mutating func read(_ kind: UInt8, _ bytes: Span<UInt8>, _ body: Range<Int>) {
    let start = body.lowerBound
    switch (kind, body.count) {
    case (2, 2): maximumSegmentSize = bytes.uint16BigEndian(at: start)
    case (3, 1): windowScale = bytes.uint8(at: start)
    case (4, 0): sackPermitted = true
    case (5, 8...):
      for block in stride(from: start, through: body.upperBound - 8, by: 8) {
        sackBlocks.append(
          SACKBlock(
            start: bytes.uint32BigEndian(at: block),
            end: bytes.uint32BigEndian(at: block + 4)
          )
        )
      }
    case (8, 8):
      timestampValue = bytes.uint32BigEndian(at: start)
      timestampEcho = bytes.uint32BigEndian(at: start + 4)
    case (28, 2):
      let value = bytes.uint16BigEndian(at: start)
      let unit = value & 0x8000 == 0 ? 1 : 60  // Seconds or minutes.
      userTimeoutSeconds = Int(value & 0x7FFF) * unit
    default: break
    }
  }
}

extension TCPSegment {
  /// Decodes the options from the bytes handed out with the packet.
  package func options(in bytes: Span<UInt8>) -> TCPOptions {
    TCPOptions(decoding: bytes, at: optionsOffset, length: optionsLength)
  }
}
