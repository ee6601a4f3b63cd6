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

/// Where the blocks or packets of a capture end.
struct BlockEnds {
  /// Octets without which a file is no capture at all.
  let header: Int
  /// Offsets after each block or packet, the file header included.
  private(set) var offsets: [Int] = []

  init(of data: Data) {
    let octets = [UInt8](data)
    let isBlocks = octets.starts(with: [0x0A, 0x0D, 0x0D, 0x0A])
    func number(_ offset: Int, isLittle: Bool) -> Int {
      let four = octets[offset..<offset + 4]
      return (isLittle ? four.reversed() : Array(four)).reduce(0) { $0 << 8 | Int($1) }
    }
    let isLittle = isBlocks ? octets[8] == 0x4D : octets[0] != 0xA1
    var offset = isBlocks ? 0 : 24
    header = isBlocks ? number(4, isLittle: isLittle) : 24
    if !isBlocks { offsets.append(offset) }
    while offset + (isBlocks ? 12 : 16) <= octets.count {
      let length = number(offset + (isBlocks ? 4 : 8), isLittle: isLittle)
      offset += isBlocks ? max(12, length) : 16 + length
      offsets.append(offset)
    }
  }
}

@Suite struct BrokenCaptureTests {
  /// Places at which each capture is cut.
  static let cutCount = 240
  /// Damaged copies of each capture.
  static let flipCount = 16

  @Test(arguments: GoldenCase.all)
  func everyPrefixIsReportedWithAWarning(_ golden: GoldenCase) throws {
    let url = try golden.capture
    guard url.pathExtension != "gz" else { return }
    let data = try Data(contentsOf: url)
    let ends = BlockEnds(of: data)
    #expect(ends.offsets.last == data.count)
    var reported = 0
    for cut in 1..<Self.cutCount {
      let length = data.count * cut / Self.cutCount
      guard ends.header <= length else { continue }
      let report = try withFile(data.prefix(length)) { try analyse($0) }
      let codes = report.warnings.map(\.code)
      let isInside = !ends.offsets.contains(length)
      #expect(codes.contains("capture_truncated") == isInside, "cut at \(length): \(codes)")
      reported += 1
    }
    #expect(Self.cutCount * 3 / 4 < reported)
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
