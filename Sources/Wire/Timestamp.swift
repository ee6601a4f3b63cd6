/// A moment of packet time: nanoseconds since 1970-01-01T00:00:00Z.
///
/// All of rdpscope takes time from packets; nothing reads a clock.
public struct Timestamp: Hashable, Comparable, Sendable {
  /// Nanoseconds since the Unix epoch.
  public let nanoseconds: Int64

  /// Creates a moment from nanoseconds since the Unix epoch.
  @inlinable
  public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// Whether one moment comes before the other.
  @inlinable
  public static func < (left: Self, right: Self) -> Bool { left.nanoseconds < right.nanoseconds }

  /// Seconds from `earlier` to this moment, negative if this moment comes first.
  ///
  /// Always finite: a capture may hold any 64-bit time, and two of them may lie 584 years apart.
  @inlinable
  public func seconds(since earlier: Timestamp) -> Double {
    let (difference, overflow) = nanoseconds.subtractingReportingOverflow(earlier.nanoseconds)
    guard !overflow else { return Double(nanoseconds) / 1e9 - Double(earlier.nanoseconds) / 1e9 }
    return Double(difference) / 1e9
  }

  /// Nanoseconds from `earlier` to this moment, as many as can be said: a capture may hold any time.
  @inlinable @inline(__always)
  public func nanoseconds(since earlier: Timestamp) -> Int64 {
    let (difference, overflow) = nanoseconds.subtractingReportingOverflow(earlier.nanoseconds)
    guard overflow else { return difference }
    return earlier.nanoseconds < nanoseconds ? .max : .min
  }

  /// Whether this moment comes at least so many nanoseconds after `earlier`.
  @inlinable
  public func isLater(than earlier: Timestamp, byNanoseconds least: Int64) -> Bool {
    least <= nanoseconds(since: earlier)
  }

  /// The moment so many seconds later, or as late, or with less than none as early, as can be said.
  package func advanced(bySeconds seconds: Double) -> Timestamp {
    let limit = Timestamp(nanoseconds: seconds < 0 ? .min : .max)
    guard let step = Int64(exactly: (seconds * 1e9).rounded()) else { return limit }
    let (sum, overflow) = nanoseconds.addingReportingOverflow(step)
    return overflow ? limit : Timestamp(nanoseconds: sum)
  }
}

extension Timestamp: CustomStringConvertible, PlainText {
  /// ISO 8601 in UTC with microseconds: `2026-11-24T00:10:49.123456Z`.
  public var description: String { plainText }

  /// Adds what ``description`` says.
  package func write(to buffer: OctetBuffer) {
    let (seconds, fraction) = nanoseconds.flooredDivision(by: 1_000_000_000)
    CalendarTime(secondsSinceEpoch: seconds).write(microseconds: fraction / 1000, to: buffer)
  }
}

/// A moment of the calendar, in whole seconds of UTC: certificates reach beyond what a
/// ``Timestamp`` can hold (RFC 5280 §4.1.2.5 uses the year 9999 for "never").
package struct CalendarTime: Hashable, Comparable, Sendable {
  /// Seconds since 1970-01-01T00:00:00Z.
  package let secondsSinceEpoch: Int64

  /// Creates a moment from seconds since the Unix epoch.
  package init(secondsSinceEpoch: Int64) { self.secondsSinceEpoch = secondsSinceEpoch }

  /// Creates a moment from a date and time of day; `nil` when a field is out of its range.
  package init?(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) {
    guard 0...9999 ~= year, 1...12 ~= month, 1...31 ~= day, 0...23 ~= hour, 0...59 ~= minute,
      0...60 ~= second
    else { return nil }
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let days =
      era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    secondsSinceEpoch = Int64(days * 86_400 + hour * 3600 + minute * 60 + second)
  }

  package static func < (left: Self, right: Self) -> Bool {
    left.secondsSinceEpoch < right.secondsSinceEpoch
  }

  /// The second in which a packet was captured.
  package init(_ time: Timestamp) {
    secondsSinceEpoch = time.nanoseconds.flooredDivision(by: 1_000_000_000).quotient
  }

  fileprivate func write(microseconds: Int64, to buffer: OctetBuffer) {
    let (days, secondOfDay) = secondsSinceEpoch.flooredDivision(by: 86_400)
    let date = Self.civilDate(daysSinceEpoch: days)
    buffer.append(decimal: Int(date.year), width: 4)
    let fields: InlineArray<5, (separator: StaticString, value: Int64)> = [
      ("-", date.month), ("-", date.day), ("T", secondOfDay / 3600), (":", secondOfDay / 60 % 60),
      (":", secondOfDay % 60),
    ]
    for index in fields.indices {
      buffer.append(fields[index].separator)
      buffer.append(decimal: Int(fields[index].value), width: 2)
    }
    buffer.append(UInt8(ascii: "."))
    buffer.append(decimal: Int(microseconds), width: 6)
    buffer.append(UInt8(ascii: "Z"))
  }

  /// The proleptic Gregorian date of a day count, by Howard Hinnant's `civil_from_days`.
  private static func civilDate(daysSinceEpoch: Int64) -> (year: Int64, month: Int64, day: Int64) {
    let shifted = daysSinceEpoch + 719_468  // Days from 0000-03-01 to the epoch.
    let (era, dayOfEra) = shifted.flooredDivision(by: 146_097)
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }
}

extension CalendarTime: CustomStringConvertible, PlainText {
  /// ISO 8601 in UTC with microseconds, as every time of the report.
  package var description: String { plainText }

  /// Adds what ``description`` says.
  package func write(to buffer: OctetBuffer) { write(microseconds: 0, to: buffer) }
}

extension Int64 {
  fileprivate func flooredDivision(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}
