package import CredSSPMessages
package import RDPMessages

/// One fact that speaks for or against a cause, with the packets that show it.
package struct Evidence: Sendable {
  /// What was found.
  package let kind: EvidenceKind
  /// The packets that show it, as Wireshark numbers them.
  package let frames: [Int]
  /// The fact in a sentence.
  package let text: String

  /// Creates a piece of evidence.
  package init(_ kind: EvidenceKind, frames: [Int?], _ text: String) {
    self.kind = kind
    self.frames = frames.compactMap(\.self)
    self.text = text
  }

  /// How much the fact tells by itself, from 0 to 1.
  package var weight: Double { kind.weight }
}

/// What can be found in a connection, its attempt, its hosts and the capture.
///
/// Each has a weight: how often, of the connections that show the fact, those causes that name it as
/// necessary or supporting are the true ones.
package enum EvidenceKind: Hashable, Sendable {
  // Before the handshake.
  case synOnce, synUnanswered, synRetried, synRefused, synRefusedFromElsewhere
  case unreachableByICMP, prohibitedByICMP
  case synAckLost
  case hostSilent, hostNeverHeard, hostAlive, hostFellSilent, hostJustHeard
  case addressUnresolved, addressResolved, nameUnresolved, addressTwice
  case reachedByOtherVersion
  case justAwake, portOpenOtherwise
  case hypervisorsAddress, awakeInBursts, hostWoke, clientWoke, wakeUpSent
  // Connected, but no RDP.
  case noClientData, closedByClientAtOnce, halfOpenScan, foreignServer, foreignClient
  case requestUnanswered, helloUnanswered, manyOutstanding, requestLost, clientLeftBeforeConfirm,
    tlsWithoutRequest, sequenceRefused
  // Negotiation.
  case refusedSSLRequired, refusedSSLNotAllowed, refusedNoCertificate, refusedInconsistent
  case refusedHybridRequired, refusedClientCertificate, refusedUnknownCode
  /// A refusal whose request the capture lacks: it may answer a scan.
  case refusalOfUnseen
  case requestWithoutNegotiation, offeredOnlyStandardSecurity, plainUltimatum
  case choseWithoutNLA, choseStandardSecurity, selectedNotOffered
  case clientLeftAfterConfirm, waitedLikeAPerson, disconnectedBeforeTLS
  case scannersCookie, enumeratesProtocols, namesUser, noCookie, refusedNLAFollows
  // TLS.
  case clientHelloUnanswered, serverKnowsTLS
  case alertProtocolVersion, alertHandshakeFailure, alertCertificateByClient, alertUnknownCA
  case clientCertificateMissing
  case alertInternalErrorByServer, alertByClient, alertByServer
  case versionsDoNotMeet
  case certificateSeen, certificateExpired, certificateNotYetValid, certificateSelfSigned
  case certificateTrusted, certificateIssuerUnknown, certificateChainRejected
  case certificateNameMismatch, certificateWeak, certificateWrongPurpose
  case clientLeftAtCertificate, leftAtAGlance, encryptedAlertByClient
  // Login.
  case loginRefusedByShape, ntlmFallbackFollows, serverLeftDuringCredSSP, encryptedAlertByServer
  case clientLeftDuringCredSSP, clientLeftAtChallenge, leftAfterEarlyAuthorization
  /// The login is refused with a status, which somebody says or which a key makes readable.
  case loginRefused(LoginStatus.Kind)
  /// A KDC refuses the ticket.
  case kdcRefused(LoginStatus.Kind)
  case kdcUnanswered, ticketGranted, loggedInByNTLM
  case serverLeftAtProof, leftAfterPermission, oldCredSSPServer, clocksDiffer, loginUnanswered,
    leftInAnInstant
  case loggedOn, logonFailed, logonNeedsPassword, redirected, sentByRedirection,
    sidePathFailed
  case asksForCredentialGuard, repeatedRefusals
  // Session and ending.
  case reachedSession, reachedCapabilities, orderlyPrelude, stillOpen
  case unheardSincePause, lastWordsMissing, farewellUnanswered
  case setupUnanswered, heartbeatsStopped, inputUnanswered
  case alertEndsSession
  /// The server says why it ends the connection.
  case said(ErrorInfo.Kind)
  /// The same, told by the lengths of encrypted records: not what it says.
  case saidUnreadable
  case restrictedAdminRefused
  case endedAfterSecurityExchange, serverEndedBeforeSession, staleSessionBefore
  case finishedByClient, finishedByServer
  case resetByClient, resetByServer, resetForged
  case silenceBeforeReset, clientWasSilent, closedAfterSilence, sameSilence
  case manyEndedAtOnce, portClosedAfterwards
  // The path.
  case serverUnanswered, clientUnanswered, silenceBeforeLoss, peerAlive, heartbeatsMissed
  case heardInVain
  case largeSegmentsLost, largeSegmentMissing, smallSegmentsPass, tooLargeByICMP
  case lossToTheEnd, windowStaysClosed
  // The UDP side path of a session, and of an RDP-UDP connection by itself.
  case udpCarries, udpUnanswered, udpRefused, udpOutlived, udpFellSilent
  // An RD Gateway, and a KDC proxy.
  case gatewayLoginRefused, gatewayForbids, gatewayUnavailable
  case gatewayDeniesUser, gatewayDeniesTarget, gatewayCannotReachTarget
  case gatewayHasNoCertificate, gatewayIsFull, gatewayRefuses
  case gatewayChannelOpen, gatewayOverRPC, gatewayConnectionEnds
  case kdcProxyRefuses, kdcProxyAnswers
  // What the capture at the other end shows.
  case resetInjected, resetSentByHost
  case synLostBetween, synNotAtServer, synArrived, synAckLostBetween, answeredBetween
  case lossBetween, pathBroke, allArrived, windowScaleChanged
  // What the user saw.
  case clientCode
  /// How the connection ended, where nothing else is found on it.
  case bareEnding
  // The capture.
  case beginningMissing, oneDirectionMissing, cutBySnapLength, gapsInStream, captureEndsEarly
  /// The capturing host dropped packets while the connection lasted.
  case packetsDropped
  case clockJumped

  /// Whether the fact is worth telling whatever the verdict is: it weighs for none of them, but for
  /// those of the path that it is about.
  package var isNote: Bool {
    switch self {
    case .udpCarries, .udpUnanswered, .udpRefused, .udpOutlived, .kdcProxyRefuses, .refusalOfUnseen,
      .reachedByOtherVersion:
      true
    default: false
    }
  }

  /// How sure one can be at most where the capture lacks this; `nil` for what it does not lack.
  package var cap: Double? {
    switch self {
    case .gapsInStream, .oneDirectionMissing: 0.75
    case .cutBySnapLength, .beginningMissing, .packetsDropped, .clockJumped: 0.85
    default: nil
    }
  }

  /// How much the fact tells by itself.
  package var weight: Double {
    switch self {
    case .refusedSSLRequired, .refusedSSLNotAllowed, .refusedNoCertificate, .refusedInconsistent,
      .refusedHybridRequired, .refusedClientCertificate, .said, .loginRefused, .resetInjected,
      .synAckLostBetween:
      0.97
    case .redirected, .sentByRedirection, .logonFailed, .logonNeedsPassword, .oldCredSSPServer: 0.9
    case .kdcRefused, .leftAfterPermission, .serverLeftAtProof: 0.8
    case .gatewayLoginRefused, .gatewayForbids, .gatewayUnavailable, .gatewayDeniesUser,
      .gatewayDeniesTarget, .gatewayCannotReachTarget, .gatewayHasNoCertificate,
      .gatewayIsFull, .gatewayRefuses, .gatewayChannelOpen:
      0.95
    case .kdcProxyRefuses, .kdcProxyAnswers: 0.8
    case .synRefused, .foreignServer, .foreignClient, .alertProtocolVersion, .alertUnknownCA,
      .alertCertificateByClient, .unreachableByICMP, .prohibitedByICMP, .beginningMissing,
      .oneDirectionMissing, .reachedSession, .certificateExpired, .finishedByClient,
      .scannersCookie, .enumeratesProtocols, .halfOpenScan, .synLostBetween, .answeredBetween,
      .windowScaleChanged, .resetSentByHost, .pathBroke, .sequenceRefused, .alertEndsSession:
      0.9
    case .alertHandshakeFailure, .loginRefusedByShape, .orderlyPrelude, .stillOpen,
      .plainUltimatum, .versionsDoNotMeet, .resetForged, .synRefusedFromElsewhere,
      .ntlmFallbackFollows, .silenceBeforeReset, .closedByClientAtOnce, .cutBySnapLength,
      .largeSegmentsLost, .manyEndedAtOnce, .portClosedAfterwards, .windowStaysClosed,
      .choseStandardSecurity, .hostFellSilent, .refusedNLAFollows, .lossToTheEnd, .peerAlive,
      .sameSilence,
      .endedAfterSecurityExchange, .requestLost, .synAckLost,
      .tlsWithoutRequest, .clientCertificateMissing, .leftAtAGlance, .restrictedAdminRefused,
      .leftAfterEarlyAuthorization,
      .addressUnresolved, .udpUnanswered, .udpRefused, .udpFellSilent, .udpCarries, .addressTwice,
      .synArrived, .lossBetween, .allArrived, .farewellUnanswered, .heardInVain,
      .heartbeatsStopped, .tooLargeByICMP:
      0.8
    case .clientHelloUnanswered, .noClientData, .disconnectedBeforeTLS, .encryptedAlertByClient,
      .choseWithoutNLA, .offeredOnlyStandardSecurity, .requestWithoutNegotiation, .hostSilent,
      .hostAlive,
      .selectedNotOffered, .smallSegmentsPass, .clientUnanswered, .serverUnanswered,
      .clientWasSilent, .waitedLikeAPerson, .refusedUnknownCode, .gapsInStream,
      .finishedByServer, .serverEndedBeforeSession, .saidUnreadable, .helloUnanswered,
      .staleSessionBefore, .manyOutstanding,
      .nameUnresolved, .synNotAtServer, .hostWoke, .clientWoke, .repeatedRefusals,
      .silenceBeforeLoss, .loginUnanswered, .setupUnanswered,
      .largeSegmentMissing, .heartbeatsMissed:
      0.65
    // A code names a layer, which most causes share with others.
    case .clientCode:
      0.4
    // Who types into a program that does not answer looks so, too.
    case .inputUnanswered:
      0.3
    // Windows servers make their own certificates: most are self-signed, for another name than the
    // one used, and trusted by hand; one flaw comes with the next. A virtual machine sleeps as rarely
    // as any server.
    case .certificateSelfSigned, .certificateIssuerUnknown, .certificateNameMismatch,
      .certificateWeak, .certificateWrongPurpose, .certificateChainRejected, .hypervisorsAddress,
      .asksForCredentialGuard, .hostJustHeard:
      0.3
    default:
      0.5
    }
  }
}
