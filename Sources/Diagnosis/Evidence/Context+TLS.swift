import RDPMessages
import Streams
import TLSMessages
import Timeline
import Wire

extension Context {
  func collectTLS(_ found: inout Findings) {
    let tls = facts.tls
    guard tls.firstRecord != nil else { return }
    collectAlerts(&found)
    if let certificate = tls.certificates.first, let moment = tls.certificateMoment {
      collectCertificate(certificate, moment, &found)
    }
    if let hello = tls.clientHello, tls.firstServerRecord == nil, facts.request != nil {
      collectUnansweredHello(hello, &found)
    }
    if siblings.contains(where: { $0.facts.tls.serverHello != nil }) {
      let answered = siblings.first { $0.facts.tls.serverHello != nil }
      found.add(
        .serverKnowsTLS,
        answered?.facts.tls.serverHello?.moment,
        text: "the server completes TLS with another connection"
      )
    }
    // Only of a stream without gaps can it be said that nothing was sent.
    guard facts.firstGap == nil, tls.serverHello != nil, facts.encrypted.clientRecords == 0,
      clientLeft, !isOrderDoubtful,
      facts.deepest == .tls, !saysItIsNotTheCertificate
    else { return }
    let reason =
      tls.version == .tls13 ? tls.serverFinished ?? tls.serverHello?.moment : tls.certificateMoment
    found.add(
      .clientLeftAtCertificate,
      reason,
      ending.moment,
      text: "the client leaves after the server's certificate without sending any data"
    )
    collectGlance(&found)
    collectRefusalThatFollows(&found)
  }

  /// Whether the client says with an alert that something else than the certificate is wrong with the
  /// handshake: that it was cut, forged, or of a kind that it does not know.
  private var saysItIsNotTheCertificate: Bool {
    let others: Set<UInt8> = [10, 20, 21, 22, 40, 47, 50, 70, 71, 80, 86, 109, 110, 120]
    return facts.tls.alerts.contains { fact in
      fact.side == .client && fact.alert.map { others.contains($0.description.rawValue) } == true
    }
  }

  /// Seconds, less the way there and back, in which one who only looks has seen enough.
  ///
  /// A client that follows the chain, or asks its user, takes longer: 30 ms were observed.
  private static let glance = 0.003

  /// A client that needs no time to find a certificate bad.
  private func collectGlance(_ found: inout Findings) {
    let finished = [facts.tls.clientFinished, facts.tls.serverFinished].compactMap(\.self)
      .max { $0.frame < $1.frame }
    guard let finished, facts.tls.clientFinished != nil else { return }
    let left = facts.tls.alerts.first { $0.side == .client }?.moment ?? ending.moment
    let delay = left.time.seconds(since: finished.time)
    guard 0 <= delay, delay - (tcp.roundTripTime ?? 0) < Self.glance else { return }
    found.add(
      .leftAtAGlance,
      finished,
      left,
      text:
        "it leaves \(duration(delay)) after the handshake: too soon to have weighed a certificate"
    )
  }

  /// A client that cannot do the NLA which it offered tries without it.
  private func collectRefusalThatFollows(_ found: inout Findings) {
    guard facts.selected?.usesCredSSP == true, let next, let refused = next.facts.confirm,
      next.facts.refusal == .hybridRequiredByServer,
      next.start.time.seconds(since: tcp.last.time) < Self.unansweredThreshold
    else { return }
    found.add(
      .refusedNLAFollows,
      ending.moment,
      refused.moment,
      text: "the client leaves before the login and tries without NLA (stream \(next.stream)), "
        + "which the server refuses"
    )
  }

  private func collectAlerts(_ found: inout Findings) {
    for alert in facts.tls.alerts {
      guard let message = alert.alert else {
        guard facts.tls.clientFinished == nil, alert.side == .client, facts.tls.serverHello != nil,
          facts.deepest == .tls, facts.firstGap == nil
        else {
          if alert.side == .server, facts.deepest == .credssp,
            alert.moment.time <= ending.moment.time
          {
            found.add(
              .encryptedAlertByServer,
              alert.moment,
              text: "the server sends an encrypted alert during the login"
            )
          }
          continue
        }
        found.add(
          .encryptedAlertByClient,
          alert.moment,
          text: "the client sends an encrypted alert in place of its data"
        )
        continue
      }
      guard message.isFatal || message.description != .closeNotify else { continue }
      if message.isFatal, message.description != .closeNotify, .mcs <= facts.deepest {
        // What is said to a side that has left ends nothing.
        guard alert.moment.time <= ending.moment.time else { continue }
        found.add(
          .alertEndsSession,
          alert.moment,
          ending.kind == .open ? nil : ending.moment,
          text: "the \(alert.side) breaks TLS off with the fatal alert \(message.description.name) "
            + "(\(message.description.rawValue)), long after the handshake"
        )
        continue
      }
      if let asked = facts.tls.certificateRequest, alert.side == .server,
        facts.tls.serverFinished == nil, asked.moment.frame < alert.moment.frame,
        facts.tls.clientCertificates.isEmpty
      {
        found.add(
          .clientCertificateMissing,
          asked.moment,
          alert.moment,
          text: "the server asks for a certificate of the client, gets none, and sends the alert "
            + "\(message.description.name)"
        )
        continue
      }
      found.add(
        Self.kind(of: message, from: alert.side),
        alert.moment,
        text: "the \(alert.side) sends the TLS alert \(message.description.name) "
          + "(\(message.description.rawValue))"
      )
    }
  }

  private static func kind(of alert: TLSAlert, from side: Side) -> EvidenceKind {
    switch (alert.description.rawValue, side) {
    // A client that falls back to an older version is told that the newer one is there (RFC 7507).
    case (70, _), (86, _): .alertProtocolVersion
    case (40, _), (71, _): .alertHandshakeFailure
    case (48, .client): .alertUnknownCA
    case (42...46, .client): .alertCertificateByClient
    case (80, .server): .alertInternalErrorByServer
    case (_, .client): .alertByClient
    case (_, .server): .alertByServer
    }
  }

  private func collectCertificate(
    _ certificate: CertificateFacts,
    _ moment: Moment,
    _ found: inout Findings
  ) {
    found.add(
      .certificateSeen,
      moment,
      text: "the server's certificate is for \(certificate.subject)"
    )
    guard let validation = connection.validation else { return }
    if validation.isTrusted == true {
      found.add(
        .certificateTrusted,
        moment,
        text: "the certificate leads to a root of \(validation.roots ?? "the user"): "
          + validation.path.joined(separator: " < ")
      )
    }
    for problem in validation.problems {
      let (kind, text) = fact(problem, of: certificate, reason: validation.reason)
      found.add(kind, moment, text: text)
    }
  }

  /// What is wrong with a certificate, in a sentence.
  private func fact(
    _ problem: CertificateProblem,
    of certificate: CertificateFacts,
    reason: String?
  ) -> (EvidenceKind, String) {
    let key = [certificate.keyType, certificate.keyBits.map(String.init), certificate.signature]
      .compactMap(\.self).joined(separator: " ")
    let names =
      certificate.names.isEmpty ? certificate.subject : certificate.names.joined(separator: ", ")
    return switch problem {
    case .expired:
      (.certificateExpired, "the certificate expired at \(certificate.notAfter?.description ?? "")")
    case .notYetValid:
      (
        .certificateNotYetValid,
        "the certificate is valid only from \(certificate.notBefore?.description ?? "")"
      )
    case .chainRejected:
      (.certificateChainRejected, "the certificate's chain breaks a rule: \(reason ?? "")")
    case .unknownIssuer:
      (.certificateIssuerUnknown, "no known root vouches for the issuer (\(certificate.issuer))")
    case .selfSigned:
      (.certificateSelfSigned, "the certificate is self-signed (\(certificate.subject))")
    case .serverNameMismatch:
      (
        .certificateNameMismatch,
        "the client asks for \(facts.tls.clientHello?.message.serverName ?? "another name"), "
          + "and the certificate is for \(names)"
      )
    case .addressMismatch:
      (
        .certificateNameMismatch,
        "the client asks for no name, and the certificate is for \(names), "
          + "not for \(connection.server.address)"
      )
    case .weakKey: (.certificateWeak, "the certificate's key is short (\(key))")
    case .weakSignature: (.certificateWeak, "the certificate's signature is weak (\(key))")
    case .wrongPurpose:
      (
        .certificateWrongPurpose,
        "the certificate is not for servers: "
          + certificate.extendedKeyUsages.joined(separator: ", ")
      )
    }
  }

  private func collectUnansweredHello(_ hello: Located<ClientHello>, _ found: inout Findings) {
    let waited = tcp.last.time.seconds(since: hello.moment.time)
    if !serverLeft, Self.unansweredThreshold <= waited, facts.firstGap == nil,
      tcp.client.unacknowledgedCount == 0
    {
      found.add(
        .helloUnanswered,
        hello.moment,
        tcp.last,
        text: "the ClientHello is acknowledged, and nothing answers it within \(duration(waited))"
      )
    }
    guard ending.kind == .fin || ending.kind == .reset, serverLeft,
      hello.moment.time <= ending.moment.time
    else { return }
    let delay = ending.moment.time.seconds(since: hello.moment.time)
    found.add(
      .clientHelloUnanswered,
      hello.moment,
      ending.moment,
      text: "the server closes \(duration(delay)) after the ClientHello, without a TLS record"
    )
    let accepted = siblings.compactMap { $0.facts.tls.serverHello?.message.selectedVersion }.first
    if let accepted, !hello.message.offeredVersions.contains(accepted) {
      found.add(
        .versionsDoNotMeet,
        hello.moment,
        text:
          "the server chose \(accepted.name) with another client, and this one does not offer it"
      )
    }
  }
}
