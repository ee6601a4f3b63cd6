public import Wire

/// The five octets before every TLS record.
///
/// Layout: type 1, version 2 big-endian, length 2 big-endian (of what follows).
/// RFC 8446 §5.1
public struct TLSRecordHeader: Hashable, Sendable {
  /// Size of the header, in octets.
  @inlinable public static var byteCount: Int { 5 }
  /// Longest record body: 2^14 octets of plaintext and the 2048 that TLS 1.2 allows on top
  /// (RFC 5246 §6.2.3); anything longer is not TLS.
  @inlinable public static var maximumLength: Int { (1 << 14) + 2048 }

  /// What the record carries.
  public let type: TLSContentType
  /// The record's version, which since TLS 1.3 no longer tells the protocol's.
  public let version: TLSVersion
  /// Octets that follow the header.
  public let length: Int

  /// Reads a header, or returns nil if these octets cannot begin a TLS record.
  ///
  /// Plausible is a type from 20 to 24, a version from 3.0 to 3.4 and a length from 1 to
  /// ``maximumLength``: no one sends a record without contents, encrypted or not. Per-packet
  /// regime: allocates nothing, throws nothing.
  @inlinable @inline(__always)
  public init?(plausible b0: UInt8, _ b1: UInt8, _ b2: UInt8, _ b3: UInt8, _ b4: UInt8) {
    let length = Int(b3) << 8 | Int(b4)
    guard 20...24 ~= b0, b1 == 3, b2 <= 4, 1...Self.maximumLength ~= length else { return nil }
    type = TLSContentType(rawValue: b0)
    version = TLSVersion(rawValue: UInt16(b1) << 8 | UInt16(b2))
    self.length = length
  }

  /// Reads a header inside a packet; `nil` when fewer than five octets are there or they are not
  /// plausible.
  @inlinable @inline(__always)
  public init?(_ bytes: Span<UInt8>, at offset: Int) {
    guard 0 <= offset, offset <= bytes.count - Self.byteCount else { return nil }
    let word = bytes.uint32BigEndian(at: offset)
    self.init(
      plausible: UInt8(truncatingIfNeeded: word >> 24),
      UInt8(truncatingIfNeeded: word >> 16),
      UInt8(truncatingIfNeeded: word >> 8),
      UInt8(truncatingIfNeeded: word),
      bytes[offset + 4]
    )
  }

  /// Reads a header at the start of gathered octets.
  @inlinable
  public init?(_ bytes: ArraySlice<UInt8>) {
    guard Self.byteCount <= bytes.count else { return nil }
    let first = bytes.startIndex
    self.init(
      plausible: bytes[first],
      bytes[first + 1],
      bytes[first + 2],
      bytes[first + 3],
      bytes[first + 4]
    )
  }
}
