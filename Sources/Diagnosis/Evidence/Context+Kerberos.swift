import CredSSPMessages
import Streams
import Timeline
import Wire

// Kerberos beside the connection: the client's exchanges with a KDC.
extension Context {
  /// Seconds before a connection, and after its end, in which a client's exchange with a KDC is about
  /// it: it asks for the ticket between confirm and login, and some ask before they connect.
  static let kerberosPause = 10.0

  func collectKerberos(_ found: inout Findings) {
    for exchange in exchanges { collect(exchange, &found) }
    if facts.login.authenticate != nil, facts.login.serverProof != nil {
      found.add(
        .loggedInByNTLM,
        facts.login.serverProof,
        text: "the server takes the login by NTLM"
      )
    }
  }

  /// What the client asked of KDCs for this connection.
  private var exchanges: [KerberosExchange] {
    kerberos.filter { exchange in
      let before = connection.start.time.seconds(since: exchange.asked.time)
      let after = exchange.asked.time.seconds(since: connection.tcp.last.time)
      return before < Self.kerberosPause && after < Self.kerberosPause
    }
  }

  private func collect(_ exchange: KerberosExchange, _ found: inout Findings) {
    let wish = exchange.request?.service.map { " for \($0)" } ?? ""
    switch exchange.answer {
    // Who got in all the same was kept out by nobody.
    case .refused(let error) where !error.message.isPartOfExchange && facts.deepest <= .credssp:
      let name = "\(error.message.name), \(error.message.code)"
      found.add(
        .kdcRefused(error.message.kind),
        exchange.asked,
        error.moment,
        text:
          "the KDC \(exchange.kdc) refuses the ticket\(wish): \(error.message.meaning) (\(name))"
      )
    case .granted(let reply) where exchange.isForRemoteDesktop:
      found.add(
        .ticketGranted,
        exchange.asked,
        reply.moment,
        text: "the KDC gives a ticket\(wish)"
      )
    case nil where exchange.isUnanswered(at: captureEnd):
      found.add(
        .kdcUnanswered,
        exchange.asked,
        exchange.lastAsked,
        text: "the KDC \(exchange.kdc) does not answer when it is asked for a ticket\(wish)"
      )
    default: break
    }
  }
}
