import CredSSPMessages
import RDPMessages
import Streams
import Timeline
import Wire

// The login in its own words.
extension Context {
  func collectLoginWords(_ found: inout Findings) {
    let login = facts.login
    if let error = login.error {
      collectRefusal(error, &found)
    } else if let authorization = login.earlyAuthorization {
      collectAuthorization(authorization, &found)
    } else if facts.deepest == .credssp, facts.firstGap == nil {
      collectLeaving(&found)
      collectUnansweredProof(&found)
    }
    collectVersions(&found)
    collectClock(&found)
  }

  private func collectRefusal(_ error: Located<LoginStatus>, _ found: inout Findings) {
    let status = error.message
    found.add(
      .loginRefused(status.kind),
      error.moment,
      text: "the \(error.side) refuses the login: \(status.meaning) "
        + "(\(status.name), \(status.number))" + who
    )
    if error.side == .server { collectFallback(&found) }
  }

  /// A server that closes on the client's proof takes the login for wrong, and says nothing.
  private func collectUnansweredProof(_ found: inout Findings) {
    guard serverLeft, facts.login.serverProof == nil,
      let proof = facts.login.authenticate?.moment ?? facts.login.clientProof
    else { return }
    found.add(
      .serverLeftAtProof,
      proof,
      ending.moment,
      text: "the server closes on the client's proof of who it is, without a word of its own" + who
    )
  }

  /// Who logs in, and how, as the login tells.
  private var who: String {
    let login = facts.login
    guard let user = login.user else { return "" }
    let name = login.domain.map { $0.isEmpty ? user : "\($0)\\\(user)" } ?? user
    return "; \(name) by \(login.mechanism?.name ?? "CredSSP")"
  }

  private func collectAuthorization(
    _ authorization: Located<EarlyUserAuthorization>,
    _ found: inout Findings
  ) {
    if authorization.message.isPermitted {
      guard facts.deepest == .credssp else { return }
      found.add(
        .leftAfterPermission,
        authorization.moment,
        ending.moment,
        text: "the login succeeds and the server lets the user in "
          + "(\(authorization.message.name)), but the connection ends there"
      )
    } else {
      found.add(
        .said(.notAuthorized),
        authorization.moment,
        text: "the login succeeds, but the server's early user authorization result is "
          + authorization.message.name
      )
    }
  }

  /// The first version that proves the server's key in a way that cannot be replayed
  /// (CVE-2018-0886). [MS-CSSP] 2.2.1
  private static let correctedVersion: UInt32 = 5

  private func collectVersions(_ found: inout Findings) {
    guard let client = facts.login.clientVersion, let server = facts.login.serverVersion,
      server < Self.correctedVersion, Self.correctedVersion <= client
    else { return }
    found.add(
      .oldCredSSPServer,
      facts.login.challenge?.moment ?? facts.encrypted.last,
      text: "the server knows CredSSP \(server), the client \(client): an updated client refuses "
        + "one below \(Self.correctedVersion) unless its policy allows it"
    )
  }

  /// Minutes by which Kerberos lets clocks differ (RFC 4120 §5.9.1 recommends five).
  private static let permittedSkew = 300.0

  private func collectClock(_ found: inout Findings) {
    guard let skew = facts.login.clockSkew, Self.permittedSkew < abs(skew) else { return }
    found.add(
      .clocksDiffer,
      facts.login.challenge?.moment,
      text: "the server's clock is \(coarseDuration(skew)) "
        + (skew < 0 ? "behind" : "ahead of") + " the capture's"
    )
  }
}

extension LoginFacts.Mechanism {
  fileprivate var name: String {
    switch self {
    case .ntlm: "NTLM"
    case .kerberos: "Kerberos"
    case .rdstls: "RDSTLS"
    case .rdsaad: "Entra ID"
    }
  }
}
