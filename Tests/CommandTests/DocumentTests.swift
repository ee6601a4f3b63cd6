import Foundation
import Testing

/// The commands of `Docs/ci.md` are run as they stand there.
@Suite struct DocumentTests {
  /// Lines of the document's code that begin with the command, alone or after a step's key.
  static let commands: [String] = {
    let url = Command.root.appending(path: "Docs/ci.md")
    let text = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
    var isCode = false
    var found: [String] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") { isCode.toggle() }
      guard isCode, let start = line.range(of: "rdpscope ")?.lowerBound else { continue }
      let before = line[..<start].trimmingCharacters(in: .whitespaces)
      guard ["", "-", "run:", "- run:", "sh '", "$"].contains(before) else { continue }
      var command = String(line[start...])
      if before == "sh '", command.hasSuffix("'") { command.removeLast() }
      found.append(command)
    }
    return found
  }()

  @Test func thereAreCommands() { #expect(8 <= Self.commands.count) }

  @Test(arguments: commands)
  func theCommandWorks(_ command: String) throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "Captures"),
      withIntermediateDirectories: true
    )
    for name in ["nla-required", "port-closed", "healthy-twice"] {
      try folder.copy(name, to: "Captures/\(name)")
    }
    try folder.copy("healthy-twice/capture.pcapng", to: "fresh.pcapng")
    let made = try Command.run("--format", "json", "-o", "known.json", "Captures", in: folder.url)
    #expect(made.status == 0)
    let result = try Command.shell(
      command,
      in: folder.url,
      environment: ["GITHUB_STEP_SUMMARY": folder.url.appending(path: "summary.md").path]
    )
    #expect(result.status == 0, "\(command): \(result.errors)")
  }
}
