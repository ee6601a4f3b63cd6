#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A bar on stderr for what takes more than a second; never where stderr is no terminal.
struct Progress {
  private static let width = 30

  private let total: Int
  private let isShown: Bool
  private let start = ContinuousClock.now
  private var isDrawn = false

  /// A bar for one capture.
  init(path: String, isShown: Bool) {
    self.isShown = isShown && isatty(STDERR_FILENO) == 1
    // The attributes have the owner's name, for which the system's lists of users are read.
    let attributes =
      self.isShown ? try? FileManager.default.attributesOfItem(atPath: path) : nil
    total = (attributes?[.size] as? Int) ?? 0
  }

  /// A bar for several captures.
  init(captures: Int, isShown: Bool) {
    total = captures
    self.isShown = isShown && isatty(STDERR_FILENO) == 1
  }

  /// Redraws the bar.
  ///
  /// - Parameter done: Octets of the capture, or captures.
  mutating func update(_ done: Int) {
    guard isShown, .seconds(1) < start.duration(to: .now) else { return }
    isDrawn = true
    guard 0 < total else { return StandardError.write("\r\(done >> 20) MiB read") }
    let share = min(1, Double(done) / Double(total))
    let filled = Int(share * Double(Self.width))
    let bar =
      String(repeating: "#", count: filled) + String(repeating: ".", count: Self.width - filled)
    StandardError.write("\r[\(bar)] \(Int(share * 100)) %")
  }

  /// Clears the bar's line.
  mutating func finish() {
    guard isDrawn else { return }
    StandardError.write("\r\u{1B}[K")
  }
}
