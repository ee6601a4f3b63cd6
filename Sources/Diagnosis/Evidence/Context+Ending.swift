import RDPMessages
import Streams
import TLSMessages
import Timeline
import Wire

// How far a connection got and how it ended.
extension Context {
  /// Whether the client closed, or nobody but it can have.
  var clientLeft: Bool { ending.actor == .client || clientClosedTLSFirst }
  var serverLeft: Bool { ending.actor == .server && !clientClosedTLSFirst }

  /// A client that says in TLS that it leaves has left, whoever's FIN is the first.
  private var clientClosedTLSFirst: Bool {
    guard ending.kind == .fin, ending.actor == .server, facts.deepest == .tls,
      let first = facts.tls.alerts.first
    else { return false }
    return first.side == .client && first.moment.frame < ending.moment.frame
      && first.alert.map { $0.description == .closeNotify } ?? true
  }

  func collectSession(_ found: inout Findings) {
    let phase = facts.deepest
    if phase >= .session {
      found.add(
        .reachedSession,
        facts.phases.last?.start,
        text: "the connection reached the session"
      )
    } else if phase >= .mcs {
      found.add(
        .reachedCapabilities,
        facts.phases.last?.start,
        text: "the connection got as far as \(phase.name)"
      )
    }
    collectServersWords(&found)
    collectPrelude(&found)
    switch ending.kind {
    case .fin: collectFinish(&found)
    case .open:
      found.add(
        .stillOpen,
        tcp.last,
        text: "the connection is still open when the capture ends"
      )
    case .reset: collectReset(&found)
    case .timeout: collectTimeout(&found)
    case .icmp: break
    }
    collectUnheard(&found)
    collectUnansweredFarewell(&found)
    collectUnansweredSetup(&found)
    collectSilentService(&found)
    collectUnfinished(&found)
    collectManyAtOnce(&found)
    collectSameSilence(&found)
  }

  /// Seconds within which a Set Error Info belongs to the ultimatum after it; observed 0.05 to 0.25.
  private static let wordsToUltimatum = 2.0
  /// Seconds of session within which somebody is logged on who came with credentials; observed 1.
  private static let logonTime = 60.0

  private func collectServersWords(_ found: inout Findings) {
    if let info = facts.errorInfo {
      let text =
        "the server says why: \(info.message.meaning) (\(info.message.name), "
        + "\(info.message.rawValue))"
      found.add(.said(info.message.kind), info.moment, text: text)
    } else if let words = facts.encrypted.lastErrorInfo, let end = facts.encrypted.finalUltimatum,
      facts.deepest >= .mcs, end.time.seconds(since: words.time) < Self.wordsToUltimatum
    {
      found.add(
        .saidUnreadable,
        words,
        end,
        text:
          "the server's last records have the lengths of Set Error Info, which says why, and of "
          + "the disconnect ultimatum"
      )
    }
    collectRestrictedAdmin(&found)
  }

  /// A server that does not allow restricted admin mode starts a session all the same, and ends it
  /// before anyone is logged on.
  private func collectRestrictedAdmin(_ found: inout Findings) {
    guard let request = facts.request,
      request.message.negotiation?.flags.contains(.restrictedAdminModeRequired) == true,
      found.has(.saidUnreadable) || found.has(.said(.user)), facts.loggedOn == nil,
      let session = facts.phases.last, session.phase == .session, connection.sawBeginning,
      ending.moment.time.seconds(since: session.start.time) < Self.logonTime
    else { return }
    found.add(
      .restrictedAdminRefused,
      request.moment,
      session.start,
      ending.moment,
      text: "the client asks for restricted admin mode, and the server ends the session after "
        + "\(duration(ending.moment.time.seconds(since: session.start.time))) with nobody logged on: "
        + (facts.session.isRead
          ? "no Save Session Info comes" : "no record has the length of its Save Session Info")
    )
  }

  /// Seconds before the end within which a server says why it ends the session.
  private static let lastWords = 2.0
  /// Octets within which it does, with the ultimatum and the alert that follow and what ciphers add.
  private static let lastWordOctets = 256

  /// A session that nothing heard of one side shows to be alive, and words that the capture lost.
  private func collectUnheard(_ found: inout Findings) {
    if let pause = tcp.longestPause,
      Self.forgottenSilence <= pause.to.time.seconds(since: pause.from.time),
      let unheard = [tcp.client, tcp.server].compactMap(\.last).first(where: {
        $0.time < pause.to.time
      })
    {
      found.add(
        .unheardSincePause,
        unheard,
        pause.to,
        text:
          "after \(duration(pause.to.time.seconds(since: pause.from.time))) of silence only one "
          + "side is heard"
      )
    }
    if let gap = missingLastWords(of: connection) {
      found.add(
        .lastWordsMissing,
        gap,
        ending.moment,
        text: "octets of the server's last words are not in the capture"
      )
    }
  }

  /// Where the capture lacks what the server said last; `nil` where it does not.
  func missingLastWords(of connection: Connection) -> Moment? {
    guard let gap = connection.facts.lastServerGap,
      abs(connection.ending.moment.time.seconds(since: gap.moment.time)) < Self.lastWords,
      // A large hole is one in pictures; last words are short, and nothing follows them.
      gap.octets.count < Self.lastWordOctets,
      (connection.tcp.server.sequence?.end ?? 0) - gap.octets.upperBound < Self.lastWordOctets
    else { return nil }
    return gap.moment
  }

  /// What one says before one closes in order; after the close it is only an answer.
  private func collectPrelude(_ found: inout Findings) {
    func precedesEnd(_ moment: Moment) -> Bool { moment.time <= ending.moment.time }
    if let ultimatum = facts.ultimatum, precedesEnd(ultimatum.moment),
      facts.deepest >= .mcs || facts.tls.firstRecord == nil && facts.deepest > .x224
    {
      found.add(
        .orderlyPrelude,
        ultimatum.moment,
        text: "the \(ultimatum.side) ends the session with the ultimatum \(ultimatum.message.name)"
      )
    } else if let ultimatum = facts.encrypted.finalUltimatum, precedesEnd(ultimatum) {
      found.add(
        .orderlyPrelude,
        ultimatum,
        text: "the server's last record has the length of the disconnect ultimatum"
      )
    } else if let alert = facts.tls.alerts.last, alert.alert == nil, precedesEnd(alert.moment),
      facts.encrypted.first != nil, facts.deepest >= .mcs
    {
      found.add(
        .orderlyPrelude,
        alert.moment,
        text: "the \(alert.side) closes TLS before it leaves"
      )
    }
  }

  private func collectFinish(_ found: inout Findings) {
    let leaver = serverLeft ? "server" : "client"
    found.add(
      serverLeft ? .finishedByServer : .finishedByClient,
      ending.moment,
      text: ending.actor.rawValue == leaver
        ? "the \(leaver) closes with FIN"
          + (serverLeft && !found.has(.orderlyPrelude) && missingLastWords(of: connection) == nil
            ? ", and says nothing before it" : "")
        : "the \(leaver) has closed TLS, and the \(ending.actor.rawValue) answers with FIN"
    )
  }

  /// A server that ends what has not begun.
  private func collectUnfinished(_ found: inout Findings) {
    let isServersUltimatum =
      facts.ultimatum?.side == .server || facts.encrypted.finalUltimatum != nil
    guard serverLeft || isServersUltimatum, ending.kind == .fin || ending.kind == .reset,
      .mcs <= facts.deepest, facts.deepest < .session
    else { return }
    let exchange = facts.phases.first { $0.phase == .security || $0.phase == .licensing }
    if facts.deepest == .security || facts.deepest == .licensing, facts.tls.firstRecord == nil,
      facts.phases.contains(where: { $0.phase == .security }), let exchange
    {
      found.add(
        .endedAfterSecurityExchange,
        exchange.start,
        facts.ultimatum?.moment ?? ending.moment,
        text: "the server ends the connection on the client's first encrypted PDU"
      )
    }
    found.add(
      .serverEndedBeforeSession,
      facts.phases.last?.start,
      ending.moment,
      text: "the server ends the connection in the phase \(facts.deepest.name), before the session"
    )
    collectStaleSession(&found)
  }

  /// The client's session of before, lost and not ended, stands in the way of the new one.
  private func collectStaleSession(_ found: inout Findings) {
    let own = siblings.filter { $0.client.address == connection.client.address }
    let lost = own.last { other in
      other.phase == .session && other.start.frame < connection.start.frame
        && other.tcp.client.finish == nil && other.tcp.server.finish == nil
        && other.facts.ultimatum == nil && other.facts.encrypted.finalUltimatum == nil
    }
    let refused = own.filter { other in
      .mcs <= other.phase && other.phase < .session && other.ending.actor == .server
    }
    guard let lost, !refused.isEmpty else { return }
    found.add(
      .staleSessionBefore,
      lost.tcp.last,
      ending.moment,
      text: "the same client's session of stream \(lost.stream) was lost without being ended, and "
        + "since then \(refused.count + 1) connections are closed before their session"
    )
  }

}

extension Context {
  /// Says at least how it ended, of a connection on which nothing else is found.
  func collectBareEnding(_ found: inout Findings) {
    let who =
      switch ending.actor {
      case .client: "the client"
      case .server: "the server"
      case .middlebox: "something on the way"
      case .unknown: "neither side"
      }
    let what =
      switch ending.kind {
      case .fin: "\(who) closes the connection"
      case .reset: "\(who) resets the connection"
      case .icmp: "an ICMP error of \(who) ends the connection"
      case .timeout: "the last segment stays unanswered"
      case .open: "the last segment of the capture"
      }
    found.add(.bareEnding, ending.moment, text: "\(what), and nothing before tells why")
  }
}
