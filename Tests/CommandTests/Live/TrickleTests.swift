import Foundation
import Testing

/// Packets that come one by one without a pause, as where a session is being set up, put off nothing
/// that is due.
@Suite struct TrickleTests {
  /// Packets sent at most: fewer than live capture takes between two looks at the clock.
  private static let limit = 400
  private static let interval = 0.03

  @Test func aVerdictIsToldWhileOthersSpeak() throws {
    let folder = try TemporaryFolder()
    let told = folder.url.appending(path: "told")
    try Data().write(to: told)
    let process = Process()
    process.executableURL = Command.binaries.appending(path: "rdpscope")
    process.arguments = ["live", "-", "--format", "jsonl"]
    let input = Pipe()
    process.standardInput = input
    process.standardOutput = try FileHandle(forWritingTo: told)
    process.standardError = FileHandle.nullDevice
    try process.run()
    let packets = input.fileHandleForWriting
    try packets.write(contentsOf: Data(Self.fileHeader))
    try packets.write(contentsOf: Data(Self.record(Self.segment(fromClient: true), at: 0)))
    try packets.write(contentsOf: Data(Self.record(Self.segment(fromClient: false), at: 0.001)))
    var sentCount = 0
    while sentCount < Self.limit, try !Self.isTold(told) {
      sentCount += 1
      let time = Double(sentCount) * Self.interval
      try packets.write(contentsOf: Data(Self.record(Self.question, at: time)))
      Thread.sleep(forTimeInterval: Self.interval)
    }
    try packets.close()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(sentCount < Self.limit, "told only at the end")
  }

  private static func isTold(_ file: URL) throws -> Bool {
    let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    return text.contains("port_refused_service_down")
  }

  // MARK: - A capture, octet by octet

  private static let fileHeader =
    little(0xA1B2_C3D4) + [2, 0, 4, 0] + little(0) + little(0) + little(65_535) + little(1)

  private static func record(_ octets: [UInt8], at seconds: Double) -> [UInt8] {
    let count = little(UInt32(octets.count))
    let whole = UInt32(seconds)
    return little(1_700_000_000 + whole) + little(UInt32((seconds - Double(whole)) * 1e6)) + count
      + count + octets
  }

  /// A SYN to port 3389 of another host, or the reset that refuses it.
  private static func segment(fromClient: Bool) -> [UInt8] {
    let (client, server): ([UInt8], [UInt8]) = ([10, 0, 0, 1], [10, 0, 0, 2])
    let ports: [UInt8] = fromClient ? [0xC0, 0, 0x0D, 0x3D] : [0x0D, 0x3D, 0xC0, 0]
    let numbers = fromClient ? big(1000) + big(0) : big(0) + big(1001)
    return [2, 0, 0, 0, 0, fromClient ? 2 : 1, 2, 0, 0, 0, 0, fromClient ? 1 : 2]
      + [8, 0, 0x45, 0, 0, 40, 0, 1, 0, 0, 64, 6, 0, 0]
      + (fromClient ? client + server : server + client) + ports + numbers
      + [0x50, fromClient ? 0x02 : 0x14, 0x20, 0, 0, 0, 0, 0]
  }

  /// An ARP request of a third host.
  private static let question: [UInt8] =
    [UInt8](repeating: 0xFF, count: 6) + [2, 0, 0, 0, 0, 3, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1]
    + [2, 0, 0, 0, 0, 3, 10, 0, 0, 3] + [UInt8](repeating: 0, count: 6) + [10, 0, 0, 4]

  private static func little(_ number: UInt32) -> [UInt8] { big(number).reversed() }

  private static func big(_ number: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
  }
}
