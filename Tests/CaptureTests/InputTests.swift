import Foundation
import Testing
import Wire

@testable import Capture

@Suite struct InputTests {
  static func pcap() -> [UInt8] {
    var writer = CaptureWriter()
    writer.pcapHeader()
    for byte: UInt8 in 1...50 { writer.pcapPacket([byte, byte]) }
    return writer.bytes
  }

  static func pcapng() -> [UInt8] {
    var writer = CaptureWriter(order: .big)
    writer.section()
    writer.interface()
    for byte: UInt8 in 1...50 { writer.packet([byte, byte]) }
    return writer.bytes
  }

  static let packets = (1...50).map { [UInt8($0), UInt8($0)] }

  @Test(arguments: [pcap(), pcapng()])
  func pipesAreReadAsFilesAre(_ bytes: [UInt8]) throws {
    let scratch = try Scratch()
    #expect(try Reading(path: scratch.pipe(bytes)).packets == Self.packets)
  }

  @Test(arguments: [pcap(), pcapng()], Compression.allCases)
  func compressedFilesAndPipesAreRead(_ bytes: [UInt8], _ compression: Compression) throws {
    let scratch = try Scratch()
    let path = try scratch.file(bytes)
    guard try scratch.shell("\(compression.tool) -c < \(path) > \(path).packed 2>/dev/null") else {
      return  // The tool is not installed here.
    }
    let packed = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path + ".packed")))
    #expect(packed.starts(with: compression.magic))
    #expect(try Reading(path: path + ".packed").packets == Self.packets)
    #expect(CaptureFile.isCapture(path + ".packed"))
    let piped = try Reading(path: scratch.pipe(packed))
    #expect(piped.packets == Self.packets)
    #expect(piped.metadata.warnings.isEmpty)
  }

  @Test func cutCompressedFileIsReadUpToThere() throws {
    let scratch = try Scratch()
    let path = try scratch.file(Self.pcap())
    guard try scratch.shell("gzip -c < \(path) | head -c 60 > \(path).gz") else { return }
    let reading = try Reading(path: path + ".gz")
    #expect(reading.codes.last == "capture_truncated")
    #expect(reading.packets == Array(Self.packets.prefix(reading.packets.count)))
  }

  /// The child still has megabytes to write when we stop reading, and must not be waited for.
  @Test(.timeLimit(.minutes(5)))
  func hostileLengthInACompressedFileEndsThePackets() throws {
    let scratch = try Scratch()
    var pcap = CaptureWriter()
    pcap.pcapHeader()
    pcap.pcapPacket([1])
    pcap.pcapPacket([UInt8](repeating: 2, count: 3_000_000), claimed: .max)
    var pcapng = CaptureWriter()
    pcapng.section()
    pcapng.interface()
    pcapng.packet([1])
    pcapng.block(6, [UInt8](repeating: 2, count: 3_000_000), claimed: .max)
    for bytes in [pcap.bytes, pcapng.bytes] {
      let path = try scratch.file(bytes)
      guard try scratch.shell("gzip -c < \(path) > \(path).gz") else { return }
      let reading = try Reading(path: path + ".gz")
      #expect(reading.packets == [[1]])
      #expect(reading.codes == ["capture_broken"])
    }
  }

  @Test func compressedFileThatGivesNothingIsRefused() throws {
    let scratch = try Scratch()
    let path = try scratch.file([0x1f, 0x8b, 8, 0])
    let error = try #require(throws: CaptureError.self) { try Reading(path: path) }
    #expect(error.kind == .notACapture)
    #expect(error.message.contains("gets nothing out of it"))
  }

  @Test func abandonedDecompressorIsReaped() throws {
    let scratch = try Scratch()
    var writer = CaptureWriter()
    writer.pcapHeader()
    for _ in 0..<20 { writer.pcapPacket([UInt8](repeating: 5, count: 60_000)) }
    let path = try scratch.file(writer.bytes)
    guard try scratch.shell("gzip -c < \(path) > \(path).gz") else { return }
    for _ in 0..<3 {
      let source = try CaptureFile.open(path + ".gz", filter: nil)
      #expect(try source.advance())
    }
    #expect(CaptureFile.isCapture(path + ".gz"))
  }

  struct Refusal: Sendable {
    let bytes: [UInt8]
    var name = "file"
    let kind: CaptureError.Kind
    let says: String
  }

  @Test(arguments: [
    Refusal(bytes: [], kind: .notACapture, says: "is empty"),
    Refusal(bytes: Array("hello, world".utf8), kind: .notACapture, says: "not a pcap"),
    Refusal(bytes: [0xd4, 0xc3, 0xb2], kind: .notACapture, says: "not a pcap"),
    Refusal(bytes: Array("GMBU\u{1}\u{2}..".utf8), kind: .needsConverting, says: "editcap"),
    Refusal(bytes: Array("RTSS\u{1}\u{2}..".utf8), kind: .needsConverting, says: "editcap"),
    Refusal(bytes: Array("snoop\0\0\0\0\0\0\u{2}".utf8), kind: .needsConverting, says: "editcap"),
    Refusal(bytes: [0, 0, 0, 0, 9], name: "x.erf", kind: .needsConverting, says: "editcap"),
    Refusal(bytes: [9, 9, 9, 9], name: "X.ETL", kind: .needsConverting, says: "pktmon etl2pcap"),
    Refusal(
      bytes: [0, 0, 1, 0, 72, 2, 0, 0, 0],
      kind: .needsConverting,
      says: "pktmon etl2pcap"
    ),
    Refusal(
      bytes: Array("PK\u{3}\u{4}....".utf8),
      name: "it's",
      kind: .needsConverting,
      says: "'\\''"
    ),
    Refusal(
      bytes: [0x0a, 0x0d, 0x0d, 0x0a] + [UInt8](repeating: 0, count: 40),
      kind: .notACapture,
      says: "byte-order magic"
    ),
    Refusal(
      bytes: [0xd4, 0xc3, 0xb2, 0xa1, 99, 0] + [UInt8](repeating: 0, count: 40),
      kind: .notACapture,
      says: "version"
    ),
  ])
  func whatIsNoCaptureIsRefusedByName(_ refusal: Refusal) throws {
    let scratch = try Scratch()
    let path = try scratch.file(refusal.bytes, refusal.name)
    let error = try #require(throws: CaptureError.self) { try Reading(path: path) }
    #expect(error.kind == refusal.kind)
    #expect(error.message.contains(refusal.says), "\(error.message)")
  }

  @Test func onlyCapturesAreFoundInFolders() throws {
    let scratch = try Scratch()
    #expect(try CaptureFile.isCapture(scratch.file(Self.pcap(), "a.txt")))
    #expect(try CaptureFile.isCapture(scratch.file(Self.pcapng(), "b")))
    #expect(try !CaptureFile.isCapture(scratch.file(Array("text".utf8), "c.pcap")))
    #expect(try !CaptureFile.isCapture(scratch.file([], "d.pcap")))
    #expect(!CaptureFile.isCapture(scratch.folder))
    #expect(!CaptureFile.isCapture(scratch.folder + "/none"))
  }

  @Test func foldersMissingAndForbiddenFilesAreToldApart() throws {
    let scratch = try Scratch()
    let folder = try #require(throws: CaptureError.self) { try Reading(path: scratch.folder) }
    #expect(folder.kind == .unreadable)
    let missing = try #require(throws: CaptureError.self) {
      try Reading(path: scratch.folder + "/none.pcap")
    }
    #expect(missing.kind == .notFound)
    guard getuid() != 0 else { return }  // Root may read everything.
    let path = try scratch.file(Self.pcap())
    try scratch.shell("chmod 000 \(path)")
    let forbidden = try #require(throws: CaptureError.self) { try Reading(path: path) }
    #expect(forbidden.kind == .notPermitted)
  }
}
