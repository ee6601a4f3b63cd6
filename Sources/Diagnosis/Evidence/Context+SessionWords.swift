import RDPMessages
import Streams
import Timeline
import Wire

// What is said in the session and right before it.
extension Context {
  func collectSessionWords(_ found: inout Findings) {
    collectLicensing(&found)
    if facts.readsSession { collectLogonWords(&found) }
    if let referrer, let redirection = referrer.facts.session.redirection {
      found.add(
        .sentByRedirection,
        redirection.moment,
        connection.start,
        text: "the server of stream \(referrer.stream) sent the client here"
      )
    }
    guard facts.readsSession else { return }
    collectMultitransport(&found)
    collectHeartbeats(&found)
  }

  private func collectLogonWords(_ found: inout Findings) {
    collectLogon(&found)
    collectLogonErrors(&found)
    if let redirection = facts.session.redirection, !redirection.message.staysHere {
      found.add(
        .redirected,
        redirection.moment,
        text: "the server sends the client on to "
          + (redirection.message.target ?? "the host that a balancer's token names")
      )
    }
  }

  /// Heartbeats that a server promised and that do not come, while the connection is listened to.
  ///
  /// A server sends one after each period without other data, and the client takes the connection for
  /// lost after as many misses as the heartbeat names. [MS-RDPBCGR] 2.2.16.1, 3.2.5.14
  private func collectHeartbeats(_ found: inout Findings) {
    guard let last = facts.session.heartbeat, 2 <= facts.session.heartbeatCount,
      let heard = tcp.server.last, let end = tcp.client.last
    else { return }
    let heartbeat = last.message
    let permitted = Double(heartbeat.period) * Double(heartbeat.reconnectMisses)
    let silence = end.time.seconds(since: heard.time)
    let pause = tcp.longestPause.map { $0.to.time.seconds(since: $0.from.time) } ?? 0
    // Where nobody is heard for as long, the host that captures may have slept.
    guard 0 < permitted, permitted <= silence, pause < permitted else { return }
    found.add(
      .heartbeatsMissed,
      last.moment,
      heard,
      end,
      text: "the server promises a heartbeat every \(heartbeat.period) s, and nothing comes for "
        + "\(duration(silence)): the client may take the connection for lost after "
        + "\(heartbeat.reconnectMisses) misses"
    )
  }

  private func collectLicensing(_ found: inout Findings) {
    guard
      let refused = facts.mcs.licensing.last(where: {
        $0.message.error.map { $0.endsConnection && !$0.isValidClient } ?? false
      }), let error = refused.message.error, facts.deepest <= .licensing
    else { return }
    found.add(
      .said(.licensing),
      refused.moment,
      text: "the \(refused.side) ends the licensing with \(error.name)"
    )
  }

  private func collectLogon(_ found: inout Findings) {
    guard let logon = facts.session.logon else { return }
    var name = "somebody"
    if case .logon(let domain, let user, _) = logon.message, !user.isEmpty {
      name = domain.isEmpty ? user : "\(domain)\\\(user)"
    }
    found.add(
      .loggedOn,
      logon.moment,
      text: "\(name) is logged on: the server sends Save Session Info"
    )
  }

  private func collectLogonErrors(_ found: inout Findings) {
    // What was said before somebody was logged on all the same kept nobody out.
    for error in facts.session.logonErrors
    where (facts.loggedOn?.frame ?? .max) > error.moment.frame {
      let message = error.message
      let text =
        "at the logon the server says: \(message.meaning) (\(message.name), \(message.dataName))"
      switch message.kind {
      case .credentials: found.add(.logonFailed, error.moment, text: text)
      case .password: found.add(.logonNeedsPassword, error.moment, text: text)
      case .notAuthorized: found.add(.said(.notAuthorized), error.moment, text: text)
      case .none, .busy, .ended, .unknown: break
      }
    }
  }

  private func collectMultitransport(_ found: inout Findings) {
    guard
      let response = facts.session.multitransportResponses.last(where: { $0.message.result != 0 })
    else { return }
    found.add(
      .sidePathFailed,
      facts.session.multitransportRequests.last?.moment,
      response.moment,
      text:
        "the UDP side path does not come up (\(response.message.name)); the session goes on over "
        + "TCP"
    )
  }
}
