package import Wire

/// A packet of RDP-UDP version 3, whose data transfer is [MS-RDPEUDP2]'s.
///
/// On the wire the first octet and the eighth, which is the packet's prefix, have changed places
/// (3.1.1.1.5.1). Layout after the prefix, little-endian: flags and window 2; then as the flags say ACK,
/// overhead size 1, delayed ACK information 3, ACK of ACKs 2, data header 2, ACK vector, data body.
/// [MS-RDPEUDP2] 2.2.1
package struct RDPUDP2Packet: Hashable, Sendable {
  /// Octets that a packet has at least: shorter ones are filled up.
  package static let minimumByteCount = 8

  package let flags: Flags
  /// Whether it only fills the line, to find its MTU.
  package let isDummy: Bool
  /// What the packet carries of the layer above; `nil` for none.
  package let data: Data?

  /// What a packet carries; unknown bits are kept.
  package struct Flags: OptionSet, Hashable, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) { self.rawValue = rawValue }

    package static let ack = Self(rawValue: 0x001)
    package static let data = Self(rawValue: 0x004)
    package static let ackVector = Self(rawValue: 0x008)
    package static let ackOfAcks = Self(rawValue: 0x010)
    package static let overheadSize = Self(rawValue: 0x040)
    package static let delayACKInfo = Self(rawValue: 0x100)

    /// Every bit that the specification gives a meaning.
    package static let known = Self(rawValue: 0x15D)
  }

  /// Data with its numbers.
  package struct Data: Hashable, Sendable {
    /// Counts packets, repeats under a new number.
    package let sequence: UInt16
    /// Counts data, repeats under the same number.
    package let channelSequence: UInt16
    package let octets: ArraySlice<UInt8>
  }

  /// Decodes the payload of a UDP datagram.
  ///
  /// - Parameter datagram: The octets as they were on the wire.
  /// - Throws: ``DecodeError`` where it is cut or its flags contradict each other.
  package init(datagram: ArraySlice<UInt8>) throws(DecodeError) {
    var octets = datagram
    let start = octets.startIndex
    guard Self.minimumByteCount <= octets.count else {
      var reader = ByteReader(octets, layer: .rdpUDP)
      try reader.skip(Self.minimumByteCount, "PacketPrefixByte")
      throw reader.invalid("PacketPrefixByte", at: start, expected: "8 octets", found: octets.count)
    }
    octets.swapAt(start, start + 7)
    var reader = ByteReader(octets, layer: .rdpUDP)
    let prefix = try reader.uint8("PacketPrefixByte")
    isDummy = prefix >> 1 & 0x0F == 8
    let shortLength = Int(prefix >> 5)
    var body = try reader.subReader(
      shortLength < 7 ? shortLength : reader.remainingCount,
      "Short_Packet_Length"
    )
    let header = try body.uint16LittleEndian("Header")
    flags = Flags(rawValue: header & 0x0FFF)
    guard flags.isSubset(of: .known), !flags.isEmpty, !flags.isSuperset(of: [.ack, .ackVector])
    else {
      throw body.invalid("Header", at: start + 1, expected: "known flags", found: flags.rawValue)
    }
    data = try body.data(after: flags, isDummy: isDummy)
  }
}

extension ByteReader {
  fileprivate mutating func data(
    after flags: RDPUDP2Packet.Flags,
    isDummy: Bool
  ) throws(DecodeError) -> RDPUDP2Packet.Data? {
    if flags.contains(.ack) {
      try skip(6, "SeqNum, receivedTS, sendAckTimeGap")
      let delayed = try uint8("numDelayedAcks") & 0x0F
      try skip(Int(delayed), "delayAckTimeAdditions")
    }
    if flags.contains(.overheadSize) { try skip(1, "OverheadSize") }
    if flags.contains(.delayACKInfo) { try skip(3, "DelayAckInfo") }
    if flags.contains(.ackOfAcks) { try skip(2, "AckOfAcksSeqNum") }
    let sequence = flags.contains(.data) ? try uint16LittleEndian("DataSeqNum") : 0
    if flags.contains(.ackVector) {
      try skip(2, "BaseSeqNum")
      let size = try uint8("codedAckVecSize")
      if size & 0x80 != 0 { try skip(4, "TimeStamp, SendAckTimeGapInMs") }
      try skip(Int(size & 0x7F), "codedAckVector")
    }
    guard flags.contains(.data), !isDummy else { return nil }
    let channelSequence = try uint16LittleEndian("ChannelSeqNum")
    return RDPUDP2Packet.Data(
      sequence: sequence,
      channelSequence: channelSequence,
      octets: try bytes(remainingCount, "Data")
    )
  }
}
