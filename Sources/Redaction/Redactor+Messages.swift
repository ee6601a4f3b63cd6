import RDPMessages
import TLSMessages
import Timeline

extension Redactor {
  /// What the messages say, under pseudonyms.
  func facts(_ facts: MessageFacts) -> MessageFacts {
    var facts = facts
    facts.preconnection = changing(facts.preconnection) { $0.blob = $0.blob.map(name) }
    facts.request = changing(facts.request) {
      $0.line = $0.line.map(line)
      $0.correlationID = $0.correlationID.map(identifier)
    }
    facts.tls = tls(facts.tls)
    facts.mcs.connectInitial = changing(facts.mcs.connectInitial) { settings(&$0.blocks) }
    facts.mcs.certificates = facts.mcs.certificates.map(certificate)
    facts.login = login(facts.login)
    facts.session = session(facts.session)
    facts.gateway = facts.gateway.map(gateway)
    return facts
  }

  /// Paths of gateways and proxies that are the same everywhere ([MS-TSGU] 3.3.5, [MS-KKDCP] 3.2.5).
  private static let servicePaths: Set = [
    "/remotedesktopgateway/", "/rpc/rpcproxy.dll", "/kdcproxy",
  ]

  private func gateway(_ facts: GatewayFacts) -> GatewayFacts {
    var facts = facts
    facts.connectionID = facts.connectionID.map(identifier)
    facts.host = facts.host.map(name)
    facts.user = facts.user.map(name)
    facts.target = facts.target.map(name)
    facts.exchanges = facts.exchanges.map { exchange in
      var exchange = exchange
      let target = exchange.request.message.target
      if !Self.servicePaths.contains(target.lowercased()) {
        exchange.request.message.target = name(target)
      }
      // Words of the server's own; the number says the same.
      exchange.response?.message.reason = ""
      return exchange
    }
    return facts
  }

  func changing<Message>(
    _ located: Located<Message>?,
    _ change: (inout Message) -> Void
  ) -> Located<Message>? {
    guard var located else { return nil }
    change(&located.message)
    return located
  }

  private func tls(_ facts: TLSFacts) -> TLSFacts {
    var facts = facts
    facts.clientHello = changing(facts.clientHello) { extensions(&$0.extensions) }
    facts.serverHello = changing(facts.serverHello) { extensions(&$0.extensions) }
    facts.alpn = facts.alpn.map(applicationProtocol)
    facts.certificates = facts.certificates.map(certificate)
    facts.clientCertificates = facts.clientCertificates.map(certificate)
    facts.certificateRequest = changing(facts.certificateRequest) { request in
      let authorities = request?.authorities ?? []
      request?.authorities = authorities.map(distinguishedName)
    }
    return facts
  }

  /// The cookie of a scanner names nobody.
  private func line(_ line: ConnectionRequestLine) -> ConnectionRequestLine {
    switch line {
    case .cookie(let user): .cookie(line.isScannersCookie ? user : name(user))
    case .routingToken(let token): .routingToken(RoutingToken(text: name(token.text)))
    }
  }

  /// Application protocols that are registered (IANA, TLS ALPN Protocol IDs) and may be met.
  private static let applicationProtocols: Set = ["http/1.1", "h2", "h3", "ms-rdp"]

  private func extensions(_ extensions: inout HelloExtensions) {
    extensions.serverName = extensions.serverName.map(name)
    extensions.alpn = extensions.alpn.map(applicationProtocol)
  }

  private func applicationProtocol(_ text: String) -> String {
    Self.applicationProtocols.contains(text) ? text : name(text)
  }

  /// The static virtual channels that Microsoft documents; others tell of software that somebody
  /// has installed.
  private static let documentedChannels: Set = [
    "rdpdr", "rdpsnd", "cliprdr", "drdynvc", "rail", "rail_wi", "rail_ri", "encomsp", "remdesk",
    "snddbg", "rdpgfx", "rdpei", "microsof", "echo",
  ]

  /// The name of a static virtual channel.
  package func channel(_ channel: String) -> String {
    Self.documentedChannels.contains(channel.lowercased()) ? channel : name(channel)
  }

  private func settings(_ blocks: inout ClientDataBlocks) {
    if var core = blocks.core {
      core.clientName = name(core.clientName)
      core.digitalProductID = core.digitalProductID.map(name)
      blocks.core = core
    }
    let channels = blocks.network?.channels ?? []
    blocks.network?.channels = channels.map { channel in
      var channel = channel
      channel.name = self.channel(channel.name)
      return channel
    }
  }

  func synchronization(_ message: RDPUDPSynchronization) -> RDPUDPSynchronization {
    var message = message
    message.correlationID = message.correlationID.map(identifier)
    message.cookieHash = message.cookieHash.map(identifier)
    return message
  }

  private func certificate(_ certificate: CertificateFacts) -> CertificateFacts {
    var certificate = certificate
    certificate.subject = distinguishedName(certificate.subject)
    certificate.issuer = distinguishedName(certificate.issuer)
    certificate.commonName = certificate.commonName.map(name)
    certificate.serial = identifier(certificate.serial)
    certificate.names = certificate.names.map(name)
    certificate.sha256 = identifier(certificate.sha256)
    return certificate
  }

  func validation(_ validation: CertificateValidation) -> CertificateValidation {
    var validation = validation
    validation.path = validation.path.map(distinguishedName)
    // The system's roots name nobody; a file's path may.
    validation.roots = validation.roots.map { $0 == "system" ? $0 : path($0) }
    validation.reason = validation.reason.map { _ in "not told in a redacted report" }
    return validation
  }
}
