package import Wire

/// Why a KDC or a service refuses; unknown codes are kept. RFC 4120 §7.5.9
package struct KerberosError: Hashable, Sendable {
  package let code: UInt32
  /// What Windows' KDC adds: the NTSTATUS behind the code. [MS-KILE] 2.2.1
  package let status: LoginStatus?
  /// The clock of whoever refuses, in whole seconds.
  package let time: CalendarTime?

  /// Asked once more with a proof, as every first request of Windows is.
  package static let preauthenticationRequired: UInt32 = 25
  /// The reply is too long for UDP, and the client asks again over TCP.
  package static let responseTooBig: UInt32 = 52

  /// Whether it is a step of every good login and no refusal.
  package var isPartOfExchange: Bool {
    code == Self.preauthenticationRequired || code == Self.responseTooBig
  }

  /// What the refusal is about, in the terms of ``LoginStatus``.
  package var kind: LoginStatus.Kind {
    if let status, status.kind != .unknown { return status.kind }
    return Self.entries[code]?.kind ?? .unknown
  }

  /// The specification's name, or the number.
  package var name: String { Self.entries[code]?.name ?? "\(code)" }

  /// What it means, in a few words.
  package var meaning: String {
    if let status, status.kind != .unknown { return status.meaning }
    return Self.entries[code]?.meaning ?? "no list at hand has this code"
  }

  /// KERB-ERROR-DATA: data-type [1], data-value [2], the latter KERB_EXT_ERROR with the status in
  /// its first four octets, little-endian.
  static func status(inData bytes: ArraySlice<UInt8>) -> LoginStatus? {
    // e-data means something else with every code; what is no such structure is none.
    guard
      let fields = try? ASN1Element(parsing: bytes, "e-data", layer: .kerberos).sequence("e-data"),
      let type = try? fields.tagged(1, "data-type")?.integer("data-type"), type == 3,
      let value = try? fields.tagged(2, "data-value")?.octetString("data-value")
    else { return nil }
    var reader = ByteReader(value, layer: .kerberos)
    guard let status = try? reader.uint32LittleEndian("status"), status != 0 else { return nil }
    return LoginStatus(rawValue: status)
  }

  /// KerberosTime, `20240501120000Z`; `nil` for any other text. RFC 4120 §5.2.3
  static func time(_ octets: ArraySlice<UInt8>) -> CalendarTime? {
    let digits = octets.dropLast().map { Int($0) - 0x30 }
    guard octets.count == 15, octets.last == UInt8(ascii: "Z"),
      digits.allSatisfy({ 0...9 ~= $0 })
    else { return nil }
    func number(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + $1 } }
    return CalendarTime(
      year: number(0..<4),
      month: number(4..<6),
      day: number(6..<8),
      hour: number(8..<10),
      minute: number(10..<12),
      second: number(12..<14)
    )
  }

  private static let entries: [UInt32: LoginStatus.Entry] = [
    1: .init("KDC_ERR_NAME_EXP", .account, "the client's entry has expired"),
    2: .init("KDC_ERR_SERVICE_EXP", .target, "the service's entry has expired"),
    3: .init("KDC_ERR_BAD_PVNO", .protocolError, "the version of the protocol is not known"),
    6: .init("KDC_ERR_C_PRINCIPAL_UNKNOWN", .credentials, "the KDC knows no such user"),
    7: .init("KDC_ERR_S_PRINCIPAL_UNKNOWN", .target, "the KDC knows no such service"),
    8: .init("KDC_ERR_PRINCIPAL_NOT_UNIQUE", .target, "two accounts have the service's name"),
    9: .init("KDC_ERR_NULL_KEY", .account, "the account has no key"),
    11: .init("KDC_ERR_NEVER_VALID", .clock, "the ticket would never be valid"),
    12: .init("KDC_ERR_POLICY", .restriction, "the KDC's policy refuses"),
    13: .init("KDC_ERR_BADOPTION", .delegation, "the KDC does not grant an option"),
    14: .init("KDC_ERR_ETYPE_NOSUPP", .protocolError, "no common type of encryption"),
    15: .init("KDC_ERR_SUMTYPE_NOSUPP", .protocolError, "no common type of checksum"),
    16: .init("KDC_ERR_PADATA_TYPE_NOSUPP", .protocolError, "the kind of proof is not supported"),
    18: .init(
      "KDC_ERR_CLIENT_REVOKED",
      .account,
      "the account is locked, disabled, expired, or may not log in at this hour"
    ),
    19: .init("KDC_ERR_SERVICE_REVOKED", .target, "the service's account is disabled"),
    20: .init("KDC_ERR_TGT_REVOKED", .account, "the ticket is no longer taken"),
    23: .init("KDC_ERR_KEY_EXPIRED", .password, "the password has expired"),
    24: .init("KDC_ERR_PREAUTH_FAILED", .credentials, "the password is wrong"),
    25: .init("KDC_ERR_PREAUTH_REQUIRED", .protocolError, "the KDC asks for a proof"),
    26: .init("KDC_ERR_SERVER_NOMATCH", .target, "the ticket is for another service"),
    27: .init("KDC_ERR_MUST_USE_USER2USER", .target, "the service has no key of its own"),
    29: .init("KDC_ERR_SVC_UNAVAILABLE", .authority, "a service of the KDC is not available"),
    31: .init("KRB_AP_ERR_BAD_INTEGRITY", .target, "the ticket cannot be decrypted"),
    32: .init("KRB_AP_ERR_TKT_EXPIRED", .clock, "the ticket has expired"),
    33: .init("KRB_AP_ERR_TKT_NYV", .clock, "the ticket is not valid yet"),
    34: .init("KRB_AP_ERR_REPEAT", .protocolError, "the request is a repeat"),
    35: .init("KRB_AP_ERR_NOT_US", .target, "the ticket is not for this service"),
    36: .init("KRB_AP_ERR_BADMATCH", .protocolError, "ticket and proof do not match"),
    37: .init("KRB_AP_ERR_SKEW", .clock, "the clocks differ too much"),
    38: .init("KRB_AP_ERR_BADADDR", .protocolError, "the ticket is for another address"),
    40: .init("KRB_AP_ERR_MSG_TYPE", .protocolError, "a message of a wrong type"),
    41: .init(
      "KRB_AP_ERR_MODIFIED",
      .target,
      "the service cannot decrypt the ticket: its name belongs to another account"
    ),
    44: .init("KRB_AP_ERR_BADKEYVER", .target, "the service's key is of another version"),
    45: .init("KRB_AP_ERR_NOKEY", .target, "the service has no key"),
    52: .init("KRB_ERR_RESPONSE_TOO_BIG", .protocolError, "the reply is too long for UDP"),
    60: .init("KRB_ERR_GENERIC", .server, "an error that has no code"),
    62: .init("KDC_ERR_CLIENT_NOT_TRUSTED", .credentials, "the client's certificate is refused"),
    65: .init("KDC_ERR_INVALID_SIG", .credentials, "the client's signature is wrong"),
    68: .init("KDC_ERR_WRONG_REALM", .credentials, "the user belongs to another realm"),
    71: .init("KDC_ERR_CANT_VERIFY_CERTIFICATE", .credentials, "a certificate cannot be verified"),
  ]
}
