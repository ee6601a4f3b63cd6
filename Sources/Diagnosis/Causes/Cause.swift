/// A cause of the catalogue: what must be seen for it, what speaks for and against it, and what
/// helps.
///
/// It sees evidence only. Adding a cause is adding a value to a file in this folder.
///
/// A class, because every verdict names one.
package final class Cause: Sendable {
  /// Stable identifier, snake_case, never reused.
  package let id: String
  /// The family of the contract that it belongs to.
  package let family: Family
  /// The cause in a few words, as an answer.
  package let title: String
  /// What it means and why it looks as it does, in two or three sentences.
  package let explanation: String
  /// Each group needs one of its kinds; all groups are needed.
  package let necessary: [[EvidenceKind]]
  /// The same for what must be so but tells nothing by itself, such as that there was a session.
  package let given: [[EvidenceKind]]
  /// What makes it likelier.
  package let supporting: [EvidenceKind]
  /// What makes it less likely.
  package let contradicting: [EvidenceKind]
  /// What rules it out.
  package let excluding: [EvidenceKind]
  /// What to do, best first.
  package let remedies: [Remedy]
  /// The codes that users see.
  package let clientCodes: [String]
  /// What would confirm it or tell it from its look-alikes.
  package let wouldSettle: [String]
  /// The kinds of evidence that it names for itself, each once: one fact is one fact, however many of
  /// its conditions it meets.
  let speaking: [EvidenceKind]

  /// Creates a cause.
  package init(
    id: String,
    family: Family,
    title: String,
    explanation: String,
    necessary: [[EvidenceKind]],
    given: [[EvidenceKind]] = [],
    supporting: [EvidenceKind] = [],
    contradicting: [EvidenceKind] = [],
    excluding: [EvidenceKind] = [],
    remedies: [Remedy] = [],
    clientCodes: [String] = [],
    wouldSettle: [String] = []
  ) {
    self.id = id
    self.family = family
    self.title = title
    self.explanation = explanation
    self.necessary = necessary
    self.given = given
    self.supporting = supporting
    self.contradicting = contradicting
    self.excluding = excluding
    self.remedies = remedies
    self.clientCodes = clientCodes
    self.wouldSettle = wouldSettle
    var seen: Set<EvidenceKind> = []
    speaking = (necessary.joined() + supporting).filter { seen.insert($0).inserted }
  }

  /// Every kind of evidence that it names.
  var kinds: [EvidenceKind] {
    (necessary + given).flatMap(\.self) + supporting + contradicting + excluding
  }
}

/// One thing to do about a cause.
package struct Remedy: Sendable {
  /// Where: on the server, on the client, on the firewall.
  package let place: String
  /// What to do there.
  package let text: String
  /// The exact command, policy or registry value; `nil` when there is none.
  package let command: String?

  /// Creates a remedy.
  package init(_ place: String, _ text: String, command: String? = nil) {
    self.place = place
    self.text = text
    self.command = command
  }
}

/// The families of causes, as the report's contract names them.
package enum Family: String, Hashable, Sendable, CaseIterable {
  case healthy
  case cleanDisconnect = "clean_disconnect"
  case probe
  case hostAsleepOrUnreachable = "host_asleep_or_unreachable"
  case clientSlept = "client_slept"
  case staleSessionAfterSleep = "stale_session_after_sleep"
  case securityLayerMismatch = "security_layer_mismatch"
  case nlaRequired = "nla_required"
  case tlsVersionOrCipherMismatch = "tls_version_or_cipher_mismatch"
  case certificateUntrusted = "certificate_untrusted"
  case certificateServerKeyUnusable = "certificate_server_key_unusable"
  case authenticationFailed = "authentication_failed"
  case authorizationDenied = "authorization_denied"
  case portClosed = "port_closed"
  case firewallBlocked = "firewall_blocked"
  case middleboxReset = "middlebox_reset"
  case idleTimeoutReset = "idle_timeout_reset"
  case mtuBlackHole = "mtu_black_hole"
  case packetLoss = "packet_loss"
  case stalled
  case nameResolutionFailed = "name_resolution_failed"
  case redirectionFailed = "redirection_failed"
  case udpTransportFailed = "udp_transport_failed"
  case serviceCrash = "service_crash"
  case connectionLimit = "connection_limit"
  case portNotRDP = "port_not_rdp"
  case disconnectedByServer = "disconnected_by_server"
  case licensingFailed = "licensing_failed"
  case protocolError = "protocol_error"
  case gatewayFailed = "gateway_failed"
  case captureTruncated = "capture_truncated"
  case unknown

  /// How bad a connection of the family is by itself.
  package var severity: Severity {
    switch self {
    case .healthy, .cleanDisconnect, .probe: .none
    case .captureTruncated, .unknown, .clientSlept, .disconnectedByServer: .warning
    default: .failure
    }
  }
}

/// How bad a verdict is.
package enum Severity: String, Hashable, Sendable, Comparable, CaseIterable {
  case none, warning, failure

  private var rank: Int {
    switch self {
    case .none: 0
    case .warning: 1
    case .failure: 2
    }
  }

  package static func < (left: Self, right: Self) -> Bool { left.rank < right.rank }
}
