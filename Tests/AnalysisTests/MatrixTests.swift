import Diagnosis
import Expectations
import Foundation
import Reports
import Testing
import Timeline

/// Every rule against every capture: which family is found where which is expected.
@Suite struct MatrixTests {
  private struct Outcome {
    let capture: String
    let expected: String
    let found: String
    let confidence: Double
    let isRight: Bool
  }

  private func outcomes() throws -> [Outcome] {
    try GoldenCase.all.flatMap { golden -> [Outcome] in
      let data = try Data(contentsOf: golden.folder.appending(path: "expected.json"))
      let expectation = try Expectation(reading: Array(data))
      let found = try analyse(golden.capture.path).diagnosis.connections
      return expectation.connections.compactMap { expected in
        guard let first = expected.families.first,
          let judged = found.first(where: { $0.connection.stream == expected.stream.value })
        else { return nil }
        let family = judged.verdict.cause.family.rawValue
        return Outcome(
          capture: golden.testDescription,
          expected: first,
          found: family,
          confidence: judged.verdict.confidence,
          isRight: expected.families.contains(family)
        )
      }
    }
  }

  private static let sound: Set = ["healthy", "clean_disconnect", "probe"]

  /// Prints the matrix: expected family, how many connections, and what was found.
  @Test func confusionMatrix() throws {
    let outcomes = try outcomes()
    for (expected, group) in Dictionary(grouping: outcomes, by: \.expected).sorted(by: {
      $0.key < $1.key
    }) {
      let found = Dictionary(grouping: group, by: \.found).map { "\($0.key) \($0.value.count)" }
      print("\(expected) (\(group.count)): \(found.sorted().joined(separator: ", "))")
    }
    let right = outcomes.count(where: \.isRight)
    let sure = outcomes.filter { 0.9 <= $0.confidence }
    let sureAndRight = sure.count(where: \.isRight)
    print("right or acceptable: \(right) of \(outcomes.count)")
    print("said with 0.9 or more: \(sure.count), right: \(sureAndRight)")
    for wrong in outcomes where !wrong.isRight {
      print("\(wrong.capture): \(wrong.found) (\(wrong.confidence)), expected \(wrong.expected)")
    }
    #expect(100 <= outcomes.count)
    #expect(0.97 * Double(outcomes.count) <= Double(right))
    #expect(0.98 * Double(sure.count) <= Double(sureAndRight))
    // No failure is called on what works.
    #expect(
      !outcomes.contains {
        Self.sound.contains($0.expected)
          && Family(rawValue: $0.found)?.severity == .failure && !$0.isRight
      }
    )
  }

  /// The same captures, of Windows' own peers and others', where they are.
  @Test(.enabled(if: outsideFolder != nil, "RDPSCOPE_CAPTURES names no folder"))
  func outsideMatrix() throws {
    let folder = try #require(outsideFolder)
    for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() {
      guard name.contains(".pcap"), let report = try? analyse(folder + "/" + name) else { continue }
      for judged in report.diagnosis.connections {
        let verdict = judged.verdict
        print(
          "\(name) stream \(judged.connection.stream): \(verdict.cause.family.rawValue) "
            + "\(verdict.cause.id) \((verdict.confidence * 100).rounded() / 100)"
        )
        if name.contains("accepted") || name.contains("success") || name.contains("auth1") {
          #expect(verdict.severity != .failure, "\(name)")
        }
      }
    }
  }

  /// Which captures fire each cause, and which others hold its necessary evidence and are judged
  /// otherwise: its near misses.
  @Test func everyCauseHasItsCapturesAndNearMisses() throws {
    var fired: [String: Set<String>] = [:]
    var nearly: [String: Set<String>] = [:]
    for golden in GoldenCase.all {
      for judged in try analyse(golden.capture.path).diagnosis.connections {
        let kinds = Set(judged.verdict.observed.map(\.kind))
        fired[judged.verdict.cause.id, default: []].insert(golden.testDescription)
        for cause in Catalogue.causes where cause.id != judged.verdict.cause.id {
          let all = cause.necessary + cause.given
          let met = all.count { !kinds.isDisjoint(with: $0) }
          if 0 < met, all.count - 1 <= met {
            nearly[cause.id, default: []].insert(golden.testDescription)
          }
        }
      }
    }
    for cause in Catalogue.causes {
      let captures = (fired[cause.id] ?? []).sorted()
      let misses = (nearly[cause.id] ?? []).subtracting(captures).sorted()
      print(
        "\(cause.id): \(captures.count) fire it (\(captures.prefix(3).joined(separator: ", "))); "
          + "\(misses.count) near misses (\(misses.prefix(3).joined(separator: ", ")))"
      )
    }
    // What several conditions make has captures in which one of them is missing; but whoever connects
    // and says nothing is a probe however it leaves.
    let lacking = fired.filter { id, captures in
      guard let cause = Catalogue.cause(id) else { return false }
      return 3 <= captures.count && 1 < (cause.necessary + cause.given).count
        && (nearly[id] ?? []).isEmpty
    }
    #expect(Set(lacking.keys).isSubset(of: ["health_probe"]))
  }
}
