/// What gave up, as a client's code tells it: a layer and not a cause.
package enum Symptom: Hashable, Sendable {
  /// The name or the address could not be used: no connection was tried.
  case name
  /// The connection never came about.
  case connect
  /// The port refused the connection.
  case refused
  /// The network says that there is no way to the host.
  case unreachable
  /// Nobody answered, from the start or from some moment on.
  case timedOut
  /// The connection was made and lost.
  case lost
  /// The connection was made, and a reset ended it.
  case reset
  /// The connection was made and ended before its session.
  case setUp
  /// The security protocols do not meet.
  case negotiation
  /// The server insists on NLA.
  case nla
  /// TLS was not set up.
  case tls
  /// The certificate was not taken.
  case certificate
  /// The user was not let in.
  case login
  /// The user is known and has no right to log on.
  case authorization
  /// Standard RDP encryption failed.
  case encryption
  case licensing
  /// The server ended the session.
  case endedByServer
  /// Somebody closed the window or logged off.
  case closedByUser
  /// It says nothing of where.
  case unspecific

  /// The families of causes after which a client shows such a code; empty where it may be any.
  package var families: Set<Family> {
    switch self {
    case .name: [.nameResolutionFailed]
    case .connect:
      [.hostAsleepOrUnreachable, .portClosed, .firewallBlocked, .connectionLimit]
    case .refused: [.portClosed, .firewallBlocked, .connectionLimit]
    case .unreachable: [.hostAsleepOrUnreachable, .firewallBlocked]
    case .timedOut:
      [
        .hostAsleepOrUnreachable, .firewallBlocked, .packetLoss, .mtuBlackHole, .stalled,
        .idleTimeoutReset, .serviceCrash, .connectionLimit, .clientSlept,
      ]
    case .lost, .reset: Self.afterConnecting
    case .setUp:
      Self.afterConnecting.union([.securityLayerMismatch, .nlaRequired, .authorizationDenied])
    case .negotiation: [.securityLayerMismatch, .nlaRequired, .portNotRDP, .serviceCrash]
    case .nla: [.nlaRequired]
    case .tls:
      [
        .tlsVersionOrCipherMismatch, .certificateUntrusted, .certificateServerKeyUnusable,
        .middleboxReset, .mtuBlackHole, .serviceCrash,
      ]
    case .certificate: [.certificateUntrusted, .certificateServerKeyUnusable]
    case .login: [.authenticationFailed, .authorizationDenied]
    case .authorization: [.authorizationDenied]
    case .encryption: [.protocolError, .securityLayerMismatch]
    case .licensing: [.licensingFailed]
    case .endedByServer: [.disconnectedByServer, .serviceCrash, .licensingFailed]
    case .closedByUser: [.cleanDisconnect, .healthy]
    case .unspecific: []
    }
  }

  private static let afterConnecting: Set<Family> = [
    .staleSessionAfterSleep, .clientSlept, .hostAsleepOrUnreachable, .middleboxReset,
    .idleTimeoutReset, .mtuBlackHole, .packetLoss, .stalled, .udpTransportFailed, .serviceCrash,
    .connectionLimit, .portNotRDP, .certificateServerKeyUnusable, .tlsVersionOrCipherMismatch,
    .protocolError, .redirectionFailed, .disconnectedByServer,
  ]
}
