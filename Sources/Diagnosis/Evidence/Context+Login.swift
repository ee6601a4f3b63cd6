import CredSSPMessages
import RDPMessages
import Wire
import Streams
import Timeline

extension Context {
  /// A retry this soon after a login is the client's own fallback, not a person's; in seconds.
  static let fallbackPause = 0.5

  func collectLogin(_ found: inout Findings) {
    if facts.login.isRead {
      collectLoginWords(&found)
    } else {
      collectLoginShape(&found)
    }
    collectKerberos(&found)
  }

  /// What the shape of the login tells where it cannot be read.
  private func collectLoginShape(_ found: inout Findings) {
    // The shape of a login tells something only while nothing of it is missing or out
    // of order.
    guard facts.deepest == .credssp, facts.firstGap == nil, !isOrderDoubtful else { return }
    if let error = facts.encrypted.credSSPError, facts.encrypted.clientTokens >= 2 {
      found.add(
        .loginRefusedByShape,
        error,
        text: "the server's last record has the length of a CredSSP error, and the client leaves"
      )
      collectRepeatedRefusals(&found)
      collectFallback(&found)
    } else if let authorization = facts.encrypted.earlyAuthorization,
      ending.kind == .fin || ending.kind == .reset
    {
      found.add(
        .leftAfterEarlyAuthorization,
        authorization,
        ending.moment,
        text: "the login succeeds and the connection ends on the server's early user "
          + "authorization result, which is all that a permitted user waits for"
      )
    } else if let selected = facts.selected, selected.hasLoginBeforeMCS, !selected.usesCredSSP {
      collectLoginOfOneAnswer(&found)
    } else {
      collectLeaving(&found)
    }
  }

  /// A login by RDSTLS or with Entra ID, in which the client's first message is all that it has to say
  /// of itself. [MS-RDPBCGR] 5.4.5.3, 5.4.5.4
  private func collectLoginOfOneAnswer(_ found: inout Findings) {
    guard !collectUnansweredLogin(&found), ending.kind == .fin || ending.kind == .reset,
      let word = facts.encrypted.lastClientToken, let last = facts.encrypted.last
    else { return }
    if facts.encrypted.lastSide == .server, word.frame < last.frame {
      found.add(
        .loginRefusedByShape,
        word,
        last,
        ending.moment,
        text:
          "the server answers the client's login, and the connection ends on the answer: a client "
          + "that is let in goes on"
      )
    } else if serverLeft {
      found.add(
        .serverLeftDuringCredSSP,
        word,
        ending.moment,
        text: "the server closes on the client's credentials"
      )
    }
  }

  /// The client's own retry without NLA.
  func collectFallback(_ found: inout Findings) {
    guard let next, let refused = next.facts.confirm, next.facts.refusal == .hybridRequiredByServer,
      next.start.time.seconds(since: connection.tcp.last.time) < Self.fallbackPause
    else { return }
    found.add(
      .ntlmFallbackFollows,
      next.start,
      refused.moment,
      text: "at once the client tries again without NLA (stream \(next.stream)), as it does "
        + "when the server takes no NTLM"
    )
  }

  /// A side that leaves during the login without a word.
  func collectLeaving(_ found: inout Findings) {
    if collectUnansweredLogin(&found) { return }
    let tokens = (client: facts.encrypted.clientTokens, server: facts.encrypted.serverTokens)
    if serverLeft, tokens.client >= 2 {
      found.add(
        .serverLeftDuringCredSSP,
        facts.encrypted.last,
        ending.moment,
        text: "the server closes during the login, after the client's credentials"
      )
      collectRepeatedRefusals(&found)
    } else if clientLeft, tokens.client == 1, 1 <= tokens.server {
      found.add(
        .clientLeftAtChallenge,
        facts.encrypted.last,
        ending.moment,
        text: "the client leaves at the server's first answer in the login, before any credentials"
      )
      collectInstantLeaving(&found)
    } else if clientLeft {
      found.add(
        .clientLeftDuringCredSSP,
        facts.encrypted.last,
        ending.moment,
        text: "the client leaves during the login"
      )
    }
  }

  /// Seconds within which no person decides anything.
  private static let instant = 0.5

  /// A client that leaves sooner than any person could have decided to, and by a reset as Windows' own
  /// client does; a scan that has read its answer closes in order.
  private func collectInstantLeaving(_ found: inout Findings) {
    guard let answer = tcp.server.lastData else { return }
    let pause = ending.moment.time.seconds(since: answer.time)
    guard 0 <= pause, pause < Self.instant, ending.kind == .reset else { return }
    found.add(
      .leftInAnInstant,
      answer,
      ending.moment,
      text: "it leaves within \(duration(pause)): its program decides so, and not a person"
    )
  }

  /// A login whose last token the server's system acknowledges and nobody answers; whoever waits at a
  /// prompt has the last word of the server before it.
  ///
  /// - Returns: Whether it is so.
  private func collectUnansweredLogin(_ found: inout Findings) -> Bool {
    let end = ending.kind == .open ? captureEnd : ending.moment
    guard !serverLeft, let word = facts.encrypted.lastClientToken,
      let answer = tcp.server.lastData, answer.frame < word.frame,
      // What is sent as the client leaves need not be acknowledged any more.
      let heard = tcp.server.last, word.frame < heard.frame,
      Self.unansweredThreshold / 2 <= end.time.seconds(since: word.time)
    else { return false }
    found.add(
      .loginUnanswered,
      word,
      tcp.server.last.flatMap { word.frame < $0.frame ? $0 : nil },
      end,
      text: "the server acknowledges the client's part of the login, and for "
        + "\(duration(end.time.seconds(since: word.time))) says nothing to it"
    )
    return true
  }

  /// Seconds in which so many logins are not a person's.
  private static let guessingTime = 60.0
  /// Refused logins in that time: a person who mistypes needs seconds for each.
  private static let guessedLogins = 10

  /// One client that is refused far more often than a person can be.
  private func collectRepeatedRefusals(_ found: inout Findings) {
    let refused = siblings.filter { other in
      other.client.address == connection.client.address && other.phase == .credssp
        && 2 <= other.facts.encrypted.clientTokens
        && (other.facts.encrypted.credSSPError != nil || other.ending.actor == .server)
        && abs(other.start.time.seconds(since: connection.start.time)) < Self.guessingTime / 2
    }
    guard Self.guessedLogins <= refused.count + 1 else { return }
    found.add(
      .repeatedRefusals,
      refused.first?.start,
      connection.start,
      refused.last?.start,
      text: "\(refused.count + 1) logins of \(connection.client.address) are refused within "
        + "\(duration(Self.guessingTime)), more than a person can type"
    )
  }
}
