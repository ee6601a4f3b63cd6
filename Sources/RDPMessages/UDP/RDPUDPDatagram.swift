package import Wire

/// A datagram of RDP-UDP versions 1 and 2 after the handshake.
///
/// Layout, big-endian: snSourceAck 4, uReceiveWindowSize 2, uFlags 2; then as the flags say an ACK
/// vector (size 2, elements, filled up to a multiple of four), the ACK of ACKs 4, and either source
/// data (snCoded 4, snSourceStart 4, octets) or forward error correction. [MS-RDPEUDP] 2.2.2
package struct RDPUDPDatagram: WireDecodable, Hashable {
  /// The longest ACK vector. [MS-RDPEUDP] 2.2.2.7
  package static let maximumACKVector = 2048

  /// The highest sequence number received.
  package let acknowledged: UInt32
  package let receiveWindow: UInt16
  package let flags: RDPUDPFlags
  /// What the datagram carries of the layer above; `nil` for none, or for error correction.
  package let source: Source?

  /// Source data with its number.
  package struct Source: Hashable, Sendable {
    /// Counts source datagrams, repeats of one under the same number.
    package let number: UInt32
    package let octets: ArraySlice<UInt8>
  }

  /// Decodes a whole datagram.
  ///
  /// - Parameter reader: Positioned at `snSourceAck`.
  /// - Throws: ``DecodeError`` where it is cut, or its ACK vector claims more than there may be.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    let start = reader.offset
    acknowledged = try reader.uint32BigEndian("snSourceAck")
    receiveWindow = try reader.uint16BigEndian("uReceiveWindowSize")
    flags = RDPUDPFlags(rawValue: try reader.uint16BigEndian("uFlags"))
    guard flags.isSubset(of: .known), !flags.contains(.syn) else {
      throw reader.invalid("uFlags", at: start + 6, expected: "known ones", found: flags.names)
    }
    if flags.contains(.ack) { try reader.skipACKVector(from: start) }
    if flags.contains(.ackOfAcks) { try reader.skip(4, "snResetSeqNum") }
    guard flags.contains(.data), !flags.contains(.fec) else {
      source = nil
      return
    }
    try reader.skip(4, "snCoded")
    let number = try reader.uint32BigEndian("snSourceStart")
    source = Source(number: number, octets: try reader.bytes(reader.remainingCount, "payload"))
  }
}

extension ByteReader {
  fileprivate mutating func skipACKVector(from start: Int) throws(DecodeError) {
    let sizeOffset = offset
    let size = Int(try uint16BigEndian("uAckVectorSize"))
    guard size <= RDPUDPDatagram.maximumACKVector else {
      throw limitExceeded(
        "uAckVectorSize",
        at: sizeOffset,
        limit: RDPUDPDatagram.maximumACKVector,
        found: size
      )
    }
    try skip(size, "AckVector")
    try skip((4 - (offset - start) % 4) % 4, "Padding")
  }
}
