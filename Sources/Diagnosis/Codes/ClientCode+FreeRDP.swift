extension ClientCode {
  struct NamedError {
    let name: String
    let meaning: String
    let symptom: Symptom

    init(_ name: String, _ meaning: String, _ symptom: Symptom) {
      self.name = name
      self.meaning = meaning
      self.symptom = symptom
    }
  }

  /// The number of one of FreeRDP's errors by its name in logs, `ERRCONNECT_…`, or in its headers,
  /// `FREERDP_ERROR_…`; what follows the name is left alone.
  static func freeRDPValue(named text: String) -> UInt32? {
    let name = text.uppercased().prefix { $0 == "_" || $0.isLetter }
    let header = "FREERDP_ERROR_"
    let wanted = name.hasPrefix(header) ? "ERRCONNECT_" + name.dropFirst(header.count) : name
    return freeRDP.first { $0.value.name == wanted }?.key
  }

  /// FreeRDP's connection errors, class 2, as its error.h numbers them.
  static let freeRDP: [UInt32: NamedError] = [
    0x20001: NamedError("ERRCONNECT_PRE_CONNECT_FAILED", "nothing was sent yet", .unspecific),
    0x20002: NamedError("ERRCONNECT_CONNECT_UNDEFINED", "connecting failed", .unspecific),
    0x20003: NamedError(
      "ERRCONNECT_POST_CONNECT_FAILED",
      "the client failed after connecting",
      .setUp
    ),
    0x20004: NamedError("ERRCONNECT_DNS_ERROR", "the name lookup failed", .name),
    0x20005: NamedError("ERRCONNECT_DNS_NAME_NOT_FOUND", "the name has no address", .name),
    0x20006: NamedError("ERRCONNECT_CONNECT_FAILED", "TCP did not connect", .connect),
    0x20007: NamedError(
      "ERRCONNECT_MCS_CONNECT_INITIAL_ERROR",
      "the MCS connection was not made",
      .setUp
    ),
    0x20008: NamedError("ERRCONNECT_TLS_CONNECT_FAILED", "TLS was not set up", .tls),
    0x20009: NamedError("ERRCONNECT_AUTHENTICATION_FAILED", "the login failed", .login),
    0x2000A: NamedError(
      "ERRCONNECT_INSUFFICIENT_PRIVILEGES",
      "the user may not log on here",
      .authorization
    ),
    0x2000B: NamedError("ERRCONNECT_CONNECT_CANCELLED", "the user cancelled", .closedByUser),
    0x2000C: NamedError(
      "ERRCONNECT_SECURITY_NEGO_CONNECT_FAILED",
      "no common security protocol, or no confirm",
      .negotiation
    ),
    0x2000D: NamedError(
      "ERRCONNECT_CONNECT_TRANSPORT_FAILED",
      "the connection was lost while it was set up",
      .lost
    ),
    0x2000E: NamedError("ERRCONNECT_PASSWORD_EXPIRED", "the password has expired", .login),
    0x2000F: NamedError(
      "ERRCONNECT_PASSWORD_CERTAINLY_EXPIRED",
      "the password has expired",
      .login
    ),
    0x20010: NamedError("ERRCONNECT_CLIENT_REVOKED", "the account was revoked", .login),
    0x20011: NamedError("ERRCONNECT_KDC_UNREACHABLE", "no domain controller answers", .login),
    0x20012: NamedError("ERRCONNECT_ACCOUNT_DISABLED", "the account is disabled", .login),
    0x20013: NamedError(
      "ERRCONNECT_PASSWORD_MUST_CHANGE",
      "the password must be changed first",
      .login
    ),
    0x20014: NamedError("ERRCONNECT_LOGON_FAILURE", "name or password is wrong", .login),
    0x20015: NamedError("ERRCONNECT_WRONG_PASSWORD", "the password is wrong", .login),
    0x20016: NamedError("ERRCONNECT_ACCESS_DENIED", "access is denied", .login),
    0x20017: NamedError("ERRCONNECT_ACCOUNT_RESTRICTION", "the account is restricted", .login),
    0x20018: NamedError("ERRCONNECT_ACCOUNT_LOCKED_OUT", "the account is locked", .login),
    0x20019: NamedError("ERRCONNECT_ACCOUNT_EXPIRED", "the account has expired", .login),
    0x2001A: NamedError(
      "ERRCONNECT_LOGON_TYPE_NOT_GRANTED",
      "the user may not log on this way",
      .authorization
    ),
    0x2001B: NamedError(
      "ERRCONNECT_NO_OR_MISSING_CREDENTIALS",
      "there were no credentials",
      .login
    ),
    0x2001C: NamedError(
      "ERRCONNECT_ACTIVATION_TIMEOUT",
      "the session did not start in time",
      .timedOut
    ),
    0x2001D: NamedError("ERRCONNECT_TARGET_BOOTING", "the target is starting", .connect),
    0x2001E: NamedError("ERRCONNECT_HYBRID_REQUIRED_BY_SERVER", "the server needs NLA", .nla),
  ]
}
