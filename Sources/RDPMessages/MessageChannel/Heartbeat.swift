package import Wire

/// A sign of life of the server, and how many may be missed.
///
/// Layout: reserved 1, period 1 (seconds), count1 1 (missed before a warning), count2 1 (missed
/// before the client reconnects). [MS-RDPBCGR] 2.2.16.1
package struct Heartbeat: WireDecodable, Hashable {
  /// Seconds from one to the next.
  package let period: UInt8
  /// Missed ones after which the client warns.
  package let warningMisses: UInt8
  /// Missed ones after which the client reconnects.
  package let reconnectMisses: UInt8

  /// Decodes what follows the security header.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    try reader.skip(1, "reserved")
    period = try reader.uint8("period")
    warningMisses = try reader.uint8("count1")
    reconnectMisses = try reader.uint8("count2")
  }
}
