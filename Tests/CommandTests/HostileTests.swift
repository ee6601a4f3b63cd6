import Foundation
import Testing

/// The hostile corpus through the command; `make hostile` runs all of it, on the release build.
@Suite struct HostileTests {
  /// Not the two seconds of the release build: this one is not optimised, and not alone.
  static let secondLimit = 20

  @Test func everyHostileFileIsReportedOrRefused() throws {
    guard try Command.shell("command -v python3").status == 0 else { return }
    let result = try Command.shell(
      "python3 Tests/Hostile/check.py --command \"$(command -v rdpscope)\" --quick "
        + "--seconds \(Self.secondLimit)"
    )
    #expect(result.status == 0, "\(result.text)\(result.errors)")
    #expect(result.text.contains("0 wrong"))
  }
}
