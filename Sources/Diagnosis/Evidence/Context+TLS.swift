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
    if let hello = tls.clientHello, tls.firstServerRecord == nil {
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
    guard tls.serverHello != nil, facts.encrypted.clientRecords == 0, clientLeft,
      facts.deepest == .tls
    else { return }
    let reason =
      tls.version == .tls13 ? tls.serverFinished ?? tls.serverHello?.moment : tls.certificateMoment
    found.add(
      .clientLeftAtCertificate,
      reason,
      ending.moment,
      text: "the client leaves after the server's certificate without sending any data"
    )
    collectRefusalThatFollows(&found)
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
        guard facts.tls.clientFinished == nil, alert.side == .client, facts.tls.serverHello != nil
        else {
          if alert.side == .server, facts.deepest == .credssp {
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
    case (70, _): .alertProtocolVersion
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
    if certificate.selfSigned {
      found.add(
        .certificateSelfSigned,
        moment,
        text: "the certificate is self-signed (\(certificate.subject))"
      )
    }
    if let end = certificate.notAfter, end < CalendarTime(moment.time) {
      found.add(.certificateExpired, moment, text: "the certificate expired at \(end)")
    }
    if let begin = certificate.notBefore, CalendarTime(moment.time) < begin {
      found.add(
        .certificateNotYetValid,
        moment,
        text: "the certificate is valid only from \(begin)"
      )
    }
  }

  private func collectUnansweredHello(_ hello: Located<ClientHello>, _ found: inout Findings) {
    guard ending.kind == .fin || ending.kind == .reset, serverLeft,
      hello.moment.frame < ending.moment.frame
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
