import CredSSPMessages
import Testing
import Wire

/// [MS-RDPBCGR] 2.2.18: one JSON object with one member, ended by a zero.
@Suite struct RDSAADTests {
  static let samples = [
    #"{"ts_nonce":"TOwhu3nD8nqKWo2AhsSAeZEeFRrRPfTZVPLzSdh5kAw"}"#,
    #"{"rdp_assertion":"eyJhbGciOiJSUzI1NiJ9.eyJ0cyI6IjEifQ.c2lnbmF0dXJl"}"#,
    #"{"authentication_result":0}"#, #"{"authentication_result":2147942405}"#,
  ].map { Array($0.utf8) + [0] }

  private func decode(_ octets: some Collection<UInt8>) throws(DecodeError) -> RDSAADMessage {
    var reader = ByteReader(Array(octets), layer: .rdsaad)
    return try RDSAADMessage(decoding: &reader)
  }

  @Test func everyKindIsTold() throws {
    #expect(
      try Self.samples.map(decode) == [.nonce, .assertion, .result(0), .result(0x8007_0005)]
    )
  }

  /// Signed or not, in quotes or not.
  @Test(arguments: [
    "-2147024891", "2147942405", "\"0x80070005\"", "\"2147942405\"", " -2147024891 ",
  ])
  func resultIsReadInEveryForm(_ number: String) throws {
    let text = #"{ "authentication_result": "# + number + "}"
    #expect(try decode(Array(text.utf8) + [0]) == .result(0x8007_0005))
  }

  @Test(arguments: samples) func everyPrefixIsTruncated(_ sample: [UInt8]) {
    for count in 0..<sample.count {
      let error = #expect(throws: DecodeError.self) { try decode(sample[..<count]) }
      guard let error, case .truncated = error.reason else {
        Issue.record("\(count) octets: \(String(describing: error))")
        continue
      }
      #expect(0...count ~= error.offset)
    }
  }

  @Test(arguments: [
    "[]", "{}", #"{"other":1}"#, #"{"authentication_result":"x"}"#, #"{"authentication_result"}"#,
    #"{"authentication_result":99999999999}"#, #"x"ts_nonce":"1"}"#,
  ])
  func anythingElseIsRefused(_ text: String) {
    #expect(throws: DecodeError.self) { try decode(Array(text.utf8) + [0]) }
  }

  @Test func whatProvesIsSecret() throws {
    for (sample, name) in zip(Self.samples, ["ts_nonce", "rdp_assertion"]) {
      let trace = FieldTrace()
      try FieldTrace.$current.withValue(trace) { _ = try decode(sample) }
      #expect(trace.fields.filter(\.isSecret).map(\.name) == [name])
    }
  }
}
