import Packets
import Wire
import Streams
import Timeline

extension Context {
  /// What the capture lacks: it gates every other finding.
  func collectQuality(_ found: inout Findings) {
    if !connection.sawBeginning {
      found.add(
        .beginningMissing,
        tcp.first,
        text: "the capture begins in the middle of the connection"
      )
    }
    let isOneSided = (tcp.client.segmentCount == 0) != (tcp.server.segmentCount == 0)
    let heard = tcp.client.segmentCount == 0 ? tcp.server : tcp.client
    // A silent peer is not a missing direction: only what follows an answer that was never captured
    // proves that it spoke.
    if isOneSided, heard.segmentCount > 1, let answer = heard.firstAfterSYN,
      heard.synchronization != nil || heard.byteCount > 0 || tcp.resets.isEmpty
    {
      found.add(
        .oneDirectionMissing,
        answer,
        heard.last,
        text: "only one direction is in the capture, yet it acknowledges the other"
      )
    }
    collectEarlyEnd(&found)
    collectLimits(&found)
    let missing = facts.missingOctets.client + facts.missingOctets.server
    guard missing > 0, let gap = facts.firstGap else { return }
    switch gap.message {
    case .snapLength:
      found.add(
        .cutBySnapLength,
        gap.moment,
        text: "the capture kept only the first octets of packets: \(missing) octets are missing"
      )
    case .notCaptured, .limit, .endOfCapture:
      found.add(
        .gapsInStream,
        gap.moment,
        text: "\(missing) octets of the streams are not in the capture"
      )
    }
  }

  /// What makes every packet that is missing, and every pause, doubtful.
  private func collectLimits(_ found: inout Findings) {
    if 0 < droppedPackets {
      found.add(
        .packetsDropped,
        text: "the capturing host dropped \(droppedPackets) packets: what is missing may be its own"
      )
    }
    if let jump = tcp.clockJump {
      found.add(
        .clockJumped,
        jump.from,
        jump.to,
        text: "the capture's clock is set back by "
          + "\(duration(jump.from.time.seconds(since: jump.to.time))): pauses are not to be trusted"
      )
    }
  }

  /// A capture that stops while the connection is being set up tells nothing of its end.
  private func collectEarlyEnd(_ found: inout Findings) {
    guard ending.kind == .open, facts.deepest < .session else { return }
    let quiet = captureEnd.time.seconds(since: tcp.last.time)
    guard quiet < Self.unansweredThreshold else { return }
    found.add(
      .captureEndsEarly,
      tcp.last,
      text: "the capture ends while the connection is being set up"
    )
  }

  /// Seconds without an answer in the handshakes after which the peer hangs: beyond any login, and
  /// what knowledge of hung services starts from.
  static let unansweredThreshold = 10.0

  func collectHandshake(_ found: inout Findings) {
    guard let syn = tcp.client.synchronization else { return }
    guard tcp.client.finish?.frame != syn.frame else {
      found.add(
        .halfOpenScan,
        syn,
        tcp.server.first,
        text: "the segment that asks for the connection also ends it (SYN and FIN): no system "
          + "connects so, and scanners ask so what answers"
      )
      return
    }
    if let error = tcp.errors.first(where: { $0.meaning.endsConnection }) {
      // A host refuses a TCP port with a reset; that the port is unreachable, filters say.
      let refusals: [ICMPMessage.Meaning] = [
        .adminProhibited, .portUnreachable, .protocolUnreachable,
      ]
      let kind: EvidenceKind =
        refusals.contains(error.meaning) ? .prohibitedByICMP : .unreachableByICMP
      found.add(
        kind,
        syn,
        error.moment,
        text: "\(error.reporter) reports that \(connection.server.address) is "
          + (kind == .prohibitedByICMP ? "prohibited" : "unreachable") + " (\(error.meaning.text))"
      )
    }
    if let otherVersion {
      found.add(
        .reachedByOtherVersion,
        syn,
        otherVersion.start,
        text: "the client goes on by the other version of IP and gets through (stream "
          + "\(otherVersion.stream)): a host with two addresses is called by one after the other"
      )
    }
    collectHalfOpen(syn: syn, &found)
    guard tcp.server.synchronization == nil else { return }
    if let reset = tcp.resets.first(where: { $0.side == .server && $0.answersSYN }) {
      collectRefusal(reset, syn: syn, &found)
    } else if tcp.server.first == nil, tcp.client.firstAfterSYN == nil, ending.kind != .open {
      collectSilence(syn: syn, &found)
    }
  }

  private func collectRefusal(_ reset: ResetObservation, syn: Moment, _ found: inout Findings) {
    if ending.actor == .middlebox, ending.moment == reset.moment {
      found.add(
        .synRefusedFromElsewhere,
        reset.moment,
        text: "the reset has time to live \(reset.timeToLive), which is not the distance of the "
          + "host's own packets: another device sent it"
      )
    } else {
      found.add(
        .synRefused,
        syn,
        reset.moment,
        text: "the SYN is answered by a reset after "
          + duration(reset.moment.time.seconds(since: syn.time))
      )
    }
  }

  /// A SYN-ACK that nobody acknowledges: lost on the way back, or never waited for.
  private func collectHalfOpen(syn: Moment, _ found: inout Findings) {
    guard let answer = tcp.server.synchronization, tcp.client.firstAfterSYN == nil,
      let repeats = tcp.server.retransmissions.first(where: { $0.offset < 0 })?.repeats,
      repeats.count >= 2, ending.kind == .timeout
    else { return }
    let asked = tcp.client.retransmissions.first { $0.offset < 0 }?.repeats ?? []
    if asked.count >= 2 {
      found.add(
        .synAckLost,
        answer,
        repeats.last,
        asked.last,
        text: "the client repeats its SYN and the server its SYN-ACK, \(repeats.count + 1) times: "
          + "the answers do not arrive"
      )
    } else {
      found.add(
        .halfOpenScan,
        syn,
        answer,
        repeats.last,
        text: "the server repeats its SYN-ACK \(repeats.count + 1) times, and the client, which "
          + "does not repeat its SYN, never waited for it"
      )
    }
  }

  /// Seconds within which every system repeats a SYN: old Windows after 3.
  private static let firstRepeat = 5.0

  /// Seconds after which nearly every system repeats a SYN.
  private static let usualRepeat = 1.5

  private func collectSilence(syn: Moment, _ found: inout Findings) {
    let repeats = tcp.client.retransmissions.first { $0.offset < 0 }?.repeats ?? []
    let waited = captureEnd.time.seconds(since: syn.time)
    guard !repeats.isEmpty || waited < Self.firstRepeat else {
      found.add(
        .synOnce,
        syn,
        text: "one SYN and, in \(duration(waited)), no second one: no system connects so"
      )
      return
    }
    guard !repeats.isEmpty || waited < Self.usualRepeat else {
      found.add(
        .captureEndsEarly,
        syn,
        text:
          "the SYN has no answer in \(duration(waited)) and is not repeated, as systems do after "
          + "a second: the capture ends too early, or lacks the answer"
      )
      return
    }
    found.add(
      .synUnanswered,
      syn,
      repeats.last,
      text: repeats.isEmpty
        ? "the SYN gets no answer within \(duration(waited))"
        : "\(repeats.count + 1) SYNs get no answer within "
          + duration((repeats.last ?? syn).time.seconds(since: syn.time))
    )
    if repeats.count > 1 {
      found.add(
        .synRetried,
        repeats.first,
        repeats.last,
        text: "the client tried \(repeats.count + 1) times"
      )
    }
  }
}
