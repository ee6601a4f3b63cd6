/// Powers modulo an odd number of any size: what reading RSA takes, and nothing else.
///
/// swift-crypto refuses the 512 bits of standard RDP security and the padding of TLS's key exchange;
/// a package for large numbers would bring all of Foundation along. P. L. Montgomery, "Modular
/// Multiplication Without Trial Division", 1985. Takes as long as the exponent says: it is for
/// reading what was recorded, not for keeping secrets.
struct MontgomeryModulus: Hashable, Sendable {
  /// Least significant first.
  private let limbs: [UInt64]
  /// The number that times the lowest limb gives -1.
  private let inverse: UInt64
  /// The square of the radix, which brings numbers into Montgomery's form.
  private let radixSquared: [UInt64]

  /// Prepares a modulus; `nil` for an even one.
  ///
  /// - Parameter octets: The number, most significant octet first.
  init?(_ octets: ArraySlice<UInt8>) {
    limbs = Self.limbs(octets.drop { $0 == 0 })
    guard let lowest = limbs.first, lowest & 1 == 1 else { return nil }
    // Newton's iteration doubles the bits that fit, from three.
    var inverse = lowest
    for _ in 0..<5 { inverse = inverse &* (2 &- lowest &* inverse) }
    self.inverse = 0 &- inverse
    var power = [UInt64](repeating: 0, count: limbs.count)
    power[0] = 1
    if limbs == [1] { power[0] = 0 }
    for _ in 0..<128 * limbs.count { power = Self.doubled(power, modulo: limbs) }
    radixSquared = power
  }

  /// Octets of the modulus.
  var byteCount: Int {
    limbs.count * 8 - (limbs.last?.leadingZeroBitCount ?? 0) / 8
  }

  /// Raises a number to a power.
  ///
  /// - Parameters:
  ///   - base: The number, most significant octet first.
  ///   - exponent: The power, most significant octet first.
  /// - Returns: As many octets as the modulus has; `nil` for a base that is not below it.
  func power(_ base: ArraySlice<UInt8>, _ exponent: [UInt8]) -> [UInt8]? {
    var value = Self.limbs(base.drop { $0 == 0 })
    guard value.count <= limbs.count else { return nil }
    value += [UInt64](repeating: 0, count: limbs.count - value.count)
    guard Self.isLess(value, limbs) else { return nil }
    let factor = multiply(value, radixSquared)
    var result = multiply(Self.one(limbs.count), radixSquared)
    for octet in exponent {
      for bit in (0..<8).reversed() {
        result = multiply(result, result)
        if octet >> bit & 1 == 1 { result = multiply(result, factor) }
      }
    }
    let plain = multiply(result, Self.one(limbs.count))
    return Array(plain.reversed().flatMap(\.bigEndianOctets).suffix(byteCount))
  }

  /// The product divided by the radix, modulo the modulus.
  private func multiply(_ left: [UInt64], _ right: [UInt64]) -> [UInt64] {
    let count = limbs.count
    var sum = [UInt64](repeating: 0, count: count + 2)
    for digit in right {
      var carry: UInt64 = 0
      for index in 0..<count {
        (carry, sum[index]) = Self.multiply(left[index], digit, adding: sum[index], carry)
      }
      let (top, overflow) = sum[count].addingReportingOverflow(carry)
      sum[count] = top
      sum[count + 1] = overflow ? 1 : 0
      // A multiple of the modulus that makes the lowest limb zero; then one limb down.
      let factor = sum[0] &* inverse
      (carry, _) = Self.multiply(limbs[0], factor, adding: sum[0], 0)
      for index in 1..<max(1, count) {
        (carry, sum[index - 1]) = Self.multiply(limbs[index], factor, adding: sum[index], carry)
      }
      let (low, isOver) = sum[count].addingReportingOverflow(carry)
      sum[count - 1] = low
      sum[count] = sum[count + 1] &+ (isOver ? 1 : 0)
    }
    let result = Array(sum[..<count])
    return sum[count] == 0 && Self.isLess(result, limbs)
      ? result : Self.subtract(limbs, from: result)
  }

  /// The two halves of a product with two numbers added, which never has more.
  private static func multiply(
    _ left: UInt64,
    _ right: UInt64,
    adding first: UInt64,
    _ second: UInt64
  ) -> (high: UInt64, low: UInt64) {
    var (high, low) = left.multipliedFullWidth(by: right)
    for number in [first, second] {
      let (sum, overflow) = low.addingReportingOverflow(number)
      low = sum
      if overflow { high &+= 1 }
    }
    return (high, low)
  }
}

// Numbers as limbs, least significant first.
extension MontgomeryModulus {
  private static func limbs(_ octets: ArraySlice<UInt8>) -> [UInt64] {
    stride(from: octets.endIndex, to: octets.startIndex, by: -8).map { end in
      octets[max(octets.startIndex, end - 8)..<end].reduce(0) { $0 << 8 | UInt64($1) }
    }
  }

  private static func one(_ count: Int) -> [UInt64] {
    [1] + [UInt64](repeating: 0, count: count - 1)
  }

  private static func isLess(_ left: [UInt64], _ right: [UInt64]) -> Bool {
    for index in left.indices.reversed() where left[index] != right[index] {
      return left[index] < right[index]
    }
    return false
  }

  /// The difference; what is borrowed beyond the last limb is dropped.
  private static func subtract(_ right: [UInt64], from left: [UInt64]) -> [UInt64] {
    var borrow: UInt64 = 0
    return left.indices.map { index in
      let (first, isUnder) = left[index].subtractingReportingOverflow(right[index])
      let (second, isUnderToo) = first.subtractingReportingOverflow(borrow)
      borrow = isUnder || isUnderToo ? 1 : 0
      return second
    }
  }

  private static func doubled(_ value: [UInt64], modulo modulus: [UInt64]) -> [UInt64] {
    var carry: UInt64 = 0
    let result = value.map { limb in
      defer { carry = limb >> 63 }
      return limb << 1 | carry
    }
    return carry == 0 && isLess(result, modulus) ? result : subtract(modulus, from: result)
  }
}
