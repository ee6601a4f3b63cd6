import CredSSPMessages
import Testing
import Wire

@Suite struct RDSTLSTests {
  /// Version, PduType, DataType, then the fields of each kind.
  static let samples = [
    octets("0100 0100 0100 0100"),
    octets("0100 0200 0100 0200 4700 0800 6c0061006200 0000 0200 0000 0600 700077000000"),
    octets("0100 0200 0200 07000000 0400 01020304"),
    octets("0100 0400 0100 2e050000"),
  ]

  private func decode(_ octets: some Collection<UInt8>) throws -> RDSTLSMessage {
    var reader = ByteReader(Array(octets), layer: .rdstls)
    return try RDSTLSMessage(decoding: &reader)
  }

  @Test func everyKindIsTold() throws {
    #expect(try decode(Self.samples[0]) == .capabilities(versions: 1))
    #expect(
      try decode(Self.samples[1])
        == .passwordCredentials(user: "lab", domain: "", passwordByteCount: 6)
    )
    #expect(try decode(Self.samples[2]) == .autoReconnectCookie(sessionID: 7))
    guard case .result(let result) = try decode(Self.samples[3]) else {
      Issue.record("no result")
      return
    }
    #expect(result.name == "RDSTLS_RESULT_LOGON_FAILURE")
    #expect(result.status?.name == "STATUS_LOGON_FAILURE")
    #expect(!result.isSuccess)
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

  /// A message is measured as soon as its lengths are here, and never before.
  @Test(arguments: samples) func messagesAreMeasured(_ sample: [UInt8]) throws {
    #expect(try RDSTLSFraming.byteCount(startOf: (sample + [1, 0, 4, 0])[...]) == sample.count)
    for count in 0..<sample.count {
      let measured = try RDSTLSFraming.byteCount(startOf: sample[..<count])
      #expect(measured == nil || measured == sample.count, "\(count) octets")
    }
    #expect(throws: DecodeError.self) {
      try RDSTLSFraming.byteCount(startOf: [1, 0, 9, 0, 1, 0])
    }
  }

  @Test func passwordIsMarkedSecret() throws {
    let trace = FieldTrace()
    try FieldTrace.$current.withValue(trace) { _ = try decode(Self.samples[1]) }
    #expect(trace.fields.filter(\.isSecret).map(\.name) == ["RedirectionGuid", "Password"])
  }

  @Test func earlyAuthorizationSaysWhoMayLogOn() throws {
    var denied = ByteReader([5, 0, 0, 0], layer: .credSSP)
    let result = try EarlyUserAuthorization(decoding: &denied)
    #expect(!result.isPermitted)
    #expect(result.name == "AUTHZ_ACCESS_DENIED")
  }
}
