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

  /// Adds octets.
  package func append(contentsOf octets: [UInt8]) {
    unsafe octets.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
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
    append(digitsOf: number.magnitude, count: number.magnitude.digitCount)
  }

  /// Adds a number in decimal digits, with zeros before it up to a width.
  package func append(decimal number: Int, width: Int) {
    if number < 0 { append(UInt8(ascii: "-")) }
    append(digitsOf: number.magnitude, count: max(width, number.magnitude.digitCount))
  }

  /// Adds a number of millionths as a decimal fraction without needless zeros: `0.25`, `3.0`.
  package func append(millionths number: Int) {
    if number < 0 { append(UInt8(ascii: "-")) }
    let (whole, fraction) = number.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
    append(digitsOf: whole, count: whole.digitCount)
    append(UInt8(ascii: "."))
    append(digitsOf: fraction, count: 6)
    var needless = 0
    while needless < 5, unsafe start[count - 1 - needless] == UInt8(ascii: "0") { needless += 1 }
    written(-needless)
  }

  private func append(digitsOf number: UInt, count digitCount: Int) {
    let place = unsafe room(for: digitCount)
    var rest = number
    for index in stride(from: digitCount - 1, through: 0, by: -1) {
      let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
      unsafe place[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
      rest = quotient
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
  public var octets: [UInt8] { octets(from: 0) }

  /// What was written from an offset on.
  package func octets(from offset: Int) -> [UInt8] {
    precondition(0 <= offset && offset <= count)
    return unsafe Array(UnsafeBufferPointer(start: start + offset, count: count - offset))
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

extension UInt {
  /// Decimal digits that it takes to write it.
  fileprivate var digitCount: Int {
    var count = 1
    var bound: UInt = 10
    while bound <= self {
      count += 1
      let (next, overflow) = bound.multipliedReportingOverflow(by: 10)
      if overflow { break }
      bound = next
    }
    return count
  }
}
