import Foundation

/// The command that the tests' build made, and what one run of it gave.
enum Command {
  /// The repository.
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The folder with the binary: the tests' own.
  static let binaries: URL = {
    let own = URL(filePath: ProcessInfo.processInfo.arguments[0]).deletingLastPathComponent()
    let candidates = [own, Bundle.main.bundleURL, root.appending(path: ".build/debug")]
    return candidates.first {
      FileManager.default.isExecutableFile(atPath: $0.appending(path: "rdpscope").path)
    } ?? own
  }()

  /// Whether the command was built with a sanitizer, as `make test-address` says.
  static let isSanitized = ProcessInfo.processInfo.environment["RDPSCOPE_SANITIZER"] != nil

  struct Result {
    let status: Int32
    let output: Data
    let errors: String

    var text: String { String(decoding: output, as: UTF8.self) }
  }

  /// Runs `rdpscope` with arguments.
  static func run(_ arguments: String..., in folder: URL = root) throws -> Result {
    try run(binaries.appending(path: "rdpscope"), arguments, in: folder)
  }

  /// Runs a line of shell, `rdpscope` being on its path.
  static func shell(
    _ line: String,
    in folder: URL = root,
    environment: [String: String] = [:]
  ) throws -> Result {
    try run(
      URL(filePath: "/bin/bash"),
      ["-euo", "pipefail", "-c", line],
      in: folder,
      environment: environment
    )
  }

  static func run(
    _ program: URL,
    _ arguments: [String],
    in folder: URL,
    environment: [String: String] = [:]
  ) throws -> Result {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.currentDirectoryURL = folder
    var variables = ProcessInfo.processInfo.environment
    variables["PATH"] = binaries.path + ":" + (variables["PATH"] ?? "")
    process.environment = variables.merging(environment) { $1 }
    let streams = try TemporaryFolder()
    let files = ["out", "err"].map { streams.url.appending(path: $0) }
    for file in files { try Data().write(to: file) }
    process.standardOutput = try FileHandle(forWritingTo: files[0])
    process.standardError = try FileHandle(forWritingTo: files[1])
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    return Result(
      status: process.terminationStatus,
      output: try Data(contentsOf: files[0]),
      errors: String(decoding: try Data(contentsOf: files[1]), as: UTF8.self)
    )
  }
}

/// A folder that is gone when the test is.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "rdpscope-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// Copies a case of `Captures/`.
  func copy(_ name: String, to place: String? = nil) throws {
    try FileManager.default.copyItem(
      at: Command.root.appending(path: "Captures/\(name)"),
      to: url.appending(path: place ?? name)
    )
  }

  func write(_ text: String, to place: String) throws {
    try Data(text.utf8).write(to: url.appending(path: place))
  }

  func read(_ place: String) throws -> String {
    String(decoding: try Data(contentsOf: url.appending(path: place)), as: UTF8.self)
  }

  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: url.path).sorted() }
  }
}
