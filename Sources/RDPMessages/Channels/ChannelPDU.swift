package import Wire

/// What a static virtual channel carries begins with.
///
/// Layout, little-endian: length 4 (of the whole message), flags 4. [MS-RDPBCGR] 2.2.6.1.1
package struct ChannelPDUHeader: WireDecodable, Hashable {
  /// Octets of the message that the chunk is of.
  package let byteCount: UInt32
  package let flags: Flags

  /// Flags of the header; unknown bits are kept.
  package struct Flags: OptionSet, Hashable, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    package static let first = Self(rawValue: 0x0000_0001)
    package static let last = Self(rawValue: 0x0000_0002)
    /// The chunk's data is compressed (CHANNEL_PACKET_COMPRESSED).
    package static let compressed = Self(rawValue: 0x0020_0000)
  }

  /// Decodes the header.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    byteCount = try reader.uint32LittleEndian("length")
    flags = Flags(rawValue: try reader.uint32LittleEndian("flags"))
  }

  /// Whether the message is whole in this chunk and can be read.
  package var isWhole: Bool {
    flags.isSuperset(of: [.first, .last]) && !flags.contains(.compressed)
  }
}
