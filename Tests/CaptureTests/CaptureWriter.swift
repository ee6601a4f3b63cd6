import Foundation
import Wire

@testable import Capture

/// Encodes capture files for the tests.
struct CaptureWriter {
  var order: ByteOrder = .little
  var bytes: [UInt8] = []

  func field<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
    let ordered = order == .big ? value.bigEndian : value.littleEndian
    return unsafe withUnsafeBytes(of: ordered) { unsafe Array($0) }
  }

  // MARK: Classic pcap

  mutating func pcapHeader(
    magic: UInt32 = 0xa1b2_c3d4,
    linkType: UInt32 = 1,
    snapLength: UInt32 = 65_535
  ) {
    bytes += field(magic) + field(UInt16(2)) + field(UInt16(4)) + field(UInt64(0))
    bytes += field(snapLength) + field(linkType)
  }

  mutating func pcapPacket(
    _ data: [UInt8],
    seconds: UInt32 = 1,
    fraction: UInt32 = 0,
    claimed: UInt32? = nil,
    original: UInt32? = nil
  ) {
    bytes += field(seconds) + field(fraction) + field(claimed ?? UInt32(data.count))
    bytes += field(original ?? UInt32(data.count)) + data
  }

  // MARK: pcapng

  static func padded(_ data: [UInt8]) -> [UInt8] {
    data + [UInt8](repeating: 0, count: -data.count & 3)
  }

  func option(_ code: UInt16, _ value: [UInt8]) -> [UInt8] {
    field(code) + field(UInt16(value.count)) + Self.padded(value)
  }

  mutating func block(_ type: UInt32, _ body: [UInt8], claimed: UInt32? = nil) {
    let length = field(claimed ?? UInt32(body.count + 12))
    bytes += field(type) + length + body + length
  }

  mutating func section(options: [UInt8] = []) {
    block(
      0x0a0d_0d0a,
      field(UInt32(0x1a2b_3c4d)) + field(UInt16(1)) + field(UInt16(0)) + field(Int64(-1)) + options
    )
  }

  mutating func interface(
    linkType: UInt16 = 1,
    snapLength: UInt32 = 0,
    options: [UInt8] = []
  ) {
    block(1, field(linkType) + field(UInt16(0)) + field(snapLength) + options)
  }

  mutating func packet(
    _ data: [UInt8],
    ticks: UInt64 = 1_000_000,
    interface: UInt32 = 0,
    claimed: UInt32? = nil,
    original: UInt32? = nil,
    options: [UInt8] = []
  ) {
    block(
      6,
      field(interface) + field(UInt32(ticks >> 32)) + field(UInt32(truncatingIfNeeded: ticks))
        + field(claimed ?? UInt32(data.count)) + field(original ?? UInt32(data.count))
        + Self.padded(data) + options
    )
  }
}

/// Ethernet with IPv4 and the first octets of TCP to `port`.
func ethernetTCP(port: UInt16) -> [UInt8] {
  [UInt8](repeating: 2, count: 12) + [8, 0] + ipv4TCP(port: port)
}

/// IPv4 and the first octets of TCP to `port`.
func ipv4TCP(port: UInt16) -> [UInt8] {
  [0x45, 0, 0, 40, 0, 0, 0, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 0xc0, 0]
    + [UInt8(port >> 8), UInt8(port & 0xff)] + [UInt8](repeating: 0, count: 16)
}

/// A folder of its own that goes away with the value.
final class Scratch {
  let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "/capture-tests-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func file(_ bytes: [UInt8], _ name: String = "test.pcap") throws -> String {
    let path = folder + "/" + name
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return path
  }

  /// A named pipe that a child fills with `bytes`.
  func pipe(_ bytes: [UInt8]) throws -> String {
    let source = try file(bytes, "source")
    try shell("mkfifo \(folder)/fifo")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "cat \(source) > \(folder)/fifo"]
    try process.run()
    return folder + "/fifo"
  }

  @discardableResult func shell(_ command: String) throws -> Bool {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", command]
    process.standardError = nil
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus == 0
  }
}

/// Everything a source gave.
struct Reading {
  var records: [PacketRecord] = []
  var packets: [[UInt8]] = []
  var metadata = CaptureMetadata(format: "")

  var codes: [String] { metadata.warnings.map(\.code) }

  init(_ source: any PacketSource) throws(CaptureError) {
    while try source.advance() {
      records.append(source.record)
      var packet: [UInt8] = []
      source.withBytes { packet = $0.array(0..<$0.count) }
      packets.append(packet)
    }
    metadata = source.metadata
  }

  init(path: String, filter: String? = nil) throws(CaptureError) {
    try self.init(CaptureFile.open(path, filter: filter))
  }

  init(_ bytes: [UInt8], filter: String? = nil) throws {
    let scratch = try Scratch()
    try self.init(path: scratch.file(bytes), filter: filter)
  }
}
