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
    } else {
      collectLeaving(&found)
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
    } else if clientLeft {
      found.add(
        .clientLeftDuringCredSSP,
        facts.encrypted.last,
        ending.moment,
        text: "the client leaves during the login"
      )
    }
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
