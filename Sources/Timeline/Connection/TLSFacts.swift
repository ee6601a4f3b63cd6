package import Streams
package import TLSMessages

/// What the TLS handshake says in the clear.
package struct TLSFacts: Sendable {
  /// Handshake messages kept: a full handshake has a dozen.
  package static let maximumSteps = 32

  /// Whether anything of TLS was seen.
  package internal(set) var firstRecord: Moment?
  /// Whether the server answered with anything of TLS.
  package internal(set) var firstServerRecord: Moment?
  /// Each side's Finished, seen or, in TLS 1.3, told by its length.
  package internal(set) var clientFinished: Moment?
  package internal(set) var serverFinished: Moment?

  package var clientHello: Located<ClientHello>?
  package var serverHello: Located<ServerHello>?
  package internal(set) var helloRetryRequest: Located<ServerHello>?
  /// The application protocol that the server chose, under encryption in TLS 1.3; `nil` without one.
  package var alpn: String?
  /// The server's chain, leaf first; empty in TLS 1.3 and on resumption.
  package var certificates: [CertificateFacts] = []
  package internal(set) var certificateMoment: Moment?
  /// The server asks the client for a certificate, where that is readable (TLS 1.2 and before).
  package var certificateRequest: Located<CertificateRequest?>?
  /// The client's chain, leaf first; empty without one, and in TLS 1.3.
  package var clientCertificates: [CertificateFacts] = []
  /// The server's key of this connection, where it is readable (TLS 1.2 and before).
  package internal(set) var serverKeyExchange: Located<ServerKeyExchange>?
  /// The ticket that the server gives to resume with, where it is readable.
  package internal(set) var newSessionTicket: Located<NewSessionTicket>?
  /// Handshake messages in the clear, in order, at most ``maximumSteps``.
  package internal(set) var steps: [Located<HandshakeType>] = []
  /// The server's ServerHelloDone (TLS 1.2 and before).
  package internal(set) var serverHelloDone: Moment?
  package internal(set) var alerts: [AlertFact] = []
  /// What the keys opened.
  package internal(set) var decryption = DecryptionFacts()

  /// The version chosen, or told by the handshake so far.
  package var version: TLSVersion? { serverHello?.message.selectedVersion }

  /// Whether an earlier session was resumed; `nil` without both hellos.
  package var isResumed: Bool? {
    guard let client = clientHello?.message, let server = serverHello?.message else { return nil }
    return server.resumes(client)
  }
}

// What the messages say together.
extension TLSFacts {
  /// The group of the key exchange: the server's choice in TLS 1.3, or in its ServerKeyExchange.
  package var group: NamedGroup? {
    serverHello?.message.group ?? serverKeyExchange?.message.group
  }

  /// How an earlier session is resumed; `nil` when none is, or when it does not show.
  package var resumption: Resumption? {
    guard isResumed == true, let client = clientHello?.message else { return nil }
    if version == .tls13 { return .preSharedKey }
    return client.hasSessionTicket ? .ticket : .sessionID
  }

  /// By what an earlier session is resumed.
  package enum Resumption: String, Hashable, Sendable {
    /// The server kept the session under its id (RFC 5246 §7.3).
    case sessionID = "session_id"
    /// The client brought the session in a ticket (RFC 5077).
    case ticket
    /// TLS 1.3's only form (RFC 8446 §2.2).
    case preSharedKey = "psk"
  }
}

/// An alert, readable or told by its record.
package struct AlertFact: Sendable {
  /// What it says; `nil` when it is encrypted.
  package let alert: TLSAlert?
  package let side: Side
  package let moment: Moment
  /// How it was read.
  package let reading: Reading

  init(alert: TLSAlert?, side: Side, moment: Moment, reading: Reading = .inferred) {
    self.alert = alert
    self.side = side
    self.moment = moment
    self.reading = reading
  }
}
