import HTTPMessages
import Testing
import Wire

@Suite struct HTTP2Tests {
  private typealias Field = HPACKDecoder.Field

  private func octets(_ digits: String) -> [UInt8] {
    let nibbles = digits.compactMap(\.hexDigitValue).map { UInt8($0) }
    return stride(from: 0, to: nibbles.count, by: 2).map { nibbles[$0] << 4 | nibbles[$0 + 1] }
  }

  /// RFC 7541 C.3: three requests of one connection, plain strings.
  @Test func requestsOfTheSpecification() throws {
    var decoder = HPACKDecoder()
    let first = try decoder.decode(
      octets("828684410f7777772e6578616d706c652e636f6d")[...]
    )
    #expect(first.last == Field(":authority", "www.example.com"))
    #expect(first.first == Field(":method", "GET"))
    let second = try decoder.decode(octets("828684be58086e6f2d6361636865")[...])
    #expect(
      second.suffix(2) == [
        Field(":authority", "www.example.com"), Field("cache-control", "no-cache"),
      ]
    )
    let third = try decoder.decode(
      octets("828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565")[...]
    )
    #expect(third.last == Field("custom-key", "custom-value"))
    #expect(third.contains(Field(":authority", "www.example.com")))
  }

  /// RFC 7541 C.6: three responses, Huffman's code, and a table of 256 octets that evicts.
  @Test func responsesOfTheSpecification() throws {
    var decoder = HPACKDecoder()
    _ = try decoder.decode(octets("3fe101")[...])  // The table holds 256 octets.
    let first = try decoder.decode(
      octets(
        "488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad17186"
          + "3c78f0b97c8e9ae82ae43d3"
      )[...]
    )
    #expect(
      first.map(\.value) == [
        "302", "private", "Mon, 21 Oct 2013 20:13:21 GMT", "https://www.example.com",
      ]
    )
    let second = try decoder.decode(octets("4883640effc1c0bf")[...])
    #expect(second.first == Field(":status", "307"))
    #expect(second.last == Field("location", "https://www.example.com"))
  }

  @Test func everyPrefixOfABlockIsRefusedOrShorter() {
    let block = octets("828684418cf1e3c2e5f23a6ba0ab90f4ff")
    for count in block.indices {
      var decoder = HPACKDecoder()
      let fields = try? decoder.decode(block[..<count])
      #expect((fields?.count ?? 0) < 4)
    }
  }

  @Test(arguments: [
    "80",  // Index 0.
    "ff80808001",  // An index far beyond the tables.
    "ffffffffffffffffffff",  // An integer without an end.
    "0003616263",  // A literal without its value.
    "00018081",  // Padding of Huffman's code that is none.
    "007fffffff7f",  // A string of gigabytes.
  ])
  func lyingBlocksAreRefused(_ digits: String) {
    var decoder = HPACKDecoder()
    #expect(throws: DecodeError.self) { try decoder.decode(octets(digits)[...]) }
  }

  @Test func manyFieldsAreRefused() {
    var decoder = HPACKDecoder()
    let block = [UInt8](repeating: 0x82, count: HPACKDecoder.maximumFields + 1)
    #expect(throws: DecodeError.self) { try decoder.decode(block[...]) }
  }

  @Test(arguments: [1, 3, 9, 40])
  func framesAreCutOut(_ size: Int) throws {
    let frames: [UInt8] =
      [0, 0, 8, 1, 0x2D, 0, 0, 0, 3] + [1, 0, 0, 0, 0, 0, 0x82, 0x00]  // Padded, with priority.
      + [0, 0, 0, 4, 1, 0, 0, 0, 0]
    var framer = HTTP2Framer()
    var found: [HTTP2Framer.Frame] = []
    for start in stride(from: 0, to: frames.count, by: size) {
      framer.append(frames[start..<min(start + size, frames.count)])
      while let frame = try framer.next() { found.append(frame) }
    }
    #expect(found.map(\.type) == [1, 4])
    #expect(found.map(\.stream) == [3, 0])
    #expect(found[0].headerBlock.map(Array.init) == [0x82])
    #expect(found[0].endsHeaders)
  }

  @Test func paddingBeyondTheFrameIsNoBlock() throws {
    var framer = HTTP2Framer()
    framer.append([0, 0, 2, 1, 0x08, 0, 0, 0, 1, 9, 0x82])
    #expect(try framer.next()?.headerBlock == nil)
  }

  @Test func hugeFrameIsRefused() {
    var framer = HTTP2Framer()
    framer.append([0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0])
    #expect(throws: DecodeError.self) { try framer.next() }
  }
}
