import Wire

/// Where the next PDU of an RDP stream without TLS ends: TPKT or fast path, told apart by the
/// first octet.
///
/// TPKT (RFC 1006 §6), 4 octets big-endian: version 3, reserved 1, length 2 (header included).
/// Fast path ([MS-RDPBCGR] 2.2.8.1.2, 2.2.9.1.2): header 1 (action in the low two bits is 0),
/// length 1 or 2 (header included; the high bit of the first octet announces the second).
package enum RDPFraming: Hashable, Sendable {
  /// A TPKT of `byteCount` octets, header included.
  case tpkt(byteCount: Int)
  /// A fast-path PDU of `byteCount` octets, header included.
  case fastPath(byteCount: Int)
  /// More octets are needed to tell; `atLeast` counts from the start of the PDU.
  case needsMoreBytes(atLeast: Int)
  /// The octets are neither.
  case notRDP

  /// Smallest TPKT: its header and a data TPDU's three octets (T.123 §8).
  package static let minimumTPKTByteCount = 7
  /// Octets of a TPKT header.
  package static let tpktHeaderByteCount = 4

  /// Measures the PDU that starts with `bytes`.
  package init(startOf bytes: ArraySlice<UInt8>) {
    var reader = ByteReader(bytes, layer: .tpkt)
    guard let first = try? reader.uint8("version") else {
      self = .needsMoreBytes(atLeast: 1)
      return
    }
    if first == 3 {
      self = Self.tpkt(after: &reader)
    } else if first & 0b11 == 0 {
      self = Self.fastPath(after: &reader)
    } else {
      self = .notRDP
    }
  }

  private static func tpkt(after reader: inout ByteReader) -> RDPFraming {
    guard (try? reader.uint8("reserved")) != nil,
      let length = try? reader.uint16BigEndian("length")
    else { return .needsMoreBytes(atLeast: tpktHeaderByteCount) }
    return Int(length) < minimumTPKTByteCount ? .notRDP : .tpkt(byteCount: Int(length))
  }

  private static func fastPath(after reader: inout ByteReader) -> RDPFraming {
    guard let length1 = try? reader.uint8("length1") else { return .needsMoreBytes(atLeast: 2) }
    guard length1 & 0x80 != 0 else {
      return length1 < 3 ? .notRDP : .fastPath(byteCount: Int(length1))
    }
    guard let length2 = try? reader.uint8("length2") else { return .needsMoreBytes(atLeast: 3) }
    let byteCount = Int(length1 & 0x7F) << 8 | Int(length2)
    return byteCount < 4 ? .notRDP : .fastPath(byteCount: byteCount)
  }
}
