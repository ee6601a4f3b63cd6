import RDPMessages
import Testing
import Wire

@Suite struct X224Tests {
  /// A Connection Request as mstsc sends it: cookie, then a negotiation request for 0x0b.
  static let request: [UInt8] =
    [0x03, 0x00, 0x00, 0x2F, 0x2A, 0xE0, 0x00, 0x00, 0x00, 0x00, 0x00]
    + Array("Cookie: mstshash=IT-HELP\\A\r\n".utf8)
    + [0x01, 0x00, 0x08, 0x00, 0x0B, 0x00, 0x00, 0x00]

  /// A Connection Confirm with the 8 octets of a negotiation structure.
  static func confirm(_ structure: [UInt8]) -> [UInt8] {
    [0x03, 0x00, 0x00, 0x13, 0x0E, 0xD0, 0x00, 0x00, 0x12, 0x34, 0x00] + structure
  }

  @Test func requestHasCookieAndProtocols() throws {
    guard case .connectionRequest(let request) = try X224TPDU(tpkt: Self.request[...]) else {
      Issue.record("not a connection request")
      return
    }
    #expect(request.line == .cookie("IT-HELP\\A"))
    #expect(request.negotiation?.requestedProtocols.names == ["ssl", "hybrid", "hybrid_ex"])
    #expect(request.problem == nil)
  }

  /// A request with every protocol and correlation info. [MS-RDPBCGR] 2.2.1.1.2
  private static let correlated: [UInt8] =
    [0x03, 0x00, 0x00, 0x37, 0x32, 0xE0, 0x00, 0x00, 0x00, 0x00, 0x00]
    + [0x01, 0x08, 0x08, 0x00, 0x1F, 0x00, 0x00, 0x00]  // flags: correlation info follows
    + [0x06, 0x00, 0x24, 0x00]
    + [
      0xA2, 0xE2, 0xC8, 0x18, 0x6D, 0xE3, 0x4F, 0x1E, 0x8D, 0x0F, 0x91, 0x75, 0xE4, 0xCD, 0x01,
      0x02,
    ]
    + [UInt8](repeating: 0, count: 16)

  @Test func requestHasItsCorrelationID() throws {
    guard case .connectionRequest(let request) = try X224TPDU(tpkt: Self.correlated[...]) else {
      Issue.record("not a connection request")
      return
    }
    #expect(request.problem == nil)
    #expect(request.correlationID == "a2e2c8186de34f1e8d0f9175e4cd0102")
    #expect(request.negotiation?.flags.names == ["CORRELATION_INFO_PRESENT"])
    #expect(
      request.negotiation?.requestedProtocols.names
        == ["ssl", "hybrid", "rdstls", "hybrid_ex", "rdsaad"]
    )
  }

  /// Correlation info of another type or length costs the id, and not what was read before.
  @Test(arguments: [(19, UInt8(7), "type"), (21, 0x23, "length")])
  func wrongCorrelationInfoIsLocated(_ place: Int, _ octet: UInt8, _ field: String) throws {
    var bytes = Self.correlated
    bytes[place] = octet
    guard case .connectionRequest(let request) = try X224TPDU(tpkt: bytes[...]) else {
      Issue.record("not a connection request")
      return
    }
    #expect(request.problem?.field == field && request.problem?.offset == place)
    #expect(request.correlationID == nil)
    #expect(request.negotiation?.requestedProtocols.names.count == 5)
  }

  @Test(arguments: [
    (UInt8(0), "rdp"), (1, "ssl"), (2, "hybrid"), (4, "rdstls"), (8, "hybrid_ex"), (16, "rdsaad"),
  ])
  func serverChoosesOneProtocol(_ value: UInt8, _ name: String) throws {
    let bytes = Self.confirm([2, 0x1F, 8, 0, value, 0, 0, 0])
    guard case .connectionConfirm(let confirm) = try X224TPDU(tpkt: bytes[...]),
      case .selected(let response) = confirm.outcome
    else {
      Issue.record("not a response")
      return
    }
    #expect(response.selectedProtocol.names == [name])
    #expect(response.flags.names.count == 5)
  }

  @Test(arguments: [
    (UInt8(1), "SSL_REQUIRED_BY_SERVER"), (2, "SSL_NOT_ALLOWED_BY_SERVER"),
    (3, "SSL_CERT_NOT_ON_SERVER"), (4, "INCONSISTENT_FLAGS"), (5, "HYBRID_REQUIRED_BY_SERVER"),
    (6, "SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER"), (7, "0x7"),
  ])
  func refusalKeepsItsCode(_ code: UInt8, _ name: String) throws {
    let bytes = Self.confirm([3, 0, 8, 0, code, 0, 0, 0])
    guard case .connectionConfirm(let confirm) = try X224TPDU(tpkt: bytes[...]),
      case .refused(let failure) = confirm.outcome
    else {
      Issue.record("not a refusal")
      return
    }
    #expect(failure.code.name == name)
  }

  @Test func lyingNegotiationLengthIsLocated() throws {
    let bytes = Self.confirm([2, 0, 9, 0, 1, 0, 0, 0])
    guard case .connectionConfirm(let confirm) = try X224TPDU(tpkt: bytes[...]) else {
      Issue.record("not a confirm")
      return
    }
    #expect(confirm.outcome == .noNegotiation)
    #expect(confirm.problem?.offset == 13)
  }

  @Test func routingTokenNamesItsTarget() {
    let line = ConnectionRequestLine(line: Array("Cookie: msts=3640205228.15629.0000".utf8)[...])
    guard case .routingToken(let token) = line else {
      Issue.record("not a routing token")
      return
    }
    #expect(token.target == "172.31.249.216:3389")
  }

  @Test(arguments: [Self.request, Self.confirm([2, 0x1F, 8, 0, 8, 0, 0, 0])])
  func everyPrefixThrows(_ sample: [UInt8]) {
    for count in 0..<sample.count {
      #expect(throws: DecodeError.self, "\(count) octets") { try X224TPDU(tpkt: sample[..<count]) }
    }
  }

  @Test func ultimatumNamesItsReason() throws {
    let bytes: [UInt8] = [0x03, 0x00, 0x00, 0x09, 0x02, 0xF0, 0x80, 0x21, 0x80]
    guard case .data(let userData) = try X224TPDU(tpkt: bytes[...]),
      case .disconnectProviderUltimatum(let reason) = try MCSPDU(userData)
    else {
      Issue.record("not an ultimatum")
      return
    }
    #expect(reason.name == "rn-user-requested")
  }

  @Test(arguments: [
    ([0x03, 0x00, 0x01, 0x00], RDPFraming.tpkt(byteCount: 256)),
    ([0x03, 0x00, 0x00, 0x06], .notRDP), ([0x03], .needsMoreBytes(atLeast: 4)),
    ([0x00, 0x05], .fastPath(byteCount: 5)), ([0xC0, 0x81, 0x02], .fastPath(byteCount: 258)),
    ([0x00, 0x81], .needsMoreBytes(atLeast: 3)), ([0x16, 0x03, 0x01], .notRDP),
    ([], .needsMoreBytes(atLeast: 1)),
  ])
  func framingIsToldByTheFirstOctets(_ bytes: [UInt8], _ framing: RDPFraming) {
    #expect(RDPFraming(startOf: bytes[...]) == framing)
  }
}
