import Testing
import Wire

@testable import Packets

struct TCPOptionsTests {
  private func options(_ text: String) -> TCPOptions {
    let bytes = hex("FFFF") + hex(text) + hex("FFFF")
    return TCPOptions(decoding: bytes.span, at: 2, length: bytes.count - 4)
  }

  @Test func aSYNSaysWhatItsSenderCan() {
    let options = options("020405B4 01030308 01010402 080A00000001 00000000 1C04 8002")
    #expect(options.maximumSegmentSize == 1460)
    #expect(options.windowScale == 8)
    #expect(options.sackPermitted)
    #expect(options.timestampValue == 1)
    #expect(options.timestampEcho == 0)
    #expect(options.userTimeoutSeconds == 120)
    #expect(!options.isMalformed)
  }

  @Test func sackBlocksAreKept() {
    let options = options("0101 0512 00000064 000000C8 0000012C 00000190")
    #expect(options.sackBlockCount == 2)
    #expect(options.sackBlocks == [.init(start: 100, end: 200), .init(start: 300, end: 400)])
    #expect(!options.sackPermitted)
  }

  /// Lists, and where the damage is.
  @Test(
    arguments: [
      ("", nil), ("00", nil), ("0101010100FF", nil), ("FE04 0000", nil), ("0200", 2), ("0201", 2),
      ("02", 2), ("010101 0304", 5), ("0204 05", 2), ("01 FD00 FD00 FD00", 3),
    ] as [(String, Int?)]
  )
  func damageIsBounded(_ text: String, _ offset: Int?) {
    #expect(options(text).malformedAt == offset)
  }

  @Test func whatCameBeforeTheDamageIsKept() {
    let options = options("020405B4 0300")
    #expect(options.maximumSegmentSize == 1460)
    #expect(options.isMalformed)
  }

  @Test func aWrongLengthForItsKindIsIgnored() {
    let options = options("0203 05 0302 0401")
    #expect(options.maximumSegmentSize == nil)
    #expect(options.windowScale == nil)
    #expect(options.malformedAt == 7)
  }

  @Test func flagsKeepUnknownBits() {
    #expect(TCPFlags(rawValue: 0x812).contains([.syn, .ack]))
    #expect(TCPFlags(rawValue: 0x812).rawValue == 0x812)
  }
}
