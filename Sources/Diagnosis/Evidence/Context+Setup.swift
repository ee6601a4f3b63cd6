import RDPMessages
import Streams
import Timeline
import Wire

// Steps between the request and the session that the server refuses below RDP, or leaves unanswered.
extension Context {
  /// A server that says no below RDP: in X.224 or in MCS.
  func collectRefusedSequence(_ found: inout Findings) {
    guard facts.deepest < .session else { return }
    if let refused = facts.mcs.refusal, refused.side == .server {
      found.add(
        .sequenceRefused,
        facts.phases.last?.start,
        refused.moment,
        text: "the server refuses what the client asks of MCS: \(refused.message.name)"
      )
    } else if let refused = facts.disconnectRequest, refused.side == .server {
      found.add(
        .sequenceRefused,
        facts.request?.moment,
        refused.moment,
        text:
          "the server answers with an X.224 Disconnect Request (reason \(refused.message.reason))"
      )
    } else if let refused = facts.errorTPDU, refused.side == .server {
      found.add(
        .sequenceRefused,
        facts.request?.moment,
        refused.moment,
        text: "the server answers with an X.224 Error (cause \(refused.message.rejectCause))"
      )
    }
  }

  /// A step of the connection sequence that the server's system acknowledges and nobody answers: between
  /// MCS and the session no person is waited for.
  func collectUnansweredSetup(_ found: inout Findings) {
    guard .mcs <= facts.deepest, facts.deepest < .session, connection.sawBeginning,
      facts.firstGap == nil, !serverLeft, isWayOpen,
      let answer = tcp.server.lastData, let word = lastStepOfClient, answer.frame < word.frame,
      let heard = tcp.server.last, word.frame < heard.frame,
      tcp.client.unacknowledgedCount == 0
    else { return }
    // A capture may end while a busy server starts a session.
    let isOpen = ending.kind == .open
    let waited = (isOpen ? captureEnd : ending.moment).time.seconds(since: word.time)
    guard (isOpen ? Self.staleSilence : Self.unansweredThreshold) <= waited else { return }
    found.add(
      .setupUnanswered,
      word,
      heard,
      isOpen ? nil : ending.moment,
      text: "the server acknowledges what the client sends in the phase \(facts.deepest.name), and "
        + "nothing answers it within \(duration(waited))"
    )
  }

  /// The last that the client said before it left: its farewell is no step.
  private var lastStepOfClient: Moment? {
    guard facts.encrypted.first != nil else { return tcp.client.lastData }
    return facts.encrypted.lastSide == .client ? facts.encrypted.last : nil
  }
}
