extension Verdict {
  /// The same verdict from a capture that lost packets meanwhile: less sure, and it says so.
  ///
  /// - Parameter loss: What was lost.
  /// - Returns: The verdict, with the loss among what speaks against it.
  package func lowered(by loss: Evidence) -> Verdict {
    let cap = loss.kind.cap ?? Judge.maximumConfidence
    return Verdict(
      cause: cause,
      severity: severity,
      confidence: min(confidence, cap),
      evidence: evidence,
      against: against + [loss],
      observed: observed + [loss],
      alternatives: alternatives
    )
  }
}

extension JudgedConnection {
  /// The same connection with another verdict on it.
  package func with(_ verdict: Verdict) -> JudgedConnection {
    JudgedConnection(connection: connection, role: role, verdict: verdict, attempt: attempt)
  }
}
