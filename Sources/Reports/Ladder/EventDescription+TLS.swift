import TLSMessages
import Wire

// Messages of TLS and DTLS, by the names of their structures.
extension EventDescription {
  init(_ alert: TLSAlert?) {
    guard let alert else {
      self.init("alert, encrypted")
      return
    }
    self.init(
      "alert \(alert.description.name)",
      [("level", alert.level.name), ("meaning", alert.description.meaning)]
    )
  }

  init(_ type: HandshakeType, _ body: HandshakeBody?) {
    let name = type.structureName ?? "handshake message \(type.name)"
    switch body {
    case .clientHello(let hello): self.init(name, Self.details(hello))
    case .serverHello(let hello):
      self.init(hello.isHelloRetryRequest ? "HelloRetryRequest" : name, Self.details(hello))
    case .encryptedExtensions(let extensions):
      self.init(name, [("ALPN", Self.list(extensions.alpn))])
    case .certificate(let chain):
      self.init(name, Self.details(chain.certificates.map { CertificateFacts(der: $0) }))
    case .serverKeyExchange(let exchange?):
      self.init(
        name,
        [
          ("group", exchange.group?.name), ("prime", exchange.primeBitCount.map { "\($0) bits" }),
          ("signature", exchange.signatureScheme?.name),
        ]
      )
    case .certificateRequest(let request?):
      let authorities = request.authorities
      self.init(name, [("authorities", authorities.isEmpty ? "any" : "\(authorities.count)")])
    case .newSessionTicket(let ticket):
      self.init(name, [("lifetime", "\(ticket.lifetimeSeconds) s")])
    default: self.init(name)
    }
  }

  private static func details(_ hello: ClientHello) -> [(String, String?)] {
    func names(_ groups: [NamedGroup]) -> String? {
      list(groups.filter { !$0.isGREASE }.map(\.name))
    }
    return [
      ("versions", list(hello.offeredVersions.map(\.name))), ("server name", hello.serverName),
      ("suites", "\(hello.cipherSuites.count { !$0.isGREASE })"),
      ("groups", names(hello.extensions.supportedGroups)),
      ("key shares", names(hello.extensions.keyShareGroups)), ("ALPN", list(hello.alpn)),
      (
        "resumes",
        hello.pskOffered ? "by pre-shared key" : hello.hasSessionTicket ? "by ticket" : nil
      ),
    ]
  }

  private static func details(_ hello: ServerHello) -> [(String, String?)] {
    [
      ("version", hello.selectedVersion.name), ("suite", hello.cipherSuite.name),
      ("group", hello.group?.name), ("ALPN", hello.alpn),
      ("resumes", hello.extensions.contains(.preSharedKey) ? "by pre-shared key" : nil),
      ("downgraded", hello.downgradeSentinel.map { _ in "the server knows a newer version" }),
    ]
  }

  private static func details(_ chain: [CertificateFacts]) -> [(String, String?)] {
    guard let facts = chain.first else { return [("chain", "empty")] }
    return [
      ("subject", facts.subject), ("issuer", facts.selfSigned ? nil : facts.issuer),
      ("self-signed", facts.selfSigned ? "yes" : nil),
      ("valid from", facts.notBefore?.description), ("valid until", facts.notAfter?.description),
      ("key", keyText(facts)), ("signature", facts.signature), ("names", list(facts.names)),
      ("chain", 1 < chain.count ? "\(chain.count) certificates" : nil),
    ]
  }

  /// A key in short: `rsa 2048 bits`, `ec secp256r1`.
  static func keyText(_ facts: CertificateFacts) -> String? {
    guard let type = facts.keyType else { return nil }
    guard let size = facts.curve ?? facts.keyBits.map({ "\($0) bits" }) else { return type }
    return "\(type) \(size)"
  }
}
