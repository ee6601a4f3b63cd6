import TLSMessages
import Testing
import Wire

/// The examples that JA3's authors publish with it.
@Suite struct JA3Tests {
  struct Example: Sendable, CustomTestStringConvertible {
    let text: String
    let hash: String
    let suites: [UInt16]
    let extensions: String

    var testDescription: String { text }
  }

  static let examples = [
    Example(
      text: "769,47-53-5-10-49161-49162-49171-49172-50-56-19-4,0-10-11,23-24-25,0",
      hash: "ada70206e40642a3e4461f35503241d5",
      suites: [47, 53, 5, 10, 49161, 49162, 49171, 49172, 50, 56, 19, 4],
      extensions: "0016 0000 0000 000a 0008 0006 0017 0018 0019 000b 0002 0100"
    ),
    Example(
      text: "769,4-5-10-9-100-98-3-6-19-18-99,,,",
      hash: "de350869b8c85de67a350c8d186f11e6",
      suites: [4, 5, 10, 9, 100, 98, 3, 6, 19, 18, 99],
      extensions: ""
    ),
  ]

  @Test(arguments: examples) func hashIsThePublishedOne(_ example: Example) throws {
    var body: [UInt8] = [3, 1] + [UInt8](repeating: 7, count: 32) + [0]
    body += [0, UInt8(example.suites.count * 2)]
    body += example.suites.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xff)] } + [1, 0]
    var reader = ByteReader(body + octets(example.extensions), layer: .tls)
    let hello = try ClientHello(decoding: &reader)
    #expect(hello.offer.ja3String == example.text)
    #expect(hello.offer.ja3 == example.hash)
  }
}
