import Reports

/// The facts of one connection or attempt that are not as expected, as they are found.
struct FactComparison {
  private(set) var list: [FactDifference] = []

  mutating func add(_ key: String, _ expected: String, _ found: String, _ line: Int) {
    list.append(FactDifference(key: key, expected: expected, found: found, line: line))
  }

  mutating func compare<Value: CustomStringConvertible>(
    _ key: String,
    _ expected: Stated<Value>?,
    _ found: Value
  ) {
    guard let expected, expected.value != found else { return }
    add(key, "\(expected.value)", "\(found)", expected.line)
  }

  mutating func compare(atLeast expected: Stated<Double>?, _ found: Double) {
    guard let expected, found < expected.value else { return }
    add("minimumConfidence", "at least \(expected.value)", "\(found)", expected.line)
  }

  mutating func compare(
    _ key: String,
    _ expected: Stated<Code>,
    _ found: [(number: Int, name: String)]
  ) {
    guard !found.contains(where: { expected.value.matches($0.number, $0.name) }) else { return }
    let seen = found.map { "\($0.number) (\($0.name))" }.joined(separator: ", ")
    add(key, "\(expected.value)", seen.isEmpty ? "none" : seen, expected.line)
  }

  /// The difference of a subject; none when every fact is as expected.
  func difference(
    of subject: String,
    _ changes: EvidenceChanges = EvidenceChanges()
  ) -> [SubjectDifference] {
    guard !list.isEmpty else { return [] }
    return [
      SubjectDifference(
        subject: subject,
        facts: list,
        appeared: changes.appeared,
        vanished: changes.vanished
      )
    ]
  }
}
