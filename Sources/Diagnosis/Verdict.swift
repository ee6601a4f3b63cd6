/// What is said about a connection or an attempt.
package struct Verdict: Sendable {
  /// The cause found.
  package let cause: Cause
  /// How bad it is here: a failure that a later try made good is a warning.
  package let severity: Severity
  /// From 0 to 1, by the one rule of ``Judge``.
  package let confidence: Double
  /// What speaks for it; never empty.
  package let evidence: [Evidence]
  /// What speaks against it.
  package let against: [Evidence]
  /// Everything found, also what the cause does not read.
  package let observed: [Evidence]
  /// Other causes that fit, likeliest first.
  package let alternatives: [(cause: Cause, confidence: Double)]

  /// The confidence in a word.
  package var certainty: String {
    switch confidence {
    case 0.9...: "certain"
    case 0.7..<0.9: "likely"
    default: "possible"
    }
  }

  func with(severity: Severity) -> Verdict {
    Verdict(
      cause: cause,
      severity: severity,
      confidence: confidence,
      evidence: evidence,
      against: against,
      observed: observed,
      alternatives: alternatives
    )
  }
}
