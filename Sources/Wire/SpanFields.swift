/// Integer fields of borrowed bytes, for the per-packet decoders.
///
/// An offset past the end is a programming error and ends the process: a caller compares the
/// header's length with `count` before it reads the header's fields. Wire lengths never become
/// offsets unchecked.
extension Span<UInt8> {
  /// The octet at `offset`.
  @inlinable @inline(__always)
  public func uint8(at offset: Int) -> UInt8 { self[offset] }

  /// The 16-bit unsigned integer at `offset`, most significant octet first.
  @inlinable @inline(__always)
  public func uint16BigEndian(at offset: Int) -> UInt16 {
    precondition(0 <= offset && offset <= count - 2)
    return unsafe UInt16(
      bigEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt16.self)
    )
  }

  /// The 32-bit unsigned integer at `offset`, most significant octet first.
  @inlinable @inline(__always)
  public func uint32BigEndian(at offset: Int) -> UInt32 {
    precondition(0 <= offset && offset <= count - 4)
    return unsafe UInt32(
      bigEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt32.self)
    )
  }

  /// The 64-bit unsigned integer at `offset`, most significant octet first.
  @inlinable @inline(__always)
  public func uint64BigEndian(at offset: Int) -> UInt64 {
    precondition(0 <= offset && offset <= count - 8)
    return unsafe UInt64(
      bigEndian: bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self)
    )
  }

  /// The 16-bit unsigned integer at `offset`, least significant octet first.
  @inlinable @inline(__always)
  public func uint16LittleEndian(at offset: Int) -> UInt16 {
    uint16BigEndian(at: offset).byteSwapped
  }

  /// The 32-bit unsigned integer at `offset`, least significant octet first.
  @inlinable @inline(__always)
  public func uint32LittleEndian(at offset: Int) -> UInt32 {
    uint32BigEndian(at: offset).byteSwapped
  }

  /// The 64-bit unsigned integer at `offset`, least significant octet first.
  @inlinable @inline(__always)
  public func uint64LittleEndian(at offset: Int) -> UInt64 {
    uint64BigEndian(at: offset).byteSwapped
  }

  /// Copies the octets in `range` into an array.
  package func array(_ range: Range<Int>) -> [UInt8] {
    precondition(0 <= range.lowerBound && range.upperBound <= count)
    return unsafe withUnsafeBufferPointer { unsafe Array(UnsafeBufferPointer(rebasing: $0[range])) }
  }
}

extension [UInt8] {
  /// Appends a copy of borrowed octets.
  package mutating func append(contentsOf bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
  }
}
