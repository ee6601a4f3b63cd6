import RDPMessages
import Streams
import Timeline
import Wire

/// What a connection to an RD Gateway, or to a KDC proxy, is judged in.
///
/// What is inside of the gateway's channel is a connection of its own, judged as any other.
struct GatewayContext {
  let connection: Connection
  /// Itself, and the HTTP connection for the other direction where there is one.
  let legs: [Connection]
  /// The client's requests for Kerberos tickets over HTTPS, wherever they went.
  let kdcProxies: [Connection]

  init(_ connection: Connection, among connections: [Connection]) {
    self.connection = connection
    let id = connection.facts.gateway?.connectionID
    let others = connections.filter {
      id != nil && $0.facts.gateway?.connectionID == id && $0 !== connection
    }
    legs = [connection] + others
    kdcProxies = connections.filter {
      $0.isToKDCProxy && $0.client.address == connection.client.address
    }
  }

  func verdict() -> Verdict {
    var found = Findings()
    if connection.isToKDCProxy {
      Self.collectKDCProxy(connection, &found)
    } else {
      collectRefusal(&found)
      collectChannel(&found)
      for proxy in kdcProxies { Self.collectKDCProxy(proxy, &found) }
    }
    collectEnding(&found)
    return Judge.judge(found.list, among: Catalogue.gateway)
  }

  private var facts: GatewayFacts? { connection.facts.gateway }
  private var target: String? { legs.lazy.compactMap { $0.facts.gateway?.target }.first }

  private func collectRefusal(_ found: inout Findings) {
    if let refusal = facts?.refusal {
      let kind: EvidenceKind =
        switch refusal.message.code {
        case 401, 407: .gatewayLoginRefused
        case 403: .gatewayForbids
        default: .gatewayUnavailable
        }
      let reason = refusal.message.reason.isEmpty ? "" : " (\(refusal.message.reason))"
      found.add(
        kind,
        facts?.exchanges.last?.request.moment,
        refusal.moment,
        text: "the gateway answers with HTTP status \(refusal.message.code)\(reason)"
      )
    }
    let step = legs.lazy.compactMap { $0.facts.gateway?.refusedStep }.first
    guard let step, let error = step.message.answer else { return }
    let kind: EvidenceKind =
      switch error.kind {
      case .user: .gatewayDeniesUser
      case .resource: .gatewayDeniesTarget
      case .target: .gatewayCannotReachTarget
      case .certificate: .gatewayHasNoCertificate
      case .limit: .gatewayIsFull
      case .other: .gatewayRefuses
      }
    let target = target.map { " for \($0)" } ?? ""
    found.add(
      kind,
      step.moment,
      text: "the gateway's \(step.message.name)\(target) is \(error.name)"
        + (error.meaning.map { ": \($0)" } ?? "")
    )
  }

  private func collectChannel(_ found: inout Findings) {
    let opened = legs.lazy.compactMap { $0.facts.gateway?.channelOpened }.first
    if let opened {
      found.add(
        .gatewayChannelOpen,
        opened,
        text: "the gateway opens the channel to \(target ?? "its target")"
      )
    } else if facts?.kind == .rpc {
      found.add(
        .gatewayOverRPC,
        facts?.exchanges.first?.request.moment,
        text: "the client speaks RPC over HTTP to the gateway, which is not decoded"
      )
    }
  }

  private static func collectKDCProxy(_ connection: Connection, _ found: inout Findings) {
    let answers = connection.facts.gateway?.exchanges.compactMap(\.response) ?? []
    if let refused = answers.last, refused.message.code != 200 {
      found.add(
        .kdcProxyRefuses,
        refused.moment,
        text: "the KDC proxy answers with HTTP status \(refused.message.code): there is no "
          + "Kerberos ticket, and the client falls back to NTLM"
      )
    } else if let last = answers.last {
      found.add(
        .kdcProxyAnswers,
        answers.first?.moment,
        last.moment,
        text: "the KDC proxy answers \(answers.count) times"
      )
    }
  }

  private func collectEnding(_ found: inout Findings) {
    let ending = connection.ending
    let text: String
    switch ending.kind {
    case .open: text = "the connection is still open when the capture ends"
    case .fin, .reset: text = "the \(ending.actor.rawValue) closes it"
    case .timeout, .icmp: text = "it gets no answer any more"
    }
    found.add(.gatewayConnectionEnds, ending.moment, text: text)
  }
}
