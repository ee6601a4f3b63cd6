import Diagnosis
import Reports

/// Which evidence explains that a verdict is not the expected one.
struct EvidenceChanges {
  private(set) var appeared: [EvidenceNote] = []
  private(set) var vanished: [EvidenceNote] = []

  init() {}

  /// Compares a verdict's evidence with what is known of the expected one.
  ///
  /// Recorded kinds of evidence are compared with those found. Without them the expected cause
  /// tells: what it needs and was not found has vanished; what rules it out, speaks against it, or
  /// carries the verdict found instead has appeared.
  ///
  /// - Parameters:
  ///   - recorded: Names of the kinds that the expectation states.
  ///   - causes: Ids of the causes expected; `nil` for any of `families`.
  ///   - families: The families that will do.
  ///   - verdict: What was found.
  init(from recorded: [String]?, causes: [String]?, families: [String], to verdict: Verdict) {
    if let recorded {
      let present = Set(verdict.evidence.map(\.kind.name))
      vanished = recorded.filter { !present.contains($0) }.map { EvidenceNote(kinds: [$0]) }
      appeared = verdict.evidence.filter { !recorded.contains($0.kind.name) }.map(Self.note)
      return
    }
    let candidates =
      causes.map { $0.compactMap(Catalogue.cause) }
      ?? Catalogue.causes.filter { families.contains($0.family.rawValue) }
    guard !candidates.contains(where: { $0.id == verdict.cause.id }) else { return }
    let observed = Set(verdict.observed.map(\.kind))
    let lacking = candidates.map { cause in
      (cause: cause, groups: cause.necessary.filter { observed.isDisjoint(with: $0) })
    }
    // Of several causes that would do, the one that lacks least was the likeliest.
    guard let nearest = lacking.min(by: { $0.groups.count < $1.groups.count }) else { return }
    vanished = nearest.groups.map { EvidenceNote(kinds: $0.map(\.name)) }
    let cause = nearest.cause
    let own = Set(cause.necessary.joined() + cause.supporting)
    let opposed = Set(cause.excluding + cause.contradicting)
    let carrying = Set(verdict.evidence.map(\.kind)).subtracting(own)
    appeared = verdict.observed.filter {
      opposed.contains($0.kind) || carrying.contains($0.kind)
    }.map(Self.note)
  }

  private static func note(_ evidence: Evidence) -> EvidenceNote {
    EvidenceNote(kinds: [evidence.kind.name], frames: evidence.frames, text: evidence.text)
  }
}
