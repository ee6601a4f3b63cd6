import Testing
import Wire

@Suite struct TimestampTests {
  @Test(arguments: [
    (0, "1970-01-01T00:00:00.000000Z"),
    (1_195_356_994_940_913_000, "2007-11-18T03:36:34.940913Z"),
    (-1, "1969-12-31T23:59:59.999999Z"),
    (951_782_400_000_000_000, "2000-02-29T00:00:00.000000Z"),
    (Int64.max, "2262-04-11T23:47:16.854775Z"),
    (Int64.min, "1677-09-21T00:12:43.145224Z"),
  ])
  func isWrittenInUTC(_ nanoseconds: Int64, _ text: String) {
    #expect(Timestamp(nanoseconds: nanoseconds).description == text)
  }

  @Test func distantTimesHaveAFiniteDistance() {
    let first = Timestamp(nanoseconds: .min)
    let last = Timestamp(nanoseconds: .max)
    #expect((last.seconds(since: first) - 18_446_744_073.7).magnitude < 0.1)
    #expect((first.seconds(since: last) + 18_446_744_073.7).magnitude < 0.1)
  }

  @Test func calendarTimeReachesTheYear9999() throws {
    let never = try #require(
      CalendarTime(year: 9999, month: 12, day: 31, hour: 23, minute: 59, second: 59)
    )
    #expect(never.description == "9999-12-31T23:59:59.000000Z")
    #expect(CalendarTime(year: 2024, month: 13, day: 1, hour: 0, minute: 0, second: 0) == nil)
  }
}

@Suite struct ByteReaderTests {
  @Test func offsetsAreThoseOfTheOutermostBytes() throws {
    var reader = ByteReader([0, 0, 3, 1, 2, 3, 9][2...], layer: .tpkt)
    let count = Int(try reader.uint8("length"))
    var body = try reader.subReader(count, "body")
    try body.skip(2, "first two")
    #expect(body.offset == 5)
    #expect(throws: DecodeError.self) { try body.uint16BigEndian("beyond") }
    try #expect(reader.uint8("last") == 9)
  }

  @Test func truncationSaysWhatIsMissing() {
    var reader = ByteReader([1, 2], layer: .x224, boundedBy: .snapLength)
    let expected = DecodeError(
      layer: .x224,
      field: "length",
      offset: 0,
      reason: .truncated(needed: 4, available: 2, boundedBy: .snapLength)
    )
    #expect(throws: expected) { try reader.uint32BigEndian("length") }
  }

  @Test func negativeLengthsAreRefused() {
    var reader = ByteReader([1, 2], layer: .x224)
    #expect(throws: DecodeError.self) { try reader.bytes(-1, "body") }
  }

  @Test func bothByteOrders() throws {
    var reader = ByteReader([1, 2, 1, 2, 1, 2, 3, 4, 1, 2, 3, 4], layer: .rdp)
    try #expect(reader.uint16BigEndian("a") == 0x0102)
    try #expect(reader.uint16LittleEndian("b") == 0x0201)
    try #expect(reader.uint32BigEndian("c") == 0x0102_0304)
    try #expect(reader.uint32LittleEndian("d") == 0x0403_0201)
  }
}
