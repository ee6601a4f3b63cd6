/// A checked reader over bytes that came from the wire.
///
/// Every read names its field and throws ``DecodeError`` instead of reading past the end. Offsets
/// are absolute in the outermost collection, because slices keep their indices: a nested reader
/// reports the same offsets as its parent.
package struct ByteReader: Sendable {
  /// The bytes this reader may touch.
  package let bytes: ArraySlice<UInt8>
  /// Absolute index of the next octet.
  @inlinable package var offset: Int { position }
  @usableFromInline var position: Int
  /// The layer named in errors.
  package var layer: Layer
  /// Who set the end of `bytes`.
  package let boundedBy: Bound
  /// What is told of every field read; `nil` unless somebody wants a dump.
  @usableFromInline let trace: FieldTrace?

  /// Creates a reader positioned at the first octet of `bytes`.
  @inlinable
  package init(_ bytes: ArraySlice<UInt8>, layer: Layer, boundedBy: Bound = .buffer) {
    self.bytes = bytes
    self.position = bytes.startIndex
    self.layer = layer
    self.boundedBy = boundedBy
    trace = FieldTrace.current
  }

  /// Creates a reader over a whole array.
  @inlinable
  package init(_ bytes: [UInt8], layer: Layer, boundedBy: Bound = .buffer) {
    self.init(bytes[...], layer: layer, boundedBy: boundedBy)
  }

  /// Octets not read yet.
  @inlinable package var remainingCount: Int { bytes.endIndex - offset }
  /// Whether every octet was read.
  @inlinable package var isAtEnd: Bool { offset == bytes.endIndex }
  /// The octets not read yet.
  @inlinable package var remaining: ArraySlice<UInt8> { bytes[offset...] }

  /// Reads one octet.
  @inlinable
  package mutating func uint8(_ field: StaticString) throws(DecodeError) -> UInt8 {
    try need(1, field)
    defer { position += 1 }
    return bytes[offset]
  }

  /// Reads a 16-bit unsigned integer, most significant octet first.
  @inlinable
  package mutating func uint16BigEndian(_ field: StaticString) throws(DecodeError) -> UInt16 {
    try need(2, field)
    defer { position += 2 }
    return UInt16(bytes[offset]) << 8 | UInt16(bytes[offset + 1])
  }

  /// Reads a 16-bit unsigned integer, least significant octet first.
  @inlinable
  package mutating func uint16LittleEndian(_ field: StaticString) throws(DecodeError) -> UInt16 {
    try uint16BigEndian(field).byteSwapped
  }

  /// Reads a 24-bit unsigned integer, most significant octet first.
  @inlinable
  package mutating func uint24BigEndian(_ field: StaticString) throws(DecodeError) -> UInt32 {
    try need(3, field)
    defer { position += 3 }
    return UInt32(bytes[offset]) << 16 | UInt32(bytes[offset + 1]) << 8 | UInt32(bytes[offset + 2])
  }

  /// Reads a 32-bit unsigned integer, most significant octet first.
  @inlinable
  package mutating func uint32BigEndian(_ field: StaticString) throws(DecodeError) -> UInt32 {
    try need(4, field)
    defer { position += 4 }
    return UInt32(bytes[offset]) << 24 | UInt32(bytes[offset + 1]) << 16
      | UInt32(bytes[offset + 2]) << 8 | UInt32(bytes[offset + 3])
  }

  /// Reads a 32-bit unsigned integer, least significant octet first.
  @inlinable
  package mutating func uint32LittleEndian(_ field: StaticString) throws(DecodeError) -> UInt32 {
    try uint32BigEndian(field).byteSwapped
  }

  /// Reads a 64-bit unsigned integer, most significant octet first.
  @inlinable
  package mutating func uint64BigEndian(_ field: StaticString) throws(DecodeError) -> UInt64 {
    try need(8, field)
    let high = try uint32BigEndian(field)
    let low = try uint32BigEndian(field)
    return UInt64(high) << 32 | UInt64(low)
  }

  /// Reads a 64-bit unsigned integer, least significant octet first.
  @inlinable
  package mutating func uint64LittleEndian(_ field: StaticString) throws(DecodeError) -> UInt64 {
    try uint64BigEndian(field).byteSwapped
  }

  /// Reads `count` octets.
  ///
  /// - Parameters:
  ///   - count: Octets to read; a negative count, from a length smaller than its own header, is
  ///     refused as truncated.
  ///   - field: The field, in the specification's spelling.
  /// - Returns: The octets, with their indices in the outermost collection.
  /// - Throws: ``DecodeError`` if fewer are left.
  @inlinable
  package mutating func bytes(
    _ count: Int,
    _ field: StaticString
  ) throws(DecodeError) -> ArraySlice<UInt8> {
    try need(count, field)
    defer { position += count }
    return bytes[offset..<offset + count]
  }

  /// Skips `count` octets.
  @inlinable
  package mutating func skip(_ count: Int, _ field: StaticString) throws(DecodeError) {
    try need(count, field)
    position += count
  }

  /// Passes over a password, a key, or what one is made of: no output may show its octets.
  package mutating func skipSecret(_ count: Int, _ field: StaticString) throws(DecodeError) {
    guard 0 <= count, count <= bytes.endIndex - offset else { throw truncated(count, field) }
    trace?.note(field, at: offset, count: count, isSecret: true)
    position += count
  }

  /// Cuts the next `count` octets out as a reader of their own.
  @inlinable
  package mutating func subReader(
    _ count: Int,
    _ field: StaticString,
    layer inner: Layer? = nil
  ) throws(DecodeError) -> ByteReader {
    let body = try bytes(count, field)
    return ByteReader(body, layer: inner ?? layer, boundedBy: .lengthField(layer))
  }

  /// Refuses octets left over where the specification allows none.
  package func requireEmpty(_ field: StaticString = "end") throws(DecodeError) {
    guard isAtEnd else {
      throw DecodeError(
        layer: layer,
        field: "\(field)",
        offset: offset,
        reason: .unexpected(expected: "no more octets", found: "\(remainingCount)")
      )
    }
  }

  /// Makes the error for a value that the specification does not allow.
  package func invalid(
    _ field: StaticString,
    at offset: Int,
    expected: String,
    found: some CustomStringConvertible
  ) -> DecodeError {
    DecodeError(
      layer: layer,
      field: "\(field)",
      offset: offset,
      reason: .unexpected(expected: expected, found: found.description)
    )
  }

  /// Makes the error for a count or size above a decoder's named limit.
  package func limitExceeded(
    _ field: StaticString,
    at offset: Int,
    limit: Int,
    found: Int
  ) -> DecodeError {
    DecodeError(
      layer: layer,
      field: "\(field)",
      offset: offset,
      reason: .limitExceeded(limit: limit, found: found)
    )
  }

  @inlinable
  func need(_ count: Int, _ field: StaticString) throws(DecodeError) {
    guard 0 <= count, count <= bytes.endIndex - offset else { throw truncated(count, field) }
    if let trace { trace.note(field, at: offset, count: count) }
  }

  @usableFromInline
  func truncated(_ count: Int, _ field: StaticString) -> DecodeError {
    DecodeError(
      layer: layer,
      field: "\(field)",
      offset: offset,
      reason: .truncated(needed: count, available: remainingCount, boundedBy: boundedBy)
    )
  }
}

/// A message that can be decoded from a reader.
package protocol WireDecodable: Sendable {
  /// Decodes the message, leaving `reader` after its last octet.
  init(decoding reader: inout ByteReader) throws(DecodeError)
}
