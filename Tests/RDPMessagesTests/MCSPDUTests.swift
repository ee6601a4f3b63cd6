import RDPMessages
import Testing
import Wire

@Suite struct MCSPDUTests {
  /// Domain PDUs as Windows sends them.
  static let pdus: [(String, MCSPDU)] = [
    ("0401000100", .erectDomainRequest), ("28", .attachUserRequest),
    ("2e000007", .attachUserConfirm(result: .successful, userID: 1008)),
    ("2de0", .attachUserConfirm(result: MCSResult(rawValue: 15), userID: nil)),
    ("38000703f0", .channelJoinRequest(channelID: 1008)),
    ("3e00000703f003f0", .channelJoinConfirm(result: .successful, channelID: 1008)),
    ("3c60000703f0", .channelJoinConfirm(result: MCSResult(rawValue: 3), channelID: 1008)),
    ("2180", .disconnectProviderUltimatum(DisconnectReason(rawValue: 3))),
  ]

  @Test(arguments: pdus) func pduIsTheExpected(_ digits: String, _ pdu: MCSPDU) throws {
    #expect(try MCSPDU(octets(digits)[...]) == pdu)
  }

  /// Octets behind the fields that are read do not count.
  @Test(arguments: pdus.filter { $0.0.count > 4 && !$0.0.hasPrefix("04") })
  func everyPrefixIsTruncated(_ digits: String, _ pdu: MCSPDU) {
    let sample = octets(digits)
    let read = sample.first == 0x3E ? 6 : sample.count
    for count in 0..<read {
      #expect(throws: DecodeError.self, "\(count) octets") { try MCSPDU(sample[..<count]) }
    }
  }

  @Test func userIDBeyondTheLastIsRefused() {
    #expect(throws: DecodeError.self) { try MCSPDU(octets("2e00ffff")[...]) }
  }

  @Test func securityExchangeHasTheEncryptedRandom() throws {
    var reader = try userData(MCSSamples.securityExchange)
    #expect(try SecurityHeader(decoding: &reader).flags.contains(.exchange))
    let rest = reader
    let exchange = try SecurityExchange(decoding: &reader)
    #expect(exchange.encryptedClientRandom.count == 72)
    #expect(reader.isAtEnd)
    for count in 0..<rest.remainingCount {
      var cut = ByteReader(rest.remaining.prefix(count), layer: .rdp)
      #expect(throws: DecodeError.self) { try SecurityExchange(decoding: &cut) }
    }
  }

  @Test func licenceRequestAndValidClient() throws {
    var reader = try userData(MCSSamples.licenseRequest)
    #expect(try SecurityHeader(decoding: &reader).flags.contains(.license))
    let request = try LicensingMessage(decoding: &reader)
    #expect(request.type.name == "LICENSE_REQUEST" && request.error == nil)

    reader = try userData(MCSSamples.licenseError)
    _ = try SecurityHeader(decoding: &reader)
    let rest = reader
    let error = try #require(try LicensingMessage(decoding: &reader).error)
    #expect(error.isValidClient && !error.endsConnection)
    #expect(error.name == "STATUS_VALID_CLIENT")
    for count in 0..<12 {
      var cut = ByteReader(rest.remaining.prefix(count), layer: .rdp)
      #expect(throws: DecodeError.self) { try LicensingMessage(decoding: &cut) }
    }
  }

  private func userData(_ bytes: [UInt8]) throws -> ByteReader {
    guard case .sendData(_, let byteCount, let data) = try MCSPDU(bytes[...]) else {
      throw NotSendData()
    }
    #expect(byteCount == data.count)
    return ByteReader(data, layer: .rdp)
  }

  private struct NotSendData: Error {}
}
