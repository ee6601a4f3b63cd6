import Wire

/// The type of a pcapng block, an open registry.
struct BlockType: RawRepresentable, Hashable {
  let rawValue: UInt32
  static let sectionHeader = Self(rawValue: 0x0a0d_0d0a)
  static let interfaceDescription = Self(rawValue: 1)
  static let obsoletePacket = Self(rawValue: 2)
  static let simplePacket = Self(rawValue: 3)
  static let nameResolution = Self(rawValue: 4)
  static let interfaceStatistics = Self(rawValue: 5)
  static let enhancedPacket = Self(rawValue: 6)
  static let decryptionSecrets = Self(rawValue: 10)
}

/// A section's byte order.
enum ByteOrder {
  case little, big
}

/// Fields in a section's byte order; the offset must be checked against `count` before.
extension Span<UInt8> {
  @inline(__always)
  func uint16(at offset: Int, _ order: ByteOrder) -> UInt16 {
    let value = uint16BigEndian(at: offset)
    return order == .big ? value : value.byteSwapped
  }

  @inline(__always)
  func uint32(at offset: Int, _ order: ByteOrder) -> UInt32 {
    let value = uint32BigEndian(at: offset)
    return order == .big ? value : value.byteSwapped
  }

  func uint64(at offset: Int, _ order: ByteOrder) -> UInt64 {
    let value = uint64BigEndian(at: offset)
    return order == .big ? value : value.byteSwapped
  }

  /// Text in UTF-8, cut at the limit, without the padding zeros some writers count in.
  func text(_ range: Range<Int>) -> String {
    var bytes = array(range.prefix(CaptureLimits.textBytes))
    while bytes.last == 0 { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension Range<Int> {
  fileprivate func prefix(_ count: Int) -> Range<Int> {
    lowerBound..<Swift.min(upperBound, lowerBound + count)
  }
}

/// Walks the options, or name records, of a block: code 2, length 2, value padded to 4 octets.
struct OptionCursor {
  private var offset: Int
  private let end: Int
  private let order: ByteOrder

  static let comment: UInt16 = 1

  /// Starts at the first option; `end`, after the last, is at most the block's count.
  init(from offset: Int, to end: Int, _ order: ByteOrder) {
    self.offset = offset
    self.end = end
    self.order = order
  }

  /// The next option's code and where its value lies; `nil` at the end or where one does not fit.
  mutating func next(in block: Span<UInt8>) -> (code: UInt16, value: Range<Int>)? {
    guard offset <= end - 4 else { return nil }
    let code = block.uint16(at: offset, order)
    let length = Int(block.uint16(at: offset + 2, order))
    let start = offset + 4
    guard code != 0, length <= end - start else { return nil }
    offset = start + (length + 3) & ~3
    return (code, start..<start + length)
  }
}
