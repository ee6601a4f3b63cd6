package import Wire

/// RDP_PRECONNECTION_PDU: which of several machines or sessions behind one port the client wants,
/// sent before everything else (Hyper-V's port 2179).
///
/// Layout, little-endian: cbSize 4 (of all), Flags 4 (0), Version 4, Id 4; in version 2 cchPCB 2
/// and wszPCB, UTF-16 with its final zero. [MS-RDPEPS] 2.2.1
package struct PreconnectionPDU: WireDecodable, Hashable {
  /// Longest PDU that is taken for one: Hyper-V sends the 36 characters of an identifier.
  package static let maximumByteCount = 4096
  /// Size of version 1, in octets.
  package static let minimumByteCount = 16
  /// Octets that tell the PDU from other protocols: cbSize, Flags and Version.
  package static let recognisableByteCount = 12

  /// 1 or 2.
  package let version: UInt32
  /// The number by which the source is chosen; 0 where the text says it.
  package let id: UInt32
  /// The text by which the source is chosen, such as a virtual machine's identifier; `nil` in
  /// version 1.
  package var blob: String?

  /// The size of the PDU that a stream may begin with.
  ///
  /// - Parameter bytes: The stream's first octets; of fewer than ``recognisableByteCount`` those
  ///   that are there must fit.
  /// - Returns: Octets of the whole PDU, or ``recognisableByteCount`` while fewer are there;
  ///   `nil` where they are those of something else.
  package static func byteCount(startOf bytes: ArraySlice<UInt8>) -> Int? {
    var reader = ByteReader(bytes, layer: .negotiation)
    guard let size = try? reader.uint32LittleEndian("cbSize"),
      UInt32(minimumByteCount)...UInt32(maximumByteCount) ~= size,
      let flags = try? reader.uint8("Flags"), flags == 0
    else { return nil }
    guard recognisableByteCount <= bytes.count else { return recognisableByteCount }
    try? reader.skip(3, "Flags")
    guard let version = try? reader.uint32LittleEndian("Version"), 1...2 ~= version else {
      return nil
    }
    return Int(size)
  }

  /// Decodes the whole PDU.
  ///
  /// - Parameter reader: Positioned at `cbSize`.
  /// - Throws: ``DecodeError`` if a field is not what version 1 or 2 has there, or breaks off.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    let start = reader.offset
    let size = Int(try reader.uint32LittleEndian("cbSize"))
    guard Self.minimumByteCount...Self.maximumByteCount ~= size else {
      throw reader.invalid("cbSize", at: start, expected: "16 to 4096", found: size)
    }
    var body = try reader.subReader(size - 4, "RDP_PRECONNECTION_PDU")
    try body.skip(4, "Flags")
    let versionOffset = body.offset
    version = try body.uint32LittleEndian("Version")
    guard 1...2 ~= version else {
      throw body.invalid("Version", at: versionOffset, expected: "1 or 2", found: version)
    }
    id = try body.uint32LittleEndian("Id")
    guard version == 2 else {
      blob = nil
      return
    }
    let characters = Int(try body.uint16LittleEndian("cchPCB"))
    blob = try body.utf16Text(2 * characters, "wszPCB")
  }
}
