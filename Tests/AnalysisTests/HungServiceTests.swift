import Diagnosis
import Foundation
import Reports
import Streams
import Testing

/// Services that hang while their system goes on acknowledging, and what looks like it.
@Suite struct HungServiceTests {
  /// Captures with the octets that their cipher adds to a record.
  static let sessions = [
    ("healthy-tls12-closed-by-user", 24), ("healthy-tls13-closed-by-user", 17),
  ]

  /// Heartbeats, and then so many keys of the client's, one a second, of which each is acknowledged.
  private func forge(
    _ name: String,
    _ overhead: Int,
    heartbeats: Int = 8,
    every interval: Double = 1,
    keys: Int
  ) throws -> PacketForge {
    var forge = try HealthyCapture.named(name).forge(upTo: .session)
    forge.say(.server, [UInt8](repeating: 0, count: forge.missingOfServersRecord))
    forge.beat(heartbeats, every: interval, overhead)
    for _ in 0..<keys {
      forge.segment(from: .client, [.psh, .ack], forge.record(of: 60), after: 1)
      forge.segment(from: .server, .ack, after: 0.04)
    }
    return forge
  }

  private func verdict(_ forge: PacketForge) throws -> Verdict {
    try #require(forge.list.analyse().diagnosis.connections.first?.verdict)
  }

  @Test(arguments: sessions)
  func heartbeatsThatStopAreAHang(_ name: String, _ overhead: Int) throws {
    var forge = try forge(name, overhead, keys: 15)
    let open = try verdict(forge)
    #expect(open.cause.id == "termservice_hung")
    forge.segment(from: .client, [.rst, .ack], after: 1)
    let closed = try verdict(forge)
    #expect(closed.cause.id == "termservice_hung")
    #expect(closed.evidence.contains { $0.kind == .heartbeatsStopped && 3 <= $0.frames.count })
  }

  /// A screen on which nothing changes.
  @Test(arguments: sessions)
  func heartbeatsThatGoOnAreHealth(_ name: String, _ overhead: Int) throws {
    var forge = try forge(name, overhead, keys: 0)
    for _ in 0..<20 {
      forge.segment(from: .client, [.psh, .ack], forge.record(of: 60), after: 0.5)
      forge.beat(1, every: 0.5, overhead)
    }
    #expect(try verdict(forge).cause.id == "session_open")
    forge.segment(from: .client, [.rst, .ack], after: 0.5)
    #expect(try verdict(forge).cause.id == "closed_by_client")
  }

  /// Who leaves within some seconds has waited for nothing.
  @Test(arguments: sessions)
  func aShortSilenceIsNone(_ name: String, _ overhead: Int) throws {
    var forge = try forge(name, overhead, keys: 6)
    forge.segment(from: .client, [.rst, .ack], after: 0.5)
    #expect(try verdict(forge).severity == .none)
  }

  /// Old servers, and those of other makers, have no heartbeat: their silence is named, and settles
  /// nothing.
  @Test(arguments: sessions)
  func silenceWithoutHeartbeatsIsAnAlternative(_ name: String, _ overhead: Int) throws {
    var forge = try forge(name, overhead, heartbeats: 0, keys: 15)
    let open = try verdict(forge)
    #expect(open.cause.id == "session_open")
    #expect(open.confidence < 0.9)
    #expect(open.against.map(\.kind) == [.inputUnanswered])
    forge.segment(from: .client, [.rst, .ack], after: 1)
    let verdict = try verdict(forge)
    #expect(verdict.cause.id == "closed_by_client")
    #expect(verdict.alternatives.map(\.cause.id) == ["termservice_hung"])
    #expect(verdict.confidence < 0.7)
  }

  /// Records of that length that come in a burst are something else.
  @Test(arguments: sessions)
  func aBurstIsNoRow(_ name: String, _ overhead: Int) throws {
    var forge = try forge(name, overhead, every: 0.05, keys: 15)
    forge.segment(from: .client, [.rst, .ack], after: 1)
    #expect(try verdict(forge).severity == .none)
  }

  /// Nobody acknowledges either: the host or the way is gone, and not the service.
  @Test(arguments: sessions)
  func silenceOfTheSystemIsAnotherCause(_ name: String, _ overhead: Int) throws {
    var forge = try forge(name, overhead, keys: 0)
    forge.repeatInVain(.client, after: 1, times: 5)
    forge.segment(from: .client, [.rst, .ack], after: 9.6)
    #expect(try verdict(forge).cause.family == .hostAsleepOrUnreachable)
  }

  /// A server that takes no more data says so, and is stalled.
  @Test(arguments: sessions)
  func aClosedWindowIsAStall(_ name: String, _ overhead: Int) throws {
    var forge = try forge(name, overhead, keys: 0)
    forge.segment(from: .client, [.psh, .ack], forge.record(of: 60), after: 0.1)
    let sequence = forge.client.sequence
    for pause in [0.04, 0.3, 0.6, 1.2, 2.4, 4.8, 5] {
      forge.segment(from: .server, .ack, after: 0.001, window: 0)
      forge.segment(from: .client, .ack, [23], after: pause, sequence: sequence)
    }
    forge.segment(from: .server, .ack, after: 0.001, window: 0)
    forge.segment(from: .client, [.rst, .ack], after: 2)
    #expect(try verdict(forge).cause.id == "receiver_stalled")
  }

  /// Before the session nobody waits for a person.
  @Test(arguments: [(4.0, false), (14, true)])
  func settingsAreAcknowledgedAndNotAnswered(_ seconds: Double, _ isHung: Bool) throws {
    var forge = try HealthyCapture.named("healthy-tls12-closed-by-user").forge(upTo: .login)
    forge.segment(from: .server, .ack, after: 0.01)
    forge.segment(from: .client, [.rst, .ack], after: seconds)
    let verdict = try verdict(forge)
    #expect((verdict.cause.id == "termservice_hung") == isHung, "\(verdict.cause.id)")
    #expect((verdict.severity == .failure) == isHung)
  }

  /// A capture that ends while a busy server starts a session is none of a fault.
  @Test(arguments: [(15.0, false), (40, true)])
  func captureEndsWhileTheServerIsBusy(_ seconds: Double, _ isHung: Bool) throws {
    var forge = try HealthyCapture.named("healthy-tls12-closed-by-user").forge(upTo: .login)
    forge.segment(from: .server, .ack, after: 0.01)
    forge.arp(
      1,
      from: forge.client.card,
      forge.client.address,
      asks: [192, 0, 2, 99],
      after: seconds
    )
    #expect(try (verdict(forge).severity == .failure) == isHung)
  }
}

extension HealthyCapture {
  /// One of the repository's captures.
  static func named(_ name: String) throws -> HealthyCapture {
    let golden = GoldenCase.all.first { $0.testDescription == name }
    return try HealthyCapture(name, contentsOf: #require(golden).capture.path)
  }
}

extension PacketForge {
  /// Octets that the server's last record lacks where the capture was cut.
  fileprivate var missingOfServersRecord: Int {
    let said = list.packets.compactMap { TCPFrame($0.bytes) }.filter { $0.sourcePort == serverPort }
      .map(\.payload).filter { !$0.isEmpty }.dropFirst().joined()
    let stream = Array(said)
    var offset = 0
    while offset + 5 <= stream.count {
      offset += 5 + Int(stream[offset + 3]) << 8 + Int(stream[offset + 4])
    }
    return max(0, offset - stream.count)
  }

  /// Heartbeats of the server ([MS-RDPBCGR] 2.2.16.1, 22 octets), each acknowledged.
  fileprivate mutating func beat(_ count: Int, every interval: Double, _ overhead: Int) {
    for _ in 0..<count {
      segment(from: .server, [.psh, .ack], record(of: 5 + 22 + overhead), after: interval)
      segment(from: .client, .ack, after: 0.001)
    }
  }
}
