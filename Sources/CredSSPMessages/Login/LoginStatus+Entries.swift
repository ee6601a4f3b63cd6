/// Statuses that a login may end with. [MS-ERREF] 2.1.1 (HRESULT), 2.3.1 (NTSTATUS)
extension LoginStatus {
  static let entries: [UInt32: Entry] = statuses.merging(results) { status, _ in status }

  private static let statuses: [UInt32: Entry] = [
    0xC000_000D: Entry("STATUS_INVALID_PARAMETER", .protocolError, "a message makes no sense"),
    0xC000_0017: Entry("STATUS_NO_MEMORY", .server, "the server has no memory"),
    0xC000_0022: Entry("STATUS_ACCESS_DENIED", .notGranted, "access is denied"),
    0xC000_0064: Entry("STATUS_NO_SUCH_USER", .credentials, "the server knows no such user"),
    0xC000_006A: Entry("STATUS_WRONG_PASSWORD", .credentials, "the password is wrong"),
    0xC000_006C: Entry(
      "STATUS_PASSWORD_RESTRICTION",
      .password,
      "the new password does not follow the rules"
    ),
    0xC000_006D: Entry("STATUS_LOGON_FAILURE", .credentials, "the name or the password is wrong"),
    0xC000_006E: Entry(
      "STATUS_ACCOUNT_RESTRICTION",
      .restriction,
      "a restriction of the account forbids the login: an empty password, or a protected user "
        + "without Kerberos"
    ),
    0xC000_006F: Entry(
      "STATUS_INVALID_LOGON_HOURS",
      .restriction,
      "the account may not log in at this hour"
    ),
    0xC000_0070: Entry(
      "STATUS_INVALID_WORKSTATION",
      .restriction,
      "the account may not log in from this client"
    ),
    0xC000_0071: Entry("STATUS_PASSWORD_EXPIRED", .password, "the password has expired"),
    0xC000_0072: Entry("STATUS_ACCOUNT_DISABLED", .account, "the account is disabled"),
    0xC000_00DC: Entry(
      "STATUS_INVALID_SERVER_STATE",
      .server,
      "the server's account database is in the wrong state"
    ),
    0xC000_0133: Entry(
      "STATUS_TIME_DIFFERENCE_AT_DC",
      .clock,
      "the clocks of the server and its domain controller differ too much"
    ),
    0xC000_005E: Entry(
      "STATUS_NO_LOGON_SERVERS",
      .authority,
      "the server reaches no domain controller"
    ),
    0xC000_0192: Entry(
      "STATUS_NETLOGON_NOT_STARTED",
      .authority,
      "the server's Netlogon service does not run"
    ),
    0xC000_018D: Entry(
      "STATUS_TRUSTED_RELATIONSHIP_FAILURE",
      .authority,
      "the server's trust with its domain is broken"
    ),
    0xC000_018B: Entry(
      "STATUS_NO_TRUST_SAM_ACCOUNT",
      .authority,
      "the domain has no account of this server"
    ),
    0xC000_018C: Entry(
      "STATUS_TRUSTED_DOMAIN_FAILURE",
      .authority,
      "the trust between the domains is broken"
    ),
    0xC000_0193: Entry("STATUS_ACCOUNT_EXPIRED", .account, "the account has expired"),
    0xC000_015B: Entry(
      "STATUS_LOGON_TYPE_NOT_GRANTED",
      .notGranted,
      "the account lacks the right to log in to this host over the network"
    ),
    0xC000_0224: Entry(
      "STATUS_PASSWORD_MUST_CHANGE",
      .password,
      "the password has to be changed before the first login"
    ),
    0xC000_0234: Entry(
      "STATUS_ACCOUNT_LOCKED_OUT",
      .account,
      "the account is locked after too many wrong passwords"
    ),
    0xC000_0413: Entry(
      "STATUS_AUTHENTICATION_FIREWALL_FAILED",
      .notGranted,
      "selective authentication between the domains does not allow the account here"
    ),
    0xC000_0418: Entry("STATUS_NTLM_BLOCKED", .ntlm, "policy blocks NTLM"),
    0xC000_0388: Entry(
      "STATUS_DOWNGRADE_DETECTED",
      .authority,
      "somebody may have forced the login down, or no domain controller answers"
    ),
    0xC000_040A: Entry(
      "STATUS_SMARTCARD_SUBSYSTEM_FAILURE",
      .server,
      "the smart card's driver failed"
    ),
  ]

  private static let results: [UInt32: Entry] = [
    0x8009_0300: Entry("SEC_E_INSUFFICIENT_MEMORY", .server, "the server has no memory"),
    0x8009_0302: Entry(
      "SEC_E_UNSUPPORTED_FUNCTION",
      .ntlm,
      "the server does not do what is asked: its policy takes no NTLM"
    ),
    0x8009_0303: Entry("SEC_E_TARGET_UNKNOWN", .target, "the service's name is not known"),
    0x8009_0304: Entry(
      "SEC_E_INTERNAL_ERROR",
      .server,
      "the local security authority cannot be reached"
    ),
    0x8009_0305: Entry(
      "SEC_E_SECPKG_NOT_FOUND",
      .server,
      "the server does not have the security package"
    ),
    0x8009_0308: Entry("SEC_E_INVALID_TOKEN", .protocolError, "a login message makes no sense"),
    0x8009_030C: Entry("SEC_E_LOGON_DENIED", .credentials, "the login is denied"),
    0x8009_030D: Entry(
      "SEC_E_UNKNOWN_CREDENTIALS",
      .credentials,
      "the security package does not know these credentials"
    ),
    0x8009_030E: Entry("SEC_E_NO_CREDENTIALS", .credentials, "there are no credentials"),
    0x8009_030F: Entry(
      "SEC_E_MESSAGE_ALTERED",
      .protocolError,
      "a login message was changed on the way, or made with another key"
    ),
    0x8009_0310: Entry(
      "SEC_E_OUT_OF_SEQUENCE",
      .protocolError,
      "a login message comes out of its order"
    ),
    0x8009_0311: Entry(
      "SEC_E_NO_AUTHENTICATING_AUTHORITY",
      .authority,
      "no domain controller can be reached for the login"
    ),
    0x8009_0322: Entry(
      "SEC_E_WRONG_PRINCIPAL",
      .target,
      "the service's name belongs to another account than the server's"
    ),
    0x8009_0324: Entry("SEC_E_TIME_SKEW", .clock, "the clocks differ too much"),
    0x8009_0346: Entry(
      "SEC_E_BAD_BINDINGS",
      .protocolError,
      "the login was not made for this TLS connection"
    ),
    0x8009_035E: Entry(
      "SEC_E_DELEGATION_POLICY",
      .delegation,
      "policy does not allow to hand the credentials to this server"
    ),
    0x8009_035F: Entry(
      "SEC_E_POLICY_NLTM_ONLY",
      .delegation,
      "policy does not allow to hand the credentials over NTLM"
    ),
    0x8009_0363: Entry(
      "SEC_E_MUTUAL_AUTH_FAILED",
      .target,
      "the server could not prove who it is"
    ),
    0x8009_0367: Entry(
      "SEC_E_INVALID_PARAMETER",
      .protocolError,
      "a login message makes no sense"
    ),
  ]
}
