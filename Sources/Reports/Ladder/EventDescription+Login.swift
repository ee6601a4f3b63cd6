import CredSSPMessages
import Wire

// Messages of the login. What they prove with is not in them any more.
extension EventDescription {
  init(_ request: TSRequest) {
    let tokens = request.allTokens.filter(\.isMessage)
    let names = tokens.map(\.name) + Self.fields(of: request)
    var details: [(String, String?)] = []
    if let error = request.error {
      details += [("error", "\(error.name) (\(error.number))"), ("meaning", error.meaning)]
    }
    for token in tokens { details += Self.details(token) }
    details.append(("version", "\(request.version)"))
    self.init("CredSSP " + (names.isEmpty ? "TSRequest" : names.joined(separator: ", ")), details)
  }

  private static func fields(of request: TSRequest) -> [String] {
    [
      request.error.map { _ in "error" },
      request.provesPublicKey ? "public key proof" : nil,
      request.credentialsByteCount.map { _ in "credentials (encrypted)" },
    ].compactMap(\.self)
  }

  private static func details(_ token: SecurityToken) -> [(String, String?)] {
    switch token {
    case .ntlm(.negotiate(let message)):
      [
        ("workstation", message.workstation), ("domain", message.domain),
        ("client", message.version?.description),
      ]
    case .ntlm(.challenge(let message)):
      [
        ("target", message.targetName),
        ("server", message.target.dnsComputer ?? message.target.computer),
        ("domain", message.target.dnsDomain ?? message.target.domain),
        ("system", message.version?.description), ("clock", message.target.time?.description),
      ]
    case .ntlm(.authenticate(let message)):
      [
        ("user", message.user ?? "nobody"), ("domain", message.domain),
        ("workstation", message.workstation), ("service", message.serviceName),
        ("proof", message.isVersion2 ? "NTLMv2" : "NTLMv1"),
      ]
    case .kerberos(let message): details(message)
    case .spnego(let negotiation):
      [
        ("offers", list(negotiation.offered.map(\.name))), ("state", negotiation.state?.name),
        ("chosen", negotiation.chosen?.name),
      ]
    case .negoEx, .other: []
    }
  }

  /// What a Kerberos message says.
  static func details(_ message: KerberosMessage) -> [(String, String?)] {
    [
      ("error", message.error.map { "\($0.name) (\($0.code))" }),
      ("meaning", message.error?.meaning), ("client", message.client),
      ("realm", message.realm), ("service", message.service),
      ("encryption", message.encryption?.name ?? list(message.offered.map(\.name))),
    ]
  }

  init(_ message: RDSAADMessage) {
    switch message {
    case .nonce: self.init("RDS AAD Server Nonce")
    case .assertion: self.init("RDS AAD Authentication Request")
    case .result(let code):
      let status = LoginStatus(rawValue: code)
      self.init(
        "RDS AAD Authentication Result",
        [
          ("result", code == 0 ? "S_OK" : "\(status.name) (\(status.number))"),
          ("meaning", code == 0 ? nil : status.meaning),
        ]
      )
    }
  }

  init(_ message: RDSTLSMessage) {
    switch message {
    case .capabilities(let versions):
      self.init("RDSTLS Capabilities", [("versions", "\(versions)")])
    case .passwordCredentials(let user, let domain, _):
      self.init(
        "RDSTLS Authentication Request",
        [("user", user), ("domain", domain.isEmpty ? nil : domain), ("with", "a password")]
      )
    case .autoReconnectCookie(let session):
      self.init(
        "RDSTLS Authentication Request",
        [("session", "\(session)"), ("with", "a reconnection cookie")]
      )
    case .result(let result):
      self.init(
        "RDSTLS Authentication Response",
        [("result", result.name), ("meaning", result.status?.meaning)]
      )
    }
  }
}

extension SecurityToken {
  /// Whether it says something by itself, and is not only the wrapping of another.
  fileprivate var isMessage: Bool {
    if case .spnego(let outer) = self { return !outer.offered.isEmpty || outer.state != nil }
    return true
  }

  fileprivate var name: String {
    switch self {
    case .ntlm(.negotiate): "NTLM NEGOTIATE"
    case .ntlm(.challenge): "NTLM CHALLENGE"
    case .ntlm(.authenticate): "NTLM AUTHENTICATE"
    case .kerberos(let message): "Kerberos \(message.type.name)"
    case .spnego: "SPNEGO"
    case .negoEx: "NEGOEX"
    case .other: "token"
    }
  }
}
