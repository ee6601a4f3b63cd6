import Reports
import Testing

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
}
