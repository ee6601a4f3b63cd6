/// Octets that grow at their end: texts of many megabytes are written into one a few octets at a time.
///
/// An array asks at each of them whether somebody else holds it. A class, because it owns its memory.
@safe public final class OctetBuffer {
  // INVARIANT: `writtenCount` octets of the `capacity` at `start` are written.
  @usableFromInline var start: UnsafeMutablePointer<UInt8>
  @usableFromInline var capacity: Int
  /// Octets written.
  @inlinable public var count: Int { writtenCount }
  @usableFromInline var writtenCount = 0

  /// An empty buffer with room for `capacity` octets before it grows.
  public init(capacity: Int = 256) {
    unsafe start = .allocate(capacity: capacity)
    self.capacity = capacity
  }

  deinit { unsafe start.deallocate() }

  /// Adds an octet.
  @inlinable
  public func append(_ octet: UInt8) {
    unsafe room(for: 1).pointee = octet
    written(1)
  }

  /// Adds octets in place.
  @inlinable
  public func append(contentsOf octets: UnsafeBufferPointer<UInt8>) {
    guard let source = octets.baseAddress else { return }
    unsafe room(for: octets.count).update(from: source, count: octets.count)
    written(octets.count)
  }

  /// Adds what another buffer holds.
  public func append(contentsOf other: OctetBuffer) {
    unsafe append(contentsOf: UnsafeBufferPointer(start: other.start, count: other.count))
  }

  /// Adds a text.
  @inlinable
  public func append(_ text: StaticString) {
    text.withUTF8Buffer { unsafe append(contentsOf: $0) }
  }

  /// Adds an octet several times.
  @inlinable
  public func append(_ octet: UInt8, count: Int) {
    unsafe room(for: count).update(repeating: octet, count: count)
    written(count)
  }

  /// Adds a number in decimal digits.
  public func append(decimal number: Int) {
    if number < 0 { append(UInt8(ascii: "-")) }
    var rest = number.magnitude
    var digitCount = 1
    var power: UInt = 1
    while 10 <= rest / power {
      power *= 10
      digitCount += 1
    }
    let place = unsafe room(for: digitCount)
    for index in 0..<digitCount {
      unsafe place[digitCount - 1 - index] = UInt8(ascii: "0") + UInt8(rest % 10)
      rest /= 10
    }
    written(digitCount)
  }

  /// Adds the four hexadecimal digits of a number.
  public func append(hexadecimal number: UInt16) {
    let place = unsafe room(for: 4)
    for index in 0..<4 {
      let nibble = UInt8(truncatingIfNeeded: number >> UInt16(12 - index * 4) & 15)
      unsafe place[index] = nibble.hexadecimalDigit
    }
    written(4)
  }

  /// Empties it and keeps its memory.
  public func removeAll() { writtenCount = 0 }

  /// What was written.
  public var octets: [UInt8] {
    unsafe Array(UnsafeBufferPointer(start: start, count: count))
  }

  @inlinable
  func written(_ octetCount: Int) { writtenCount += octetCount }

  /// Where the next octets go, of which there is room for so many.
  @inlinable
  func room(for octetCount: Int) -> UnsafeMutablePointer<UInt8> {
    if capacity - count < octetCount { grow(octetCount) }
    return unsafe start + count
  }

  @usableFromInline
  func grow(_ octetCount: Int) {
    let larger = max(capacity * 2, count + octetCount)
    let grown = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
    unsafe grown.update(from: start, count: count)
    unsafe start.deallocate()
    unsafe start = grown
    capacity = larger
  }
}
