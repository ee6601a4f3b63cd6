/// Makes one length inside of an input lie, and leaves the rest as it is.
///
/// Blind mutations break the framing of what is around; decoders deep inside are reached only by
/// inputs of which all but one length is right.
package struct LengthMutator {
  /// A length field: where it begins, how many octets it has, and which octets it counts.
  struct Field {
    let offset: Int
    let byteCount: Int
    let isLittleEndian: Bool
    /// What it would be if it reached to the end of the input.
    let rest: Int
  }

  /// Fields of one input that are looked for: the first ones are the outermost.
  static let maximumFields = 256

  /// Changes one length, if there is any.
  ///
  /// - Parameters:
  ///   - bytes: The input.
  ///   - seed: Chooses the field and what it will say.
  /// - Returns: Whether there was a length to change.
  package static func mutate(_ bytes: inout [UInt8], seed: UInt32) -> Bool {
    let fields = fields(of: bytes)
    guard !fields.isEmpty else { return false }
    let field = fields[Int(seed >> 8) % fields.count]
    let current = value(of: field, in: bytes)
    let limit = 1 << (8 * field.byteCount)
    let lies = [
      0, 1, 2, current - 1, current + 1, current - 4, current + 4, current * 2, field.rest - 1,
      field.rest, field.rest + 1, 0x7F, 0x80, 0xFF, limit / 2 - 1, limit / 2, limit - 1,
    ]
    var lie = max(0, lies[Int(seed & 0xFF) % lies.count]) % limit
    for index in 0..<field.byteCount {
      let place = field.isLittleEndian ? index : field.byteCount - 1 - index
      bytes[field.offset + place] = UInt8(truncatingIfNeeded: lie)
      lie >>= 8
    }
    return true
  }

  private static func value(of field: Field, in bytes: [UInt8]) -> Int {
    let octets = bytes[field.offset..<field.offset + field.byteCount]
    return (field.isLittleEndian ? Array(octets.reversed()) : Array(octets))
      .reduce(0) { $0 << 8 | Int($1) }
  }

  /// What looks like a length: of a TPKT, a TLS record, a handshake message or extension, a BER
  /// element, a GCC data block.
  static func fields(of bytes: [UInt8]) -> [Field] {
    var fields: [Field] = []
    for offset in bytes.indices where fields.count < maximumFields {
      guard let (start, byteCount, isLittleEndian) = field(at: offset, bytes),
        start + byteCount <= bytes.count
      else { continue }
      fields.append(
        Field(
          offset: start,
          byteCount: byteCount,
          isLittleEndian: isLittleEndian,
          rest: bytes.count - start - byteCount
        )
      )
    }
    return fields
  }

  private static func field(
    at offset: Int,
    _ bytes: [UInt8]
  ) -> (start: Int, byteCount: Int, isLittleEndian: Bool)? {
    let next = offset + 1 < bytes.count ? bytes[offset + 1] : 0xFF
    let third = offset + 2 < bytes.count ? bytes[offset + 2] : 0xFF
    switch (bytes[offset], next) {
    case (3, 0): return (offset + 2, 2, false)  // TPKT
    case (20...24, 3) where third <= 4: return (offset + 3, 2, false)  // TLS record
    case (1...2, 0), (11...13, 0): return (offset + 1, 3, false)  // handshake message
    case (0, 1...51) where third == 0: return (offset + 2, 2, false)  // extension
    case (1...12, 0xC0), (1...12, 0x0C): return (offset + 2, 2, true)  // data block
    case (0x02, _), (0x04, _), (0x30...0x31, _), (0xA0, _), (0xA3, _): break  // BER, below
    default: return nil
    }
    switch next {
    case 0x81: return (offset + 2, 1, false)
    case 0x82: return (offset + 2, 2, false)
    case ..<0x80: return (offset + 1, 1, false)
    default: return nil
    }
  }
}
