import Capture
import Foundation
import Testing
import Wire

@testable import rdpscope

/// `--write`: files that anybody can read, whatever happened.
@Suite struct RotatingCaptureTests {
  private static let interfaces = [
    CaptureInterface(linkType: LinkType(rawValue: 1), snapLength: 65_535)
  ]

  /// Writes packets of 1000 octets, ten a second.
  private func write(_ count: Int, to capture: RotatingCapture) {
    let octets = [UInt8](repeating: 7, count: 1000)
    for number in 0..<count {
      let record = PacketRecord(
        timestamp: Timestamp(nanoseconds: 1_700_000_000_000_000_000 + Int64(number) * 100_000_000),
        frame: number + 1,
        capturedLength: octets.count,
        originalLength: octets.count,
        linkType: LinkType(rawValue: 1),
        interface: 0
      )
      capture.write(record, octets.span, Self.interfaces)
    }
  }

  /// Packets of each file in a folder, in the order of their names.
  private func counts(in folder: URL) throws -> [Int] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map { name in
      let source = try CaptureFile.open(folder.appending(path: name).path, filter: nil)
      while try source.advance() {}
      #expect(source.metadata.warnings.isEmpty)
      return source.record.frame
    }
  }

  @Test func oneFileHoldsAll() throws {
    let folder = try TemporaryFolder()
    let path = folder.url.appending(path: "all.pcapng").path
    let capture = RotatingCapture(path: path, limits: .init())
    write(1000, to: capture)
    capture.finish(dropped: 3, at: Timestamp(nanoseconds: 1_700_000_100_000_000_000))
    #expect(try counts(in: folder.url) == [1000])
    #expect(capture.lostCount == 0 && capture.problem == nil)
  }

  @Test func aRowRotatesBySizeAndKeepsTheLast() throws {
    let folder = try TemporaryFolder()
    let path = folder.url.appending(path: "row.pcapng").path
    let capture = RotatingCapture(path: path, limits: .init(bytes: 100_000, files: 3))
    write(1000, to: capture)
    capture.finish()
    let counts = try counts(in: folder.url)
    #expect(counts.count == 3 && counts.dropLast().allSatisfy { 90...100 ~= $0 })
  }

  @Test func aRowRotatesByTime() throws {
    let folder = try TemporaryFolder()
    let path = folder.url.appending(path: "row.pcapng").path
    let capture = RotatingCapture(path: path, limits: .init(seconds: 10))
    write(350, to: capture)
    capture.finish()
    #expect(try counts(in: folder.url) == [100, 100, 100, 50])
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
    #expect(names.first == "row_00001_20231114221320.pcapng")
  }

  @Test func whatIsInTheWayOfAFileIsSaidAtOnce() throws {
    let capture = RotatingCapture(path: "/nonexistent/all.pcapng", limits: .init())
    #expect(throws: WriteError.self) { try capture.check() }
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "there is no /dev/full"))
  func lostPacketsAreCounted() {
    let capture = RotatingCapture(path: "/dev/full", limits: .init())
    write(500, to: capture)
    capture.finish()
    #expect(capture.lostCount == 500)
    #expect(capture.problem?.contains("/dev/full") == true)
  }

  @Test func aFileThatWasMovedAwayIsFollowedByAnother() throws {
    let folder = try TemporaryFolder()
    let file = folder.url.appending(path: "b.pcapng")
    let capture = RotatingCapture(path: file.path, limits: .init())
    write(10, to: capture)
    capture.reopen()  // Nobody moved it: it goes on.
    write(10, to: capture)
    capture.flush()
    try FileManager.default.moveItem(at: file, to: folder.url.appending(path: "a.pcapng"))
    capture.reopen()
    write(5, to: capture)
    capture.finish()
    #expect(try counts(in: folder.url) == [20, 5])
  }
}
