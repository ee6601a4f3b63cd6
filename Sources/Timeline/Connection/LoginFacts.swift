package import CredSSPMessages
package import Streams
import Wire

/// What the login says, where it is readable: CredSSP inside TLS, RDSTLS, or RDS AAD.
package struct LoginFacts: Sendable {
  /// Kerberos and RDSTLS messages kept: a login has four of either.
  package static let maximumMessages = 8

  /// The highest CredSSP version that each side says it knows.
  package internal(set) var clientVersion: UInt32?
  package internal(set) var serverVersion: UInt32?
  /// The mechanisms that the client offers, best first.
  package internal(set) var offered: [SecurityMechanism] = []
  package var negotiate: Located<NTLMNegotiate>?
  package var challenge: Located<NTLMChallenge>?
  package var authenticate: Located<NTLMAuthenticate>?
  package var kerberos: [Located<KerberosMessage>] = []
  /// Each side's proof that it means this TLS connection; the server's follows a login that it
  /// takes.
  package internal(set) var clientProof: Moment?
  package internal(set) var serverProof: Moment?
  /// The client hands over the user's credentials, encrypted.
  package internal(set) var credentials: Moment?
  /// Why a side refuses the login.
  package internal(set) var error: Located<LoginStatus>?
  package internal(set) var earlyAuthorization: Located<EarlyUserAuthorization>?
  package var rdstls: [Located<RDSTLSMessage>] = []
  /// Whether the client logs in with Entra ID. [MS-RDPBCGR] 2.2.18
  package internal(set) var usesRDSAAD = false

  /// By what a login is made.
  package enum Mechanism: String, Hashable, Sendable {
    case ntlm
    case kerberos
    case rdstls
    case rdsaad
  }
}

// What the messages say together.
extension LoginFacts {
  /// Whether anything of a login was read.
  package var isRead: Bool {
    clientVersion != nil || serverVersion != nil || !rdstls.isEmpty || earlyAuthorization != nil
      || usesRDSAAD
  }

  /// By what the login is made; `nil` before either side shows it.
  package var mechanism: Mechanism? {
    if !rdstls.isEmpty { return .rdstls }
    if usesRDSAAD { return .rdsaad }
    if negotiate != nil || challenge != nil { return .ntlm }
    return kerberos.isEmpty ? nil : .kerberos
  }

  /// The version that both sides know.
  package var version: UInt32? {
    guard let clientVersion else { return serverVersion }
    return serverVersion.map { min($0, clientVersion) } ?? clientVersion
  }

  /// The user, as far as the login tells; Kerberos hides it in the ticket.
  package var user: String? { authenticate?.message.user ?? passwordLogin?.user }

  /// The user's domain, or the realm of the ticket.
  package var domain: String? {
    authenticate?.message.domain ?? passwordLogin?.domain
      ?? kerberos.lazy.compactMap(\.message.realm).first
  }

  private var passwordLogin: (user: String, domain: String)? {
    for message in rdstls {
      if case .passwordCredentials(let user, let domain, _) = message.message {
        return (user, domain)
      }
    }
    return nil
  }

  /// The service that the client means to reach, `TERMSRV/host`.
  package var serviceName: String? {
    authenticate?.message.serviceName
      ?? kerberos.lazy.compactMap(\.message.service).first { $0.uppercased().hasPrefix("TERMSRV/") }
  }

  /// The server's own name, the longest that it tells.
  package var serverName: String? {
    let target = challenge?.message.target
    return target?.dnsComputer ?? target?.computer
      ?? serviceName.map { String($0.drop { $0 != "/" }.dropFirst()) }
  }

  /// Seconds that the server's clock is ahead of the capture's; `nil` where it does not tell.
  package var clockSkew: Double? {
    guard let challenge, let time = challenge.message.target.time else { return nil }
    return time.seconds(since: challenge.moment.time)
  }
}
