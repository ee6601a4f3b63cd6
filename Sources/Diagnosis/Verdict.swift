/// What is said about a connection or an attempt.
///
/// A class, because it stands in several lists and holds so many references.
package final class Verdict: Sendable {
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

  init(
    cause: Cause,
    severity: Severity,
    confidence: Double,
    evidence: [Evidence],
    against: [Evidence],
    observed: [Evidence],
    alternatives: [(cause: Cause, confidence: Double)]
  ) {
    self.cause = cause
    self.severity = severity
    self.confidence = confidence
    self.evidence = evidence
    self.against = against
    self.observed = observed
    self.alternatives = alternatives
  }

  /// What the capture lacks, which keeps the confidence down.
  package var limits: [Evidence] { observed.filter { $0.kind.cap != nil } }

  /// What else would settle it: first a capture without those limits.
  package var wouldSettle: [String] {
    var seen: Set<String> = []
    return (limits.compactMap(\.kind.betterCapture) + cause.wouldSettle)
      .filter { seen.insert($0).inserted }
  }

  /// The confidence in a word.
  package var certainty: String {
    switch confidence {
    case Judge.decisiveConfidence...: "certain"
    case 0.7..<0.9: "likely"
    default: "possible"
    }
  }

  func with(
    severity: Severity? = nil,
    alternatives: [(cause: Cause, confidence: Double)]? = nil
  ) -> Verdict {
    Verdict(
      cause: cause,
      severity: severity ?? self.severity,
      confidence: confidence,
      evidence: evidence,
      against: against,
      observed: observed,
      alternatives: alternatives ?? self.alternatives
    )
  }
}

extension EvidenceKind {
  /// What to capture in place of a capture that lacks this.
  fileprivate var betterCapture: String? {
    switch self {
    case .gapsInStream, .packetsDropped:
      "a capture without gaps: a larger buffer (tcpdump -B 65536), only this host's packets, or a "
        + "mirror port that is not overbooked"
    case .oneDirectionMissing:
      "a capture of both directions: on one of the two ends, or with both directions of the mirror "
        + "port"
    case .cutBySnapLength: "a capture of whole packets (tcpdump -s 0)"
    case .beginningMissing: "a capture that starts before the client connects"
    case .clockJumped: "a capture whose clock is not set meanwhile"
    default: nil
    }
  }
}
