/// Chooses the cause that the evidence supports best.
///
/// The rule of confidence, the same for every cause: each piece of evidence that the cause names
/// leaves a doubt of one less its weight; the doubts of necessary and supporting evidence are
/// multiplied, and what they leave is weakened by half the weight of each contradicting piece. A
/// capture that lacks packets caps what can be said.
package enum Judge {
  /// Never certain: the packets show what happened, not what was meant.
  static let maximumConfidence = 0.97
  /// The cap where the connection's beginning, a direction or octets of it are missing.
  static let maximumConfidenceWithGaps = 0.75
  /// Alternatives named.
  static let maximumAlternatives = 3

  /// The verdict on a connection's evidence.
  ///
  /// - Parameters:
  ///   - evidence: What was found.
  ///   - causes: Those that come into question, nearest to the root first.
  /// - Returns: The cause supported best; ``Catalogue/unknown`` when none fits.
  package static func judge(
    _ evidence: [Evidence],
    among causes: [Cause] = Catalogue.sessionCauses
  ) -> Verdict {
    let present = Dictionary(grouping: evidence, by: \.kind)
    let candidates = causes.enumerated().compactMap { index, cause in
      assess(cause, present).map { (index: index, cause: cause, confidence: $0) }
    }
    let ranked = candidates.sorted {
      ($1.confidence, $0.index) < ($0.confidence, $1.index)
    }
    guard let best = ranked.first else { return unknown(evidence) }
    let relevant = best.cause.necessary.joined() + best.cause.supporting
    let notes = evidence.filter { $0.kind.isNote && !relevant.contains($0.kind) }
    return Verdict(
      cause: best.cause,
      severity: best.cause.family.severity,
      confidence: best.confidence,
      evidence: relevant.flatMap { present[$0] ?? [] } + notes,
      against: best.cause.contradicting.flatMap { present[$0] ?? [] },
      observed: evidence,
      alternatives: ranked.dropFirst().prefix(maximumAlternatives).map { ($0.cause, $0.confidence) }
    )
  }

  private static func assess(
    _ cause: Cause,
    _ present: [EvidenceKind: [Evidence]]
  ) -> Double? {
    guard cause.excluding.allSatisfy({ present[$0] == nil }),
      cause.necessary.allSatisfy({ group in group.contains { present[$0] != nil } })
    else { return nil }
    let doubt = (cause.necessary.joined() + cause.supporting)
      .filter { present[$0] != nil }
      .reduce(1.0) { $0 * (1 - $1.weight) }
    let weakening = cause.contradicting.filter { present[$0] != nil }
      .reduce(1.0) { $0 * (1 - $1.weight / 2) }
    let cap = present[.gapsInStream] == nil ? maximumConfidence : maximumConfidenceWithGaps
    return min(cap, (1 - doubt) * weakening)
  }

  /// Nothing fits: what was seen is said all the same.
  private static func unknown(_ evidence: [Evidence]) -> Verdict {
    Verdict(
      cause: Catalogue.unknown,
      severity: .warning,
      confidence: 0.5,
      evidence: evidence,
      against: [],
      observed: evidence,
      alternatives: []
    )
  }
}
