/// Causes ready to be weighed against what connections show.
///
/// The kinds of evidence that they name are numbered once, and what a connection shows is a set of bits:
/// most causes lack what they need, and that is told by a few words.
package struct CauseTable: Sendable {
  /// The causes, nearest to the root first.
  let causes: [Cause]
  private let numbers: [EvidenceKind: Int]
  private let rules: [Rule]

  /// What speaks for and against one cause.
  private struct Rule {
    /// One of each is needed.
    let needs: [KindSet]
    let excluding: KindSet
    let speaking: [Weight]
    let contradicting: [Weight]
  }

  private struct Weight {
    let number: Int
    let weight: Double
  }

  /// Creates a table.
  init(_ causes: [Cause]) {
    var numbers: [EvidenceKind: Int] = [:]
    for kind in causes.flatMap(\.kinds) where numbers[kind] == nil {
      numbers[kind] = numbers.count
    }
    precondition(numbers.count <= KindSet.capacity, "more kinds of evidence than a set holds")
    let weights = { (kinds: [EvidenceKind]) in
      kinds.compactMap { kind in
        numbers[kind].map { Weight(number: $0, weight: kind.weight) }
      }
    }
    let set = { (kinds: [EvidenceKind]) in KindSet(kinds.compactMap { numbers[$0] }) }
    rules = causes.map { cause in
      Rule(
        needs: (cause.necessary + cause.given).map(set),
        excluding: set(cause.excluding),
        speaking: weights(cause.speaking),
        contradicting: weights(cause.contradicting)
      )
    }
    self.causes = causes
    self.numbers = numbers
  }

  /// The kinds of some evidence, as far as a cause names them.
  func kinds(of evidence: [Evidence]) -> KindSet {
    KindSet(evidence.lazy.compactMap { numbers[$0.kind] })
  }

  /// How well a cause fits what was found.
  ///
  /// - Parameters:
  ///   - index: The cause's place in ``causes``.
  ///   - shown: What was found.
  ///   - word: What the user's code leaves of the doubt, and takes from what is left; 1 for nothing.
  /// - Returns: Its confidence, not yet capped; `nil` where it lacks something or is ruled out.
  func confidence(
    ofCause index: Int,
    showing shown: KindSet,
    word: (doubt: Double, weakening: Double)
  ) -> Double? {
    let rule = rules[index]
    guard rule.needs.allSatisfy({ $0.meets(shown) }), !rule.excluding.meets(shown) else {
      return nil
    }
    var (doubt, weakening) = word
    for weight in rule.speaking where shown.contains(weight.number) {
      doubt *= 1 - weight.weight
    }
    for weight in rule.contradicting where shown.contains(weight.number) {
      weakening *= 1 - weight.weight / 2
    }
    return (1 - doubt) * weakening
  }
}

/// Kinds of evidence, by their numbers in a ``CauseTable``.
struct KindSet: Sendable {
  /// Kinds that there may be.
  static let capacity = 512

  private var words = InlineArray<8, UInt64>(repeating: 0)

  init(_ numbers: some Sequence<Int>) {
    for number in numbers { words[number / 64] |= 1 << UInt64(number % 64) }
  }

  func contains(_ number: Int) -> Bool { words[number / 64] >> UInt64(number % 64) & 1 == 1 }

  /// Whether both hold the same kind.
  func meets(_ other: KindSet) -> Bool {
    for index in words.indices where words[index] & other.words[index] != 0 { return true }
    return false
  }
}
