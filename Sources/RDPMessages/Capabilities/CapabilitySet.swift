package import Wire

/// One capability set: what one side can do in one matter.
///
/// Layout, little-endian: capabilitySetType 2, lengthCapability 2 (these four octets included),
/// capabilityData. [MS-RDPBCGR] 2.2.1.13.1.1.1
package struct CapabilitySet: WireDecodable, Hashable {
  package let type: CapabilityType
  /// Octets of the data.
  package let byteCount: Int
  /// What the data says, where it says something of a connection.
  package let content: Content

  /// What the sets say that tell something of a connection.
  package enum Content: Hashable, Sendable {
    /// 2.2.7.1.1: the two halves of osMajorType and osMinorType.
    case general(osMajorType: UInt16, osMinorType: UInt16, extraFlags: UInt16)
    /// 2.2.7.1.2
    case bitmap(bitsPerPixel: UInt16, width: UInt16, height: UInt16)
    /// 2.2.7.1.10
    case virtualChannel(flags: UInt32)
    /// 2.2.7.2.6: the largest fast-path message that is put together.
    case multifragmentUpdate(maximumByteCount: UInt32)
    /// The others are known by their names.
    case none
  }

  /// Octets of type and length.
  private static let headerByteCount = 4

  /// Decodes the set.
  ///
  /// - Throws: ``DecodeError`` if the length is shorter than its own header or longer than what is
  ///   there, or the data of a set that is read breaks off.
  package init(decoding reader: inout ByteReader) throws(DecodeError) {
    type = CapabilityType(rawValue: try reader.uint16LittleEndian("capabilitySetType"))
    let lengthOffset = reader.offset
    let length = Int(try reader.uint16LittleEndian("lengthCapability"))
    guard Self.headerByteCount <= length else {
      throw reader.invalid(
        "lengthCapability",
        at: lengthOffset,
        expected: "at least 4",
        found: length
      )
    }
    byteCount = length - Self.headerByteCount
    var data = try reader.subReader(byteCount, "capabilityData")
    content = try Self.content(type, &data)
  }

  private static func content(
    _ type: CapabilityType,
    _ data: inout ByteReader
  ) throws(DecodeError) -> Content {
    switch type {
    case .general:
      let major = try data.uint16LittleEndian("osMajorType")
      let minor = try data.uint16LittleEndian("osMinorType")
      try data.skip(6, "protocolVersion to generalCompressionTypes")
      let flags = try data.uint16LittleEndian("extraFlags")
      return .general(osMajorType: major, osMinorType: minor, extraFlags: flags)
    case .bitmap:
      let depth = try data.uint16LittleEndian("preferredBitsPerPixel")
      try data.skip(6, "receive1BitPerPixel to receive8BitsPerPixel")
      let width = try data.uint16LittleEndian("desktopWidth")
      let height = try data.uint16LittleEndian("desktopHeight")
      return .bitmap(bitsPerPixel: depth, width: width, height: height)
    case .virtualChannel:
      return .virtualChannel(flags: try data.uint32LittleEndian("flags"))
    case .multifragmentUpdate:
      return .multifragmentUpdate(
        maximumByteCount: try data.uint32LittleEndian("MaxRequestSize")
      )
    default: return .none
    }
  }
}

/// What a capability set is about; unknown types are kept. [MS-RDPBCGR] 2.2.1.13.1.1.1
package struct CapabilityType: RawRepresentable, Hashable, Sendable {
  package let rawValue: UInt16

  package init(rawValue: UInt16) { self.rawValue = rawValue }

  package static let general = Self(rawValue: 1)
  package static let bitmap = Self(rawValue: 2)
  package static let virtualChannel = Self(rawValue: 20)
  package static let multifragmentUpdate = Self(rawValue: 26)

  /// The name without the specification's prefix, or `type` and the number.
  package var name: String {
    Self.names[rawValue] ?? "type \(rawValue)"
  }

  // The specification passes over 6; xrdp and FreeRDP send it, with one octet.
  private static let names: [UInt16: String] = [
    1: "general", 2: "bitmap", 3: "order", 4: "bitmap cache", 5: "control",
    6: "bitmap cache revision 3 codec", 7: "activation",
    8: "pointer", 9: "share", 10: "color cache", 12: "sound", 13: "input", 14: "font",
    15: "brush", 16: "glyph cache", 17: "offscreen cache", 18: "bitmap cache host support",
    19: "bitmap cache revision 2", 20: "virtual channel", 21: "draw nine grid cache",
    22: "draw GDI+", 23: "RAIL", 24: "window list", 25: "desktop composition",
    26: "multifragment update", 27: "large pointer", 28: "surface commands", 29: "bitmap codecs",
    30: "frame acknowledge",
  ]
}
