import Foundation
import Testing

/// Strict memory safety marks what the compiler cannot prove; this says where such code may be.
@Suite struct StrictnessTests {
  /// Files that talk to the operating system, where every pointer comes from or goes to C.
  static let systemFolders = ["Capture/", "rdpscope/"]
  /// The others, each with its reason.
  static let named: [String: String] = [
    "Wire/SideThread.swift": "a thread and its lock are C's",
    "Wire/OctetBuffer.swift": "owns the memory of a text, and lends its end",
    "Wire/SpanFields.swift": "copies a checked range of a span at once",
    "Timeline/Following/LentOctets.swift": "octets of a window outlive the packet that lends them",
    "Timeline/Following/SegmentLane.swift": "segments change threads and count no references",
    "Timeline/Following/FollowedTraffic.swift": "owns the memory of what is handed over",
    "Timeline/Following/FollowedConnection.swift": "a tracker is fed without counting references",
    "Reports/JSON/JSONWriter.swift": "escapes text in place, many megabytes of it",
  ]
  /// What no file may hold: it would hide from the compiler what it checks.
  static let forbidden = [
    "@unchecked Sendable", "nonisolated(unsafe)", "unsafeBitCast", "-Ounchecked", "try!", "as!",
    "unowned(unsafe)", "@_silgen_name",
  ]

  static var sources: [(path: String, code: String)] {
    get throws {
      let folder = Command.root.appending(path: "Sources")
      let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
      return try paths.filter { $0.hasSuffix(".swift") }.sorted().map { path in
        let text = try String(contentsOf: folder.appending(path: path), encoding: .utf8)
        let lines = text.split(separator: "\n").filter {
          !$0.drop { $0 == " " }.hasPrefix("//")
        }
        return (path, lines.joined(separator: "\n"))
      }
    }
  }

  @Test func unsafeCodeIsOnlyInNamedFiles() throws {
    let files = try Self.sources
    #expect(100 < files.count)
    let unsafe = files.filter { $0.code.contains(/\bunsafe\b/) }.map(\.path)
      .filter { path in !Self.systemFolders.contains { path.hasPrefix($0) } }
    #expect(Set(unsafe) == Set(Self.named.keys), "name each file in this test with its reason")
  }

  @Test(arguments: forbidden)
  func nothingHidesFromTheCompiler(_ text: String) throws {
    #expect(try Self.sources.filter { $0.code.contains(text) }.map(\.path) == [])
  }

  @Test func everyTargetIsStrict() throws {
    let package = try String(
      contentsOf: Command.root.appending(path: "Package.swift"),
      encoding: .utf8
    )
    #expect(package.contains(".strictMemorySafety()"))
    #expect(package.contains(".treatAllWarnings(as: .error)"))
    let targets = package.matches(of: /\.(target|executableTarget|testTarget)\(/).count
    let strict = package.matches(of: /swiftSettings: strict/).count
    #expect(targets == strict)
  }
}
