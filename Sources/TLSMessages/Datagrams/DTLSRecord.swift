package import Wire

/// One record of DTLS 1.0 or 1.2, whole in its datagram.
///
/// Layout, big-endian: type 1, version 2, epoch 2, sequence number 6, length 2, fragment.
/// RFC 6347 §4.1
package struct DTLSRecord: WireDecodable, Hashable {
  package let type: TLSContentType
  package let version: TLSVersion
  /// Counts changes of cipher; in epoch 0 everything is in the clear.
  package let epoch: UInt16
  package let fragment: ArraySlice<UInt8>

  /// Decodes a record.
  ///
  /// - Parameter reader: Positioned at its type.
  /// - Throws: ``DecodeError`` where it is cut, or these octets are no DTLS record.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    let start = reader.offset
    type = TLSContentType(rawValue: try reader.uint8("type"))
    version = TLSVersion(rawValue: try reader.uint16BigEndian("version"))
    guard 20...24 ~= type.rawValue, version == .dtls10 || version == .dtls12 else {
      throw reader.invalid(
        "type, version",
        at: start,
        expected: "those of DTLS",
        found: "\(type.name), \(version.name)"
      )
    }
    epoch = try reader.uint16BigEndian("epoch")
    try reader.skip(6, "sequence_number")
    let length = Int(try reader.uint16BigEndian("length"))
    guard length <= TLSRecordHeader.maximumLength else {
      throw reader.limitExceeded(
        "length",
        at: start + 11,
        limit: TLSRecordHeader.maximumLength,
        found: length
      )
    }
    fragment = try reader.bytes(length, "fragment")
  }
}
