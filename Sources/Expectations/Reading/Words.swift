import Diagnosis
import Timeline

/// The words that an expectation may use.
enum Words {
  static let causes = (Catalogue.causes + [Catalogue.unknown]).map(\.id)
  static let families = Family.allCases.map(\.rawValue)
  static let phases = Phase.allCases.map(\.name)
  static let roles = Role.allCases.map(\.rawValue)
  static let severities = Severity.allCases.map(\.rawValue)
  static let endings = Ending.Kind.allCases.map(\.rawValue)
  static let actors = Ending.Actor.allCases.map(\.rawValue)
  static let outcomes = ["success", "failure"]

  /// The word that is nearest to one that is not among them; `nil` when none is near.
  ///
  /// Near is what takes at most a third of its letters to put right: further off it is another word.
  static func nearest(to word: String, among words: [String]) -> String? {
    let lengthLimit = 64  // Longer text is no mistyped word, and the distance costs its square.
    guard word.utf8.count <= lengthLimit else { return nil }
    let ranked = words.map { (word: $0, distance: distance(word.lowercased(), $0.lowercased())) }
    guard let best = ranked.min(by: { $0.distance < $1.distance }),
      best.distance <= max(2, word.count / 3)
    else { return words.first { $0.contains(word) && 3 <= word.count } }
    return best.word
  }

  /// Letters to insert, delete, replace or swap with their neighbour (optimal string alignment).
  static func distance(_ one: String, _ other: String) -> Int {
    let one = Array(one)
    let other = Array(other)
    var beforeLast: [Int] = []
    var last = Array(0...other.count)
    for (row, letter) in one.enumerated() {
      var current = [row + 1]
      for (column, counterpart) in other.enumerated() {
        var best = min(last[column + 1] + 1, current[column] + 1)
        best = min(best, last[column] + (letter == counterpart ? 0 : 1))
        if 0 < row, 0 < column, letter == other[column - 1], one[row - 1] == counterpart {
          best = min(best, beforeLast[column - 1] + 1)
        }
        current.append(best)
      }
      (beforeLast, last) = (last, current)
    }
    return last[other.count]
  }
}
