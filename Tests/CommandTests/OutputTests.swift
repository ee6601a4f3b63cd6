import Foundation
import Testing

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Reports are whole or not there.
@Suite struct OutputTests {
  @Test func aFolderThatIsNotThereIsSaid() throws {
    let result = try Command.run("-o", "absent/report.txt", "Captures/nla-required")
    #expect(result.status == 74)
    #expect(result.errors.contains("cannot write to absent/report.txt"))
  }

  @Test func aFolderWithoutCapturesIsNotGreen() throws {
    let folder = try TemporaryFolder()
    let result = try Command.run(".", in: folder.url)
    #expect(result.status == 65)
    #expect(result.errors.contains("holds no capture"))
  }

  @Test func theOldReportStaysUntilTheNewOneIsWhole() throws {
    let folder = try TemporaryFolder()
    try folder.copy("nla-required")
    try folder.write("old", to: "report.json")
    #expect(
      try Command.run("-o", "report.json", "absent.pcap", in: folder.url).status == 66
    )
    #expect(try folder.read("report.json") == "old")
    #expect(
      try Command.run("--format", "json", "-o", "report.json", "nla-required", in: folder.url)
        .status == 0
    )
    #expect(try folder.read("report.json").hasPrefix("{"))
    #expect(try folder.names == ["nla-required", "report.json"])
  }

  /// They are read side by side.
  @Test func severalCapturesAreReportedAsOneByOne() throws {
    let folder = Command.root.appending(path: "Captures")
    let cases = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      .filter {
        FileManager.default.fileExists(atPath: folder.appending(path: $0 + "/expected.json").path)
      }
      .map { "Captures/\($0)" }
    try #require(10 <= cases.count)
    var lines: [String] = []
    for path in cases { lines += try connections(of: [path]).lines }
    let all = try connections(of: ["absent.pcap"] + cases + ["README.md", "gone.pcap"])
    #expect(all.lines == lines)
    #expect(all.result.status == 66)
    let named = all.result.errors.split(separator: "\n").map(String.init)
    try #require(named.count == 3)
    for (line, name) in zip(named, ["absent.pcap", "README.md", "gone.pcap"]) {
      #expect(line.contains(name))
    }
  }

  /// A line for each connection, without the numbers that count over all captures.
  private func connections(of paths: [String]) throws -> (lines: [String], result: Command.Result) {
    let result = try Command.run(
      Command.binaries.appending(path: "rdpscope"),
      ["analyze", "--format", "jsonl"] + paths,
      in: Command.root
    )
    let lines = result.text.split(separator: "\n").map {
      String($0.replacing(/"(capture|attempt)":[0-9]+,?/, with: ""))
    }
    return (lines, result)
  }

  @Test func aLinkStaysALink() throws {
    let folder = try TemporaryFolder()
    try folder.copy("nla-required")
    try folder.write("old", to: "real.txt")
    _ = try Command.shell("ln -s real.txt link.txt", in: folder.url)
    #expect(try Command.run("-o", "link.txt", "nla-required", in: folder.url).status == 0)
    #expect(try folder.read("real.txt").contains("FAILURE"))
    #expect(try Command.shell("test -L link.txt", in: folder.url).status == 0)
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
  func aFullDeviceIsSaid() throws {
    let result = try Command.run("-o", "/dev/full", "Captures/nla-required")
    #expect(result.status == 74)
    #expect(result.errors.contains("No space left on device"))
  }

  /// A small disk in a mount namespace of its own, where that is allowed.
  @Test func aFullDiskLeavesNothingUnderTheName() throws {
    let allowed = try Command.shell("unshare -rm mount -t tmpfs -o size=64k tmpfs /mnt")
    guard allowed.status == 0 else { return }
    let result = try Command.shell(
      """
      unshare -rm bash -c 'mount -t tmpfs -o size=64k tmpfs /mnt
      echo old > /mnt/report.json
      rdpscope --format json -o /mnt/report.json Captures && exit 99
      echo "status $?"; ls /mnt; cat /mnt/report.json'
      """
    )
    #expect(result.text == "status 74\nreport.json\nold\n")
    #expect(result.errors.contains("No space left on device"))
  }

  @Test func aClosedPipeEndsQuietly() throws {
    let result = try Command.shell("rdpscope --format json Captures | head -c 10; exit 0")
    #expect(result.errors == "")
    // Also where the shell's parent ignores the signal.
    let ignored = try Command.shell(
      "trap '' PIPE; { rdpscope --format json Captures; } | true; true"
    )
    #expect(ignored.errors == "")
  }
}
