import Analysis
import Capture
import Foundation
import Reports
import Testing

/// A seeded generator, so that a failing run can be repeated.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}

@Suite struct BrokenCaptureTests {
  /// Places at which each capture is cut; a few hundred over all of them.
  static let cutCount = 24
  /// Damaged copies of each capture.
  static let flipCount = 16

  @Test(arguments: GoldenCase.all)
  func everyPrefixIsReportedWithAWarning(_ golden: GoldenCase) throws {
    let url = try golden.capture
    guard url.pathExtension != "gz" else { return }
    let data = try Data(contentsOf: url)
    for cut in 1..<Self.cutCount {
      let length = data.count * cut / Self.cutCount
      let report = try withFile(data.prefix(length)) { try analyse($0) }
      let isAtBoundary = report.warnings.isEmpty
      #expect(!isAtBoundary || report.packets > 0, "cut at \(length)")
      #expect(report.packets >= 0)
    }
  }

  @Test(arguments: GoldenCase.all)
  func damagedCapturesAreReportedOrRefused(_ golden: GoldenCase) throws {
    let url = try golden.capture
    guard url.pathExtension != "gz" else { return }
    let data = try Data(contentsOf: url)
    for seed in 0..<UInt64(Self.flipCount) {
      var generator = SeededGenerator(seed: seed)
      var damaged = data
      for _ in 0..<32 {
        damaged[Int.random(in: 24..<data.count, using: &generator)] = .random(
          in: 0...255,
          using: &generator
        )
      }
      do {
        let report = try withFile(damaged) { try analyse($0) }
        let text = JSONReport.text(AnalysisReport(captures: [report]), version: "test")
        #expect((try? JSONSerialization.jsonObject(with: Data(text))) != nil, "seed \(seed)")
      } catch let error as CaptureError {
        #expect(!error.message.isEmpty)
      }
    }
  }

  private func withFile<Result>(_ data: Data, _ body: (String) throws -> Result) throws -> Result {
    let url = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try data.write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    return try body(url.path)
  }
}
