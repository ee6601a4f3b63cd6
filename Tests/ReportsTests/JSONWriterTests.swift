import Foundation
import Packets
import Reports
import Testing
import Wire

@Suite struct JSONWriterTests {
  @Test(arguments: [0, 1, 63, 64, 65, 95, 96, 97, 1000], [true, false])
  func twoThreadsWriteWhatOneDoes(_ count: Int, _ isPretty: Bool) {
    func text(_ write: (inout JSONWriter, [Int]) -> Void) -> [UInt8] {
      var text: [UInt8] = []
      var writer = JSONWriter(isPretty: isPretty) { text += $0 }
      writer.object {
        $0.key("list")
        write(&$0, Array(0..<count))
        $0.key("end")
        $0.value(true)
      }
      writer.finish()
      return text
    }
    func element(_ json: inout JSONWriter, _ number: Int) {
      json.object {
        $0.key("number")
        $0.value(number)
      }
    }
    let alone = text { $0.array($1, element) }
    #expect(text { $0.array(inTwoThreads: $1, element) } == alone)
  }

  /// Reads back what is written of a fraction.
  @Test func fractionsAreRoundedToMillionths() throws {
    var generator = SystemRandomNumberGenerator()
    let chosen: [Double] = [
      0, 1, 3, 0.5, 0.25, 1e-6, 4e-7, 6e-7, 0.1, 0.999_999_6, 12.000_001, -0.5, -2, 1e9,
      9_007_199_254, 9_007_199_255, 1e15, 1e21, -1e300, 123_456_789.123_456,
    ]
    let random = (0..<10_000).map { _ in Double.random(in: -1e6...1e6, using: &generator) }
    for number in chosen + random {
      let written = text { $0.value(number) }
      let expected = (number * 1e6).rounded() / 1e6
      #expect(Double(written) == expected, "\(number) as \(written)")
      #expect(written.contains(".") || written.contains("e"), "\(number) as \(written)")
      #expect(written.contains("e") || !written.hasSuffix("00"), "\(number) as \(written)")
    }
    #expect(text { $0.value(2.5) } == "2.5")
    #expect(text { $0.value(3.0) } == "3.0")
    #expect(text { $0.value(-0.000_001) } == "-0.000001")
    #expect(text { $0.value(Double.nan) } == "null")
  }

  @Test func integersAreWrittenWhole() {
    for number in [0, 1, 9, 10, 99, 100, 1_234_567_890, .max, .min, -1, -10] {
      #expect(text { $0.value(number) } == "\(number)")
    }
  }

  @Test func plainTextsSayWhatTheirDescriptionsSay() throws {
    let address = try #require(IPAddress("2001:db8::1"))
    let quad = IPAddress(ipv4: 0x0A00_FF01)
    let time = Timestamp(nanoseconds: 1_764_288_000_123_456_789)
    #expect(text { $0.value(address) } == "\"2001:db8::1\"")
    #expect(text { $0.value(quad) } == "\"10.0.255.1\"")
    #expect(text { $0.value(time) } == "\"2025-11-28T00:00:00.123456Z\"")
    #expect(text { $0.value(nil as Timestamp?) } == "null")
  }

  /// More pieces than are kept, each several times, at two depths, first and later in their objects.
  @Test(arguments: [true, false])
  func sharedMembersAreWrittenAsIfTheyWereNot(_ isPretty: Bool) {
    func whole(_ members: (inout JSONWriter, Int) -> Void) -> String {
      text(isPretty: isPretty) { json in
        json.array(0..<3000) { json, index in
          json.object { json in
            if index % 2 == 0 {
              json.key("index")
              json.value(index)
            }
            members(&json, index % 700)
            json.key("inner")
            json.object { members(&$0, index % 5) }
          }
        }
      }
    }
    func body(_ json: inout JSONWriter, _ number: Int) {
      json.key("number")
      json.value(number)
      json.key("list")
      json.array(0..<number % 4) { $0.value("\(number) and \($1)") }
    }
    var writtenCount = 0
    let shared = whole { json, number in
      json.members(of: .causeTitle("\(number)")) {
        writtenCount += 1
        body(&$0, number)
      }
    }
    #expect(shared == whole(body))
    #expect(writtenCount < 4000)
  }

  private func text(isPretty: Bool = false, _ write: (inout JSONWriter) -> Void) -> String {
    var text: [UInt8] = []
    var writer = JSONWriter(isPretty: isPretty) { text += $0 }
    write(&writer)
    writer.finish()
    return String(decoding: text, as: UTF8.self).trimmingCharacters(in: .newlines)
  }
}
