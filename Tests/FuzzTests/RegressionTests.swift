import Foundation
import FuzzOracles
import Testing

/// Inputs that once broke a harness, kept in `Tests/Fuzz/Regressions`, a folder a harness.
@Suite struct RegressionTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Fuzz/Regressions")

  static func inputs(of harness: Harness) -> [URL] {
    let files = try? FileManager.default.contentsOfDirectory(
      at: folder.appending(path: harness.rawValue),
      includingPropertiesForKeys: nil
    )
    return (files ?? []).sorted { $0.path < $1.path }
  }

  @Test(arguments: Harness.allCases)
  func whatOnceBrokeHolds(_ harness: Harness) throws {
    for url in Self.inputs(of: harness) {
      do throws(Violation) {
        try harness.check(try Self.octets(url))
      } catch {
        Issue.record("\(url.lastPathComponent): \(error)")
      }
    }
  }

  /// Every file belongs to a harness: a mistyped folder would never be replayed.
  @Test func everyRegressionBelongsToAHarness() throws {
    let folders = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
    let names = Set(Harness.allCases.map(\.rawValue))
    #expect(folders.filter { !names.contains($0) && $0 != "README.md" } == [])
  }

  private static func octets(_ url: URL) throws(Violation) -> [UInt8] {
    guard let data = try? Data(contentsOf: url) else { throw Violation("cannot be read") }
    return Array(data)
  }
}
