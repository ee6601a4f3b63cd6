import RDPMessages
import Testing
import Wire

@Suite struct SharePDUTests {
  /// Set Error Info with code 1, as it follows the MCS header.
  static let setErrorInfo: [UInt8] = [
    0x16, 0x00, 0x17, 0x00, 0xEA, 0x03,
    0xEA, 0x03, 0x01, 0x00, 0x00, 0x01, 0x12, 0x00, 0x2F, 0x00, 0x00, 0x00,
    0x01, 0x00, 0x00, 0x00,
  ]

  private func decode(_ bytes: [UInt8], byteCount: Int? = nil) throws(DecodeError) -> SharePDU {
    var reader = ByteReader(bytes, layer: .rdp)
    var problems: [DecodeError] = []
    let pdu = try SharePDU(
      decoding: &reader,
      byteCount: byteCount ?? bytes.count,
      problems: &problems
    )
    #expect(problems == [])
    return pdu
  }

  @Test func setErrorInfoHasItsCode() throws {
    let pdu = try decode(Self.setErrorInfo)
    #expect(pdu == .setErrorInfo(ErrorInfo(rawValue: 1)))
  }

  @Test func everyPrefixIsAnError() {
    for count in 0..<Self.setErrorInfo.count {
      #expect(throws: DecodeError.self) {
        try decode(Array(Self.setErrorInfo.prefix(count)), byteCount: Self.setErrorInfo.count)
      }
    }
  }

  @Test func anotherLengthIsAnotherPDU() {
    #expect(throws: DecodeError.self) { try decode(Self.setErrorInfo, byteCount: 23) }
  }

  /// A security header with SEC_INFO_PKT is no share control header, whatever follows.
  @Test func securityHeaderIsNoPDU() {
    let info: [UInt8] = [0x40, 0x00, 0x00, 0x00] + Array(repeating: 0, count: 60)
    #expect(throws: DecodeError.self) { try decode(info) }
  }

  @Test(arguments: [
    (UInt32(0x1), "ERRINFO_RPC_INITIATED_DISCONNECT", ErrorInfo.Kind.administrator),
    (0x3, "ERRINFO_IDLE_TIMEOUT", .idleLimit), (0x4, "ERRINFO_LOGON_TIMEOUT", .timeLimit),
    (0x5, "ERRINFO_DISCONNECTED_BY_OTHER_CONNECTION", .replaced),
    (0xC, "ERRINFO_LOGOFF_BY_USER", .user),
    (0x1A, "ERRINFO_SERVER_REBOOT", .shutdown), (0x102, "ERRINFO_LICENSE_NO_LICENSE", .licensing),
    (0x10B, "0x10B", .licensing), (0x412, "ERRINFO_CB_SESSION_ONLINE_VM_SESSMON_FAILED", .broker),
    (0x1111, "ERRINFO_SECURITY_DATA_TOO_SHORT2", .protocolError),
    (0x1126, "ERRINFO_SECURITY_DATA_TOO_SHORT23", .protocolError),
    (0x112D, "ERRINFO_GRAPHICS_MODE_NOT_SUPPORTED", .serverFailure),
    (0x1192, "ERRINFO_DECRYPT_FAILED", .encryption),
  ])
  func codeHasNameAndKind(_ code: UInt32, _ name: String, _ kind: ErrorInfo.Kind) {
    let info = ErrorInfo(rawValue: code)
    #expect(info.name == name)
    #expect(info.kind == kind)
  }

  @Test func unknownCodeStaysANumber() {
    let info = ErrorInfo(rawValue: 0xDEAD)
    #expect(info.kind == .unknown)
    #expect(info.name == "0xDEAD")
    #expect(info.meaning == "no specification has this code")
  }
}
