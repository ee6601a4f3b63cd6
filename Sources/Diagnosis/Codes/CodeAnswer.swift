import RDPMessages
import Streams
import Timeline

/// Whether the packets agree with the code that a user saw.
package struct CodeAnswer: Sendable {
  /// The code.
  package let code: ClientCode
  /// Whether a connection that failed can have given it; `nil` where the packets cannot tell.
  package let agrees: Bool?
  /// Indexes of the attempts that can have given it.
  package let attempts: [Int]
  /// The answer in a sentence.
  package let text: String
}

extension Diagnosis {
  /// Streams that an answer lists.
  private static let maximumListed = 8

  /// Whether what the packets show can have given a code.
  package func answer(to code: ClientCode) -> CodeAnswer {
    let failed = attempts.indices.filter { attempts[$0].verdict.severity != .none }
    let answers = failed.map { index in (index: index, shows: shows(code, attempts[index])) }
    let matching = answers.filter { $0.shows == true }.map(\.index)
    func answer(_ agrees: Bool?, _ text: String) -> CodeAnswer {
      CodeAnswer(code: code, agrees: agrees, attempts: matching, text: text)
    }
    guard let symptom = code.symptom else {
      return answer(nil, "no list has this code, and so the packets cannot agree with it")
    }
    if !matching.isEmpty {
      let streams = matching.flatMap { attempts[$0].streams }
      let list = streams.prefix(Self.maximumListed).map(String.init).joined(separator: ", ")
      let more = Self.maximumListed < streams.count ? " and more" : ""
      let place =
        streams.isEmpty ? "" : " of stream\(streams.count == 1 ? "" : "s") \(list)\(more)"
      return answer(true, "the packets agree: the attempt\(place) failed as this code says")
    }
    if attempts.isEmpty {
      let text =
        symptom == .name || symptom == .connect
        ? "no connection was tried in this capture, as when the name or the address could not be "
          + "used, or the client's own system did not let it send"
        : "there is no connection in this capture that it could be about"
      return answer(nil, text)
    }
    if failed.isEmpty {
      return answer(
        symptom == .closedByUser ? nil : false,
        "every attempt in this capture worked: the one that the user means is not among them"
      )
    }
    if answers.contains(where: { $0.shows == nil }) {
      return answer(nil, "the packets do not tell whether it was this attempt that gave the code")
    }
    return answer(
      false,
      "the packets disagree: no attempt in this capture failed as this code says; the user may mean "
        + "another one"
    )
  }

  /// Whether an attempt shows what a code says.
  private func shows(_ code: ClientCode, _ attempt: Attempt) -> Bool? {
    guard let symptom = code.symptom else { return nil }
    let members = attempt.streams.compactMap { stream in
      connections.first { $0.connection.stream == stream }
    }
    if members.isEmpty { return code.fits(attempt.verdict.cause) }
    let answers = members.filter { $0.verdict.severity != .none }.map { judged -> Bool? in
      if let info = code.errorInfo, let said = judged.connection.facts.errorInfo {
        if said.message == info { return true }
        if symptom == .endedByServer { return false }
      }
      return symptom.isShown(by: judged.connection) ?? code.fits(judged.verdict.cause)
    }
    if answers.contains(true) { return true }
    return answers.contains(nil) ? nil : false
  }
}

extension Symptom {
  /// Whether a connection got as far as a code of this kind says, and ended that way; `nil` where
  /// that is not a matter of the packets alone.
  fileprivate func isShown(by connection: Connection) -> Bool? {
    let isMade = connection.isEstablished
    let phase = connection.phase
    let isOver = connection.ending.kind != .open
    switch self {
    case .name: return false
    case .connect: return !isMade
    case .refused: return connection.tcp.resets.contains(where: \.answersSYN)
    case .unreachable:
      return !isMade && (connection.ending.kind == .icmp || connection.ending.kind == .timeout)
    case .timedOut:
      return connection.ending.kind == .timeout || connection.tcp.server.byteCount == 0
    case .lost: return isMade && isOver
    case .reset: return isMade && 0 < connection.tcp.resetCount
    case .setUp: return isMade && isOver && phase < .session
    case .negotiation: return isMade && isOver && phase <= .x224
    case .nla: return connection.facts.refusal == .hybridRequiredByServer ? true : nil
    case .tls, .certificate:
      return isMade && isOver && .x224 <= phase && phase <= .credssp ? nil : false
    case .login: return isMade && isOver && .x224 <= phase ? nil : false
    case .authorization, .encryption, .licensing:
      return isMade && .credssp <= phase || phase == .mcs ? nil : false
    case .endedByServer, .closedByUser, .unspecific: return nil
    }
  }
}
