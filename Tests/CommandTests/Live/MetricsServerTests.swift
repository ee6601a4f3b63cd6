import Foundation
import Testing

@testable import rdpscope

/// `--metrics`: whoever asks is answered from the loop, and nobody waits.
@Suite struct MetricsServerTests {
  /// As live capture does: who asks may go.
  init() { Signals.ignoreBrokenPipes() }

  /// A server on a free port.
  private func server() throws -> (MetricsServer, UInt16) {
    for _ in 0..<50 {
      let port = UInt16.random(in: 20_000..<32_000)
      if let server = try? MetricsServer("127.0.0.1:\(port)") { return (server, port) }
    }
    throw CocoaError(.featureUnsupported)
  }

  @Test func itAnswersWithTheMetricsOfTheMoment() throws {
    let (server, port) = try server()
    let url = try #require(URL(string: "http://127.0.0.1:\(port)/metrics"))
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", Self.client, url.absoluteString]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let deadline = ContinuousClock.now + .seconds(60)
    while process.isRunning, ContinuousClock.now < deadline {
      server.tick { "rdpscope_packets_total 7\n" }
      Thread.sleep(forTimeInterval: 0.01)
    }
    if process.isRunning { process.terminate() }
    let answer = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    #expect(answer.hasPrefix("text/plain; version=0.0.4"))
    #expect(answer.hasSuffix("\nrdpscope_packets_total 7\n"))
  }

  private static let client = """
    import sys, urllib.request
    with urllib.request.urlopen(sys.argv[1], timeout=50) as answer:
        sys.stdout.write(answer.headers["Content-Type"] + "\\n" + answer.read().decode())
    """

  @Test func itIsNotAskedForTheMetricsWhereNobodyAsks() throws {
    let (server, _) = try server()
    for _ in 0..<100 {
      server.tick {
        Issue.record("nobody asked"); return ""
      }
    }
  }

  @Test(arguments: ["", "9469", "127.0.0.1:", "127.0.0.1:nothing", "256.1.1.1:9469"])
  func whatIsNoAddressIsRefused(_ address: String) {
    #expect(throws: WriteError.self) { try MetricsServer(address) }
  }
}
