/// Chooses the cause that the evidence supports best.
///
/// The rule of confidence, the same for every cause: each piece of evidence that the cause names
/// leaves a doubt of one less its weight; the doubts of necessary and supporting evidence are
/// multiplied, and what they leave is weakened by half the weight of each contradicting piece. The
/// code that the user saw is one more piece, for the causes that give it and against the others. What
/// the capture lacks caps what can be said.
package enum Judge {
  /// Never certain: the packets show what happened, not what was meant.
  static let maximumConfidence = 0.97
  /// What the capture lacks, and how sure one can be at most without it.
  static let caps: [(kind: EvidenceKind, confidence: Double)] = [
    (.gapsInStream, 0.75), (.oneDirectionMissing, 0.75), (.cutBySnapLength, 0.85),
    (.beginningMissing, 0.85), (.packetsDropped, 0.85), (.clockJumped, 0.85),
  ]
  /// Alternatives named.
  static let maximumAlternatives = 3

  /// The verdict on a connection's evidence.
  ///
  /// - Parameters:
  ///   - evidence: Everything found.
  ///   - causes: Those that come into question, nearest to the root first.
  ///   - code: What the user saw; it is heard only where something is wrong, and makes nothing wrong.
  /// - Returns: The cause supported best; ``Catalogue/unknown`` when none fits.
  package static func judge(
    _ evidence: [Evidence],
    among causes: [Cause] = Catalogue.sessionCauses,
    code: ClientCode? = nil
  ) -> Verdict {
    let verdict = judge(evidence, among: causes, hearing: nil)
    guard let code, verdict.severity != .none else { return verdict }
    // What the packets prove, a code that may be about another try does not change.
    let isProven = decisiveConfidence <= verdict.confidence
    let heard = judge(evidence, among: isProven ? [verdict.cause] : causes, hearing: code)
    return isProven ? heard.with(alternatives: verdict.alternatives) : heard
  }

  /// From which on a cause is called certain.
  package static let decisiveConfidence = 0.9

  private static func judge(
    _ evidence: [Evidence],
    among causes: [Cause],
    hearing code: ClientCode?
  ) -> Verdict {
    let present = Dictionary(grouping: evidence, by: \.kind)
    let sieve = EvidenceSieve(present.keys)
    let candidates = causes.indices.filter { causes[$0].mayFit(sieve) }.compactMap { index in
      assess(causes[index], present, code).map {
        (index: index, cause: causes[index], confidence: $0)
      }
    }
    // What the capture lacks makes the verdict less sure, and not another.
    let cap =
      Self.caps.filter { present[$0.kind] != nil }.map(\.confidence).min() ?? maximumConfidence
    let ranked = candidates.sorted {
      ($1.confidence, $0.index) < ($0.confidence, $1.index)
    }
    guard let best = ranked.first else { return unknown(evidence) }
    let relevant = speaking(for: best.cause) + best.cause.given.joined()
    let notes = evidence.filter { $0.kind.isNote && !relevant.contains($0.kind) }
    let word = code.map { Evidence.clientCode($0) } ?? []
    let fits = code.flatMap { $0.fits(best.cause) }
    return Verdict(
      cause: best.cause,
      severity: best.cause.family.severity,
      confidence: min(cap, best.confidence),
      evidence: relevant.flatMap { present[$0] ?? [] } + notes + (fits == true ? word : []),
      against: best.cause.contradicting.flatMap { present[$0] ?? [] } + (fits == false ? word : []),
      observed: evidence,
      alternatives: ranked.dropFirst().prefix(maximumAlternatives).map {
        ($0.cause, min(cap, $0.confidence))
      }
    )
  }

  private static func assess(
    _ cause: Cause,
    _ present: [EvidenceKind: [Evidence]],
    _ code: ClientCode?
  ) -> Double? {
    guard cause.excluding.allSatisfy({ present[$0] == nil }),
      (cause.necessary + cause.given).allSatisfy({ group in
        group.contains { present[$0] != nil }
      })
    else { return nil }
    let fits = code.flatMap { $0.fits(cause) }
    let word = EvidenceKind.clientCode.weight
    let doubt = speaking(for: cause).filter { present[$0] != nil }
      .reduce(fits == true ? 1 - word : 1) { $0 * (1 - $1.weight) }
    let weakening = cause.contradicting.filter { present[$0] != nil }
      .reduce(fits == false ? 1 - word / 2 : 1) { $0 * (1 - $1.weight / 2) }
    return min(maximumConfidence, (1 - doubt) * weakening)
  }

  /// The kinds of evidence that a cause names for itself, each once: one fact is one fact, however
  /// many of a cause's conditions it meets.
  private static func speaking(for cause: Cause) -> [EvidenceKind] {
    var seen: Set<EvidenceKind> = []
    return (cause.necessary.joined() + cause.supporting).filter { seen.insert($0).inserted }
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

extension Evidence {
  /// The code that the user saw, as evidence; it has no frames.
  fileprivate static func clientCode(_ code: ClientCode) -> [Evidence] {
    [
      Evidence(
        .clientCode,
        frames: [],
        "the user saw \(code.text)" + (code.meaning.map { ": \($0)" } ?? "")
      )
    ]
  }
}
