/// What an RD Gateway answers: 0, one of its own HRESULTs, or any other error of Windows; unknown
/// codes are kept.
///
/// [MS-TSGU] 2.2.6
package struct GatewayError: RawRepresentable, Hashable, Sendable {
  package let rawValue: UInt32

  package init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Whether the gateway says yes.
  ///
  /// What is worth a warning only, as that a quarantine was left out, has no error bit; the codes of
  /// [MS-TSGU] that come without it are errors all the same.
  package var isSuccess: Bool {
    rawValue == 0 || rawValue & 0x8000_0000 == 0 && entry == nil
  }

  /// The specification's name, or the number in hexadecimal.
  package var name: String {
    if rawValue == 0 { return "S_OK" }
    return entry?.name ?? "0x" + String(rawValue, radix: 16)
  }

  /// What it means, in a sentence's end; `nil` for a code that no list has.
  package var meaning: String? { entry?.meaning }

  /// Who has to act.
  package var kind: Kind { entry?.kind ?? .other }

  /// What kind of refusal it is.
  package enum Kind: Hashable, Sendable {
    /// The user may not use the gateway (connection authorization policy).
    case user
    /// The user may not reach this target through it (resource authorization policy).
    case resource
    /// The gateway cannot reach the target.
    case target
    case certificate
    case limit
    case other
  }

  private struct Entry {
    let name: String
    let meaning: String
    let kind: Kind
  }

  private var entry: Entry? {
    // The codes are errors of Windows, as such or made an HRESULT of (facility 7).
    let high = rawValue >> 16
    if high == 0 || high == 0x8007 { return Self.known[rawValue & 0xFFFF] }
    return Self.others[rawValue]
  }

  private static let others: [UInt32: Entry] = [
    0x8009_030C: Entry(
      name: "SEC_E_LOGON_DENIED",
      meaning: "the login at the gateway failed",
      kind: .user
    )
  ]

  private static let known: [UInt32: Entry] = [
    0x0005: Entry(
      name: "ERROR_ACCESS_DENIED",
      meaning: "access to the gateway is denied",
      kind: .user
    ),
    0x04CA: Entry(
      name: "ERROR_GRACEFUL_DISCONNECT",
      meaning: "the connection was closed in order",
      kind: .other
    ),
    0x04D4: Entry(
      name: "E_PROXY_CONNECTIONABORTED",
      meaning: "the gateway's administrator ended the connection, or it broke off",
      kind: .other
    ),
    0x59D8: Entry(
      name: "E_PROXY_INTERNALERROR",
      meaning: "the gateway has an internal error",
      kind: .other
    ),
    0x59DA: Entry(
      name: "E_PROXY_RAP_ACCESSDENIED",
      meaning: "no resource authorization policy (RAP) lets this user reach this computer",
      kind: .resource
    ),
    0x59DB: Entry(
      name: "E_PROXY_NAP_ACCESSDENIED",
      meaning: "no connection authorization policy (CAP) lets this user use the gateway",
      kind: .user
    ),
    0x59DD: Entry(
      name: "E_PROXY_TS_CONNECTFAILED",
      meaning: "the gateway cannot connect to the computer behind it",
      kind: .target
    ),
    0x59DF: Entry(
      name: "E_PROXY_ALREADYDISCONNECTED",
      meaning: "the tunnel was already closed",
      kind: .other
    ),
    0x59E6: Entry(
      name: "E_PROXY_MAXCONNECTIONSREACHED",
      meaning: "the gateway has as many connections as it may have",
      kind: .limit
    ),
    0x59E8: Entry(
      name: "E_PROXY_NOTSUPPORTED",
      meaning: "the gateway does not support what the client asks for",
      kind: .other
    ),
    0x59E9: Entry(
      name: "E_PROXY_CAPABILITYMISMATCH",
      meaning: "the gateway requires something that the client does not support",
      kind: .other
    ),
    0x59ED: Entry(
      name: "E_PROXY_QUARANTINE_ACCESSDENIED",
      meaning: "the client's health does not satisfy the gateway's policy",
      kind: .user
    ),
    0x59EE: Entry(
      name: "E_PROXY_NOCERTAVAILABLE",
      meaning: "the gateway has no certificate",
      kind: .certificate
    ),
    0x59F6: Entry(
      name: "E_PROXY_SESSIONTIMEOUT",
      meaning: "the session reached the gateway's time limit",
      kind: .limit
    ),
    0x59F7: Entry(
      name: "E_PROXY_COOKIE_BADPACKET",
      meaning: "the sign-in cookie is damaged",
      kind: .user
    ),
    0x59F8: Entry(
      name: "E_PROXY_COOKIE_AUTHENTICATION_ACCESS_DENIED",
      meaning: "the sign-in cookie is refused",
      kind: .user
    ),
    0x59F9: Entry(
      name: "E_PROXY_UNSUPPORTED_AUTHENTICATION_METHOD",
      meaning: "the gateway does not take this method of signing in",
      kind: .user
    ),
    0x59FA: Entry(
      name: "E_PROXY_REAUTH_AUTHN_FAILED",
      meaning: "the user could not be authenticated again",
      kind: .user
    ),
    0x59FB: Entry(
      name: "E_PROXY_REAUTH_CAP_FAILED",
      meaning: "the user may not use the gateway any more (CAP)",
      kind: .user
    ),
    0x59FC: Entry(
      name: "E_PROXY_REAUTH_RAP_FAILED",
      meaning: "the user may not reach this computer any more (RAP)",
      kind: .resource
    ),
    0x59FD: Entry(
      name: "E_PROXY_SDR_NOT_SUPPORTED_BY_TS",
      meaning: "the computer behind the gateway does not support secure device redirection",
      kind: .other
    ),
    0x5A00: Entry(
      name: "E_PROXY_REAUTH_NAP_FAILED",
      meaning: "the client's health does not satisfy the gateway's policy any more",
      kind: .user
    ),
  ]
}
