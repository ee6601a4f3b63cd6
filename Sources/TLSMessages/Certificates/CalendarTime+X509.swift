import Wire

extension CalendarTime {
  /// Reads UTCTime or GeneralizedTime, also without seconds, with a fraction (which is dropped) or
  /// with an offset, as old encoders wrote them; `nil` for what is not a date.
  ///
  /// RFC 5280 §4.1.2.5: a two-digit year below 50 is of this century. X.680 §46 and §47
  init?(x509 text: ArraySlice<UInt8>, isGeneralized: Bool) {
    let isDigit = { (octet: UInt8) in UInt8(ascii: "0")...UInt8(ascii: "9") ~= octet }
    let digits = text.prefix(while: isDigit).map { Int($0 - UInt8(ascii: "0")) }
    let yearDigits = isGeneralized ? 4 : 2
    let timeDigits = digits.count - yearDigits
    guard timeDigits == 8 || timeDigits == 10 else { return nil }
    let number = digits.prefix(yearDigits).reduce(0) { $0 * 10 + $1 }
    let year = isGeneralized ? number : number + (number < 50 ? 2000 : 1900)
    let pairs = stride(from: yearDigits, to: digits.count, by: 2).map {
      digits[$0] * 10 + digits[$0 + 1]
    }
    guard
      let local = CalendarTime(
        year: year,
        month: pairs[0],
        day: pairs[1],
        hour: pairs[2],
        minute: pairs[3],
        second: pairs.count > 4 ? pairs[4] : 0
      )
    else { return nil }
    // The 31st of a shorter month would be read as a day of the next.
    if pairs[0] < 12,
      let next = CalendarTime(
        year: year,
        month: pairs[0] + 1,
        day: 1,
        hour: 0,
        minute: 0,
        second: 0
      ), next <= local
    {
      return nil
    }
    var rest = text.dropFirst(digits.count)
    if let mark = rest.first, mark == UInt8(ascii: ".") || mark == UInt8(ascii: ",") {
      rest = rest.dropFirst().drop(while: isDigit)
    }
    guard let offset = Self.offsetSeconds(rest) else { return nil }
    self.init(secondsSinceEpoch: local.secondsSinceEpoch - offset)
  }

  /// `Z`, `+hhmm`, `-hhmm`, or nothing, which is taken for UTC.
  private static func offsetSeconds(_ zone: ArraySlice<UInt8>) -> Int64? {
    guard let sign = zone.first else { return 0 }
    if sign == UInt8(ascii: "Z") { return zone.count == 1 ? 0 : nil }
    guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"), zone.count == 5,
      let hours = Int64(String(decoding: zone.dropFirst().prefix(2), as: UTF8.self)),
      let minutes = Int64(String(decoding: zone.suffix(2), as: UTF8.self)), hours >= 0, minutes >= 0
    else { return nil }
    let seconds = hours * 3600 + minutes * 60
    return sign == UInt8(ascii: "-") ? -seconds : seconds
  }
}
