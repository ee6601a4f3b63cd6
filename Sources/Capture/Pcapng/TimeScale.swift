import Wire

/// How an interface counts time: if_tsresol and if_tsoffset.
struct TimeScale: Hashable {
  private var multiplier: UInt64 = 1000
  private var divisor: UInt128 = 1
  private var shift = 0
  private var offsetSeconds: Int64 = 0

  /// Microseconds since the epoch, for interfaces that do not say.
  static let microseconds = TimeScale()

  private init() {}

  /// - Parameters:
  ///   - resolution: Negative power of 10, or of 2 when the most significant bit is set.
  ///   - offsetSeconds: Added to every timestamp.
  init(resolution: UInt8, offsetSeconds: Int64) {
    self.offsetSeconds = offsetSeconds
    let exponent = Int(resolution & 0x7f)
    if resolution & 0x80 != 0 {
      multiplier = 1_000_000_000
      shift = exponent
    } else if exponent <= 9 {
      multiplier = (exponent..<9).reduce(1) { power, _ in power * 10 }
    } else {
      multiplier = 1
      // Beyond 10^-38 every count of 64 bits is less than a nanosecond.
      divisor = (9..<min(exponent, 38)).reduce(1) { power, _ in power * 10 }
    }
  }

  /// The time of a count, saturating where it does not fit.
  @inline(__always)
  func timestamp(_ ticks: UInt64) -> Timestamp {
    let (product, overflow) = ticks.multipliedReportingOverflow(by: multiplier)
    if !overflow, shift == 0, divisor == 1, offsetSeconds == 0 {
      return Timestamp(nanoseconds: Int64(clamping: product))
    }
    return scaled(ticks)
  }

  private func scaled(_ ticks: UInt64) -> Timestamp {
    let scaled = (UInt128(ticks) * UInt128(multiplier) / divisor) >> UInt128(shift)
    let total = Int128(scaled) + Int128(offsetSeconds) * 1_000_000_000
    return Timestamp(nanoseconds: Int64(clamping: total))
  }
}
