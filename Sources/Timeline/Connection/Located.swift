package import RDPMessages
package import Streams
package import Wire

/// A message with who sent it and when it was complete.
package struct Located<Message: Sendable>: Sendable {
  /// The message.
  package var message: Message
  /// Who sent it.
  package let side: Side
  /// The segment that completed it.
  package let moment: Moment
  /// How it was read.
  package let reading: Reading

  init(message: Message, side: Side, moment: Moment, reading: Reading = .clear) {
    self.message = message
    self.side = side
    self.moment = moment
    self.reading = reading
  }
}

/// How something of a connection is known.
package enum Reading: String, Hashable, Sendable, CaseIterable {
  /// Read as it was sent.
  case clear
  /// Read with a key.
  case decrypted
  /// Told by the lengths and the order of encrypted records.
  case inferred
}

/// What a connection's messages say, collected as they come.
package struct MessageFacts: Sendable {
  /// Messages that could not be decoded and are kept; a stream of garbage tells nothing more.
  package static let maximumUndecoded = 16
  /// Alerts kept.
  package static let maximumAlerts = 8

  // What nearly every record touches comes first: side by side it takes fewer cache lines.

  /// The deepest phase entered.
  package private(set) var deepest = Phase.tcp
  /// The server's first Save Session Info, read or told by its shape: somebody is logged on.
  package internal(set) var loggedOn: Moment?
  /// What the shape of the encrypted records says.
  package internal(set) var encrypted = EncryptedFacts()
  /// What the TLS handshake says.
  package var tls = TLSFacts()

  /// What the client says before everything else, where several machines share a port.
  package var preconnection: Located<PreconnectionPDU>?
  package var request: Located<X224ConnectionRequest>?
  package internal(set) var confirm: Located<X224ConnectionConfirm>?
  package internal(set) var disconnectRequest: Located<X224DisconnectRequest>?
  package internal(set) var errorTPDU: Located<X224ErrorTPDU>?
  /// The server's MCS Connect Response, where it is readable.
  package internal(set) var connectResponse: Moment?
  /// The MCS Disconnect Provider Ultimatum, where it is readable.
  package internal(set) var ultimatum: Located<DisconnectReason>?
  /// Why the server ends the connection, in its own words; a code of 0 is none.
  package internal(set) var errorInfo: Located<ErrorInfo>?
  /// What the login says, where a key makes it readable.
  package var login: LoginFacts {
    get { readLogin.first ?? LoginFacts() }
    set { readLogin = [newValue] }
  }
  /// What is said after the negotiation and the login, where it is readable.
  package var mcs = MCSFacts()
  /// What is said in the session and right before it, where it is readable.
  package var session: SessionFacts {
    get { readSession.first ?? SessionFacts() }
    set { readSession = [newValue] }
  }
  /// Whether ``session`` holds anything; nearly every session is encrypted.
  package var readsSession: Bool { !readSession.isEmpty }
  // None or one, so that a connection which says nothing of either takes no room for them.
  private var readLogin: [LoginFacts] = []
  private var readSession: [SessionFacts] = []
  /// The request for a multitransport tunnel, by the number that the server gave it over TCP.
  package internal(set) var tunnelRequest: Located<UInt32>?
  /// The server's answer, an HRESULT: 0 for a tunnel that stands.
  package internal(set) var tunnelResponse: Located<UInt32>?
  /// What is said to an RD Gateway, or a KDC proxy, where keys make it readable.
  package var gateway: GatewayFacts?
  /// The first octets of a side that speaks neither RDP nor TLS.
  package internal(set) var foreign: Located<ForeignProtocol>?
  /// What could not be decoded.
  package internal(set) var undecoded: [Located<DecodeError>] = []
  /// Octets that the capture lacks, by direction.
  package internal(set) var missingOctets = (client: 0, server: 0)
  /// The first gap.
  package internal(set) var firstGap: Located<GapCause>?
  /// The last gap in what the server said, and which octets of its stream are missing.
  package internal(set) var lastServerGap: (moment: Moment, octets: Range<Int>)?
  /// The phases entered, in order.
  package internal(set) var phases: [PhaseSpan] = []

  /// The protocol that the server chose; `nil` without an answer that has one.
  package var selected: SecurityProtocols? {
    guard case .selected(let response) = confirm?.message.outcome else { return nil }
    return response.selectedProtocol
  }

  /// The server's refusal.
  package var refusal: NegotiationFailureCode? {
    guard case .refused(let failure) = confirm?.message.outcome else { return nil }
    return failure.code
  }

  /// Enters a phase, unless the connection is already as deep.
  mutating func enter(_ phase: Phase, at moment: Moment, _ reading: Reading = .clear) {
    guard phases.isEmpty || deepest < phase else { return }
    deepest = phase
    phases.append(PhaseSpan(phase: phase, start: moment, end: moment, reading: reading))
  }

  mutating func keep(_ error: DecodeError, from side: Side, at moment: Moment) {
    guard undecoded.count < Self.maximumUndecoded else { return }
    undecoded.append(Located(message: error, side: side, moment: moment))
  }
}
