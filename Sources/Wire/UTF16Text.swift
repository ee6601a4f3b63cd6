extension String {
  /// The text of UTF-16 code units, least significant octet first; an odd octet at the end is left
  /// out, and what is no text becomes U+FFFD.
  package init(utf16LittleEndian octets: ArraySlice<UInt8>) {
    var units: [UInt16] = []
    units.reserveCapacity(octets.count / 2)
    var low: UInt8?
    for octet in octets {
      if let first = low {
        units.append(UInt16(first) | UInt16(octet) << 8)
        low = nil
      } else {
        low = octet
      }
    }
    self = String(decoding: units, as: UTF16.self)
  }
}
