import Analysis
import Capture
import ChainValidation
import Diagnosis
import Reports
import Streams
import Testing
import Timeline
import Wire

/// Nobody is told two different things in a row, and what is counted is counted once.
@Suite struct LiveWordsTests {
  private typealias Timed = (seconds: Double, octets: [UInt8])

  /// Ethernet, IPv4 and what follows.
  private static func packet(
    from source: [UInt8],
    to destination: [UInt8],
    _ transport: UInt8,
    _ content: [UInt8]
  ) -> [UInt8] {
    var octets: [UInt8] = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x08, 0x00]
    octets += [0x45, 0, 0, UInt8(20 + content.count), 0, 1, 0x40, 0, 64, transport, 0, 0]
    return octets + source + destination + content
  }

  private static let client: [UInt8] = [192, 0, 2, 10]
  private static let server: [UInt8] = [198, 51, 100, 20]
  /// From port 40000 to port 3389, the same each time.
  private static let syn = packet(
    from: client,
    to: server,
    6,
    [0x9C, 0x40, 0x0D, 0x3D, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 0x02, 0xFF, 0xFF, 0, 0, 0, 0]
  )
  /// A word of the server's host on another protocol.
  private static let sign = packet(from: server, to: client, 17, [0, 99, 0, 99, 0, 8, 0, 0])

  /// Plays packets at their seconds, looks every half second, and says what it heard.
  private func play(
    _ packets: [Timed],
    until end: Double
  ) async -> (verdicts: [LiveVerdict], LiveStatistics) {
    var live = LiveAnalysis(ports: [3389])
    var validator: ChainValidator?
    var verdicts: [LiveVerdict] = []
    var statistics = live.statistics
    var next = packets[...]
    for look in 0...Int(end * 2) {
      let now = Double(look) / 2
      while let packet = next.first, packet.seconds <= now {
        next.removeFirst()
        let record = PacketRecord(
          timestamp: Timestamp(nanoseconds: Int64((1_700_000_000 + packet.seconds) * 1e9)),
          frame: packets.count - next.count,
          capturedLength: packet.octets.count,
          originalLength: packet.octets.count,
          linkType: LinkType(rawValue: 1),
          interface: 0
        )
        live.take(record, packet.octets.span)
      }
      let last = packets[packets.count - next.count - 1].seconds
      for case .verdict(let said) in await live.evaluate(
        at: live.now(idle: now - last),
        validator: &validator
      ) {
        verdicts.append(said)
      }
      statistics = live.statistics
    }
    return (verdicts, statistics)
  }

  @Test func aTieIsSaidToBeOneAndNobodyIsCalledForIt() async throws {
    // The host is heard a second before the SYN: it fell asleep, or a firewall drops the SYN.
    let packets: [Timed] = [(0.0, Self.sign), (1.0, Self.syn), (2.0, Self.syn), (4.0, Self.syn)]
    let (verdicts, _) = await play(packets, until: 10)
    let first = try #require(verdicts.first)
    #expect(first.isUndecided && first.isProvisional && !first.isNewFailure)
    #expect(Set(([first.judged.verdict.cause] + first.rivals).map(\.id)).contains("firewall_drop"))
    #expect(!verdicts.contains { $0.isNewFailure })
    let line = try #require(LiveText(isColored: false).line(.verdict(first)))
    #expect(line.contains("not decided yet: ") && line.contains("[firewall_drop] (provisional)"))
  }

  @Test func aWordOfTheHostDecidesIt() async throws {
    let packets: [Timed] = [
      (0.0, Self.sign), (1.0, Self.syn), (2.0, Self.syn), (4.0, Self.syn), (7.0, Self.sign),
      (8.0, Self.syn),
    ]
    let (verdicts, _) = await play(packets, until: 30)
    let called = verdicts.filter(\.isNewFailure)
    #expect(called.map(\.judged.verdict.cause.id) == ["firewall_drop"])
    #expect(called.allSatisfy { !$0.isUndecided })
  }

  @Test func aTieThatNothingBreaksIsToldAfterAWhile() async throws {
    let packets: [Timed] = [(0.0, Self.sign), (1.0, Self.syn), (2.0, Self.syn), (4.0, Self.syn)]
    let (verdicts, _) = await play(packets, until: 40)
    let called = verdicts.filter(\.isNewFailure)
    #expect(called.count == 1)
    let said = try #require(called.first)
    #expect(!said.isUndecided && !said.rivals.isEmpty)
    let seconds = said.time.seconds(since: said.judged.connection.start.time)
    #expect(Deadlines().settling...Deadlines().settling + 3 ~= seconds)
  }

  @Test func aFailureIsCountedOnceWhenItIsFinal() async {
    let packets: [Timed] = [(0.0, Self.syn), (1.0, Self.syn), (3.0, Self.syn)]
    let (_, early) = await play(packets, until: 20)
    #expect(early.failures == 0)
    #expect(early.pendingByCause == ["host_off_or_unreachable": 1])
    let (verdicts, late) = await play(packets, until: 300)
    #expect(late.failuresByCause == ["host_off_or_unreachable": 1])
    #expect(late.pendingFailures == 0)
    #expect(verdicts.filter(\.isFinal).count == 1)
  }
}
