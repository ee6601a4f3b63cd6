import RDPMessages
import Streams
import Timeline
import Wire

// What the server answers to the request for security protocols.
extension Context {
  func collectRefusal(
    _ code: NegotiationFailureCode,
    _ moment: Moment,
    _ found: inout Findings
  ) {
    let kind: EvidenceKind =
      switch code {
      case .sslRequiredByServer: .refusedSSLRequired
      case .sslNotAllowedByServer: .refusedSSLNotAllowed
      case .sslCertificateNotOnServer: .refusedNoCertificate
      case .inconsistentFlags: .refusedInconsistent
      case .hybridRequiredByServer: .refusedHybridRequired
      case .sslWithUserAuthenticationRequiredByServer: .refusedClientCertificate
      default: .refusedUnknownCode
      }
    let offered = facts.request?.message.negotiation?.requestedProtocols.names ?? []
    found.add(
      kind,
      facts.request?.moment,
      moment,
      text: "the server refuses the negotiation: \(code.name) (code \(code.rawValue))"
        + (offered.isEmpty ? "" : "; offered were " + offered.joined(separator: ", "))
    )
  }

  func collectSelection(
    _ response: NegotiationResponse,
    _ request: Located<X224ConnectionRequest>,
    _ confirm: Located<X224ConnectionConfirm>,
    _ found: inout Findings
  ) {
    let offered = request.message.negotiation?.requestedProtocols ?? []
    let selected = response.selectedProtocol
    if !selected.isEmpty, !offered.isSuperset(of: selected) {
      found.add(
        .selectedNotOffered,
        request.moment,
        confirm.moment,
        text: "the server chose \(selected.names.joined(separator: ", ")), which was not offered"
      )
    }
    if let hello = facts.tls.clientHello?.moment,
      Self.humanPause < hello.time.seconds(since: confirm.moment.time)
    {
      found.add(
        .waitedLikeAPerson,
        confirm.moment,
        hello,
        text:
          "\(duration(hello.time.seconds(since: confirm.moment.time))) pass between confirm and "
          + "ClientHello: a person at the password prompt"
      )
    }
    if selected.usesTLS, let ultimatum = facts.ultimatum, ultimatum.side == .server,
      facts.tls.firstServerRecord == nil
    {
      found.add(
        .disconnectedBeforeTLS,
        confirm.moment,
        ultimatum.moment,
        text: "the server chooses TLS and disconnects at once, without a TLS record"
      )
    }
    guard connection.phase == .x224, clientLeft else { return }
    let pause = ending.moment.time.seconds(since: confirm.moment.time)
    if offered.usesCredSSP, !selected.usesCredSSP, selected.usesTLS {
      found.add(
        .choseWithoutNLA,
        request.moment,
        confirm.moment,
        text:
          "the client offers NLA (\(offered.names.joined(separator: ", "))), the server chooses "
          + "\(selected.names.joined(separator: ", ")), and the client leaves"
      )
    } else if offered.usesTLS, selected.isStandardRDPSecurity {
      found.add(
        .choseStandardSecurity,
        request.moment,
        confirm.moment,
        text: "the client offers \(offered.names.joined(separator: ", ")), the server chooses "
          + "standard RDP security, and the client leaves"
      )
    } else {
      found.add(
        .clientLeftAfterConfirm,
        confirm.moment,
        ending.moment,
        text: "the client leaves \(duration(pause)) after the confirm, before TLS"
      )
      if Self.humanPause < pause {
        found.add(
          .waitedLikeAPerson,
          confirm.moment,
          ending.moment,
          text: "\(duration(pause)) pass before the client leaves: a person at the password prompt"
        )
      }
    }
  }
}
