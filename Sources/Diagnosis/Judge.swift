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
  /// Alternatives named.
  static let maximumAlternatives = 3

  /// The verdict on a connection's evidence.
  ///
  /// - Parameters:
  ///   - evidence: Everything found.
  ///   - table: The causes that come into question.
  ///   - code: What the user saw; it is heard only where something is wrong, and makes nothing wrong.
  /// - Returns: The cause supported best; ``Catalogue/unknown`` when none fits.
  package static func judge(
    _ evidence: [Evidence],
    among table: CauseTable = Catalogue.session,
    code: ClientCode? = nil
  ) -> Verdict {
    let verdict = judge(evidence, among: table, hearing: nil)
    guard let code, verdict.severity != .none else { return verdict }
    // What the packets prove, a code that may be about another try does not change.
    let isProven = decisiveConfidence <= verdict.confidence
    let heard = judge(evidence, among: table, only: isProven ? verdict.cause : nil, hearing: code)
    return isProven ? heard.with(alternatives: verdict.alternatives) : heard
  }

  /// From which on a cause is called certain.
  package static let decisiveConfidence = 0.9

  private static func judge(
    _ evidence: [Evidence],
    among table: CauseTable,
    only proven: Cause? = nil,
    hearing code: ClientCode?
  ) -> Verdict {
    let shown = table.kinds(of: evidence)
    var ranked: [(index: Int, confidence: Double)] = []
    for index in table.causes.indices where proven == nil || table.causes[index] === proven {
      let word = word(of: code, on: table.causes[index])
      if let found = table.confidence(ofCause: index, showing: shown, word: word) {
        ranked.append((index, min(maximumConfidence, found)))
      }
    }
    ranked.sort { ($1.confidence, $0.index) < ($0.confidence, $1.index) }
    guard let best = ranked.first else { return unknown(evidence) }
    // What the capture lacks makes the verdict less sure, and not another.
    let cap = evidence.compactMap(\.kind.cap).min() ?? maximumConfidence
    let cause = table.causes[best.index]
    let relevant = cause.speaking + cause.given.joined()
    let notes = evidence.filter { $0.kind.isNote && !relevant.contains($0.kind) }
    let word = code.map { Evidence.clientCode($0) } ?? []
    let fits = code.flatMap { $0.fits(cause) }
    func found(_ kinds: [EvidenceKind]) -> [Evidence] {
      kinds.flatMap { kind in evidence.filter { $0.kind == kind } }
    }
    return Verdict(
      cause: cause,
      severity: cause.family.severity,
      confidence: min(cap, best.confidence),
      evidence: found(relevant) + notes + (fits == true ? word : []),
      against: found(cause.contradicting) + (fits == false ? word : []),
      observed: evidence,
      alternatives: ranked.dropFirst().prefix(maximumAlternatives).map {
        (table.causes[$0.index], min(cap, $0.confidence))
      }
    )
  }

  /// What the user's code leaves of the doubt about a cause, and of what speaks for it.
  private static func word(
    of code: ClientCode?,
    on cause: Cause
  ) -> (doubt: Double, weakening: Double) {
    guard let fits = code?.fits(cause) else { return (1, 1) }
    let weight = EvidenceKind.clientCode.weight
    return fits ? (1 - weight, 1) : (1, 1 - weight / 2)
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
