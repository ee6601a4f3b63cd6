package import Wire

/// What an MCS domain may hold (DomainParameters): asked for, or agreed on. T.125 §7
///
/// BER SEQUENCE of eight INTEGERs.
package struct MCSDomainParameters: WireDecodable, Hashable {
  package let maxChannelIDs: UInt32
  package let maxUserIDs: UInt32
  package let maxTokenIDs: UInt32
  package let numPriorities: UInt32
  package let minThroughput: UInt32
  package let maxHeight: UInt32
  package let maxMCSPDUSize: UInt32
  package let protocolVersion: UInt32

  /// Decodes the sequence.
  ///
  /// - Parameter reader: Positioned at its tag.
  /// - Throws: ``DecodeError`` if it breaks off or holds anything else.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    var fields = try reader.berElement(0x30, "DomainParameters")
    maxChannelIDs = try fields.berUnsigned(2, "maxChannelIds")
    maxUserIDs = try fields.berUnsigned(2, "maxUserIds")
    maxTokenIDs = try fields.berUnsigned(2, "maxTokenIds")
    numPriorities = try fields.berUnsigned(2, "numPriorities")
    minThroughput = try fields.berUnsigned(2, "minThroughput")
    maxHeight = try fields.berUnsigned(2, "maxHeight")
    maxMCSPDUSize = try fields.berUnsigned(2, "maxMCSPDUsize")
    protocolVersion = try fields.berUnsigned(2, "protocolVersion")
    try fields.requireEmpty("DomainParameters")
  }
}
