import Diagnosis
import Reports
import Streams
import Testing

/// Shapes that only other systems than the lab's show: Windows' clients, cards that answer for
/// sleeping hosts, boxes that forge.
///
/// Each with a near miss that must stay silent.
@Suite struct ShapeTests {
  private func verdicts(_ forge: PacketForge) throws -> [Verdict] {
    try forge.list.analyse().diagnosis.attempts.map(\.verdict)
  }

  private func onlyVerdict(_ forge: PacketForge) throws -> Verdict {
    let verdicts = try verdicts(forge)
    try #require(verdicts.count == 1)
    return verdicts[0]
  }

  /// Windows repeats a refused SYN twice, half a second later each.
  @Test func refusedWindowsClientIsOneAttempt() throws {
    var forge = PacketForge()
    for _ in 0..<3 {
      let first = forge.client.sequence
      forge.segment(from: .client, .syn, after: 0.5, sequence: first)
      forge.client.sequence = first &+ 1
      forge.segment(from: .server, [.rst, .ack], sequence: 0)
      forge.client.sequence = first
    }
    let verdict = try onlyVerdict(forge)
    #expect(verdict.cause.id == "port_refused_service_down")
    #expect(0.9 <= verdict.confidence)
  }

  /// A host that talks, falls silent, answers ARP by its card alone, and wakes after a magic packet.
  private func sleeper(card: [UInt8] = [0, 0x1A, 0x11, 0, 0, 2], answersARP: Bool) -> PacketForge {
    var forge = PacketForge()
    forge.server.card = card
    for _ in 0..<6 {
      forge.udp(from: .server, ports: (5353, 5353), [0, 0, 0, 0], to: [224, 0, 0, 251], after: 2)
      forge.udp(from: .client, ports: (5353, 5353), [0, 0, 0, 0], to: [224, 0, 0, 251], after: 1)
    }
    forge.arp(2, from: card, forge.server.address, asks: forge.client.address)
    forge.now += 120
    for _ in 0..<3 {
      forge.arp(1, from: forge.client.card, forge.client.address, asks: forge.server.address)
      if answersARP {
        forge.arp(2, from: card, forge.server.address, asks: forge.client.address, after: 0.001)
      }
      forge.now += 1
    }
    forge.callInVain(after: [1, 2, 4])
    return forge
  }

  @Test func cardAnswersForSleepingHost() throws {
    var forge = sleeper(answersARP: true)
    forge.magic(for: .server, after: 5)
    forge.wake(.server, after: 4)
    forge.udp(from: .server, ports: (5353, 5353), [0, 0, 0, 0], to: [224, 0, 0, 251], after: 1)
    let verdict = try onlyVerdict(forge)
    #expect(verdict.cause.id == "host_asleep")
    let kinds = Set(verdict.evidence.map(\.kind))
    #expect(kinds.isSuperset(of: [.hostFellSilent, .wakeUpSent]))
  }

  /// A host that is quiet by nature and was heard three seconds before is not said to have slept; what
  /// says nothing but for its card may sleep or be behind a filter, and neither is certain.
  @Test func whoWasJustHeardIsHardlyAsleep() throws {
    for answersARP in [true, false] {
      var forge = PacketForge()
      func chat(after delay: Double, _ forge: inout PacketForge) {
        let ports: (UInt16, UInt16) = (5353, 5353)
        forge.udp(from: .server, ports: ports, [0, 0, 0, 0], to: [224, 0, 0, 251], after: delay)
      }
      chat(after: 0, &forge)
      chat(after: 57, &forge)
      forge.now += 3
      forge.arp(1, from: forge.client.card, forge.client.address, asks: forge.server.address)
      if answersARP {
        forge.arp(2, from: forge.server.card, forge.server.address, asks: forge.client.address)
      }
      forge.callInVain(after: [1, 2, 4, 8])
      let verdict = try onlyVerdict(forge)
      #expect(verdict.cause.id == (answersARP ? "firewall_drop" : "host_asleep"))
      #expect(verdict.confidence < 0.9)
      #expect(verdict.alternatives.contains { $0.cause.id == "host_asleep" } == answersARP)
    }
  }

  /// It answers by its card alone, then comes up: what is heard after the SYNs was not awake during them.
  @Test func hostThatComesUpAfterTheCallsSlept() throws {
    var forge = PacketForge()
    forge.arp(1, from: forge.client.card, forge.client.address, asks: forge.server.address)
    forge.arp(2, from: forge.server.card, forge.server.address, asks: forge.client.address)
    forge.callInVain(after: [1, 2, 4])
    forge.wake(.server, after: 0.5)
    let verdict = try onlyVerdict(forge)
    #expect(verdict.cause.id == "host_asleep")
    #expect(verdict.evidence.contains { $0.kind == .hostWoke })
  }

  @Test func sleepingGuestAnswersNothing() throws {
    let verdict = try onlyVerdict(sleeper(card: [0, 0x15, 0x5D, 1, 2, 3], answersARP: false))
    #expect(verdict.cause.id == "vm_guest_sleep")
    // The same without a hypervisor's card is a sleeping host, and a guest whose ARP is answered no
    // sleeping guest.
    let plain = try onlyVerdict(sleeper(answersARP: false))
    #expect(plain.cause.id == "host_asleep")
    let answering = try onlyVerdict(sleeper(card: [0, 0x15, 0x5D, 1, 2, 3], answersARP: true))
    #expect(answering.cause.id == "host_asleep")
  }

  @Test func dozingHostIsInModernStandby() throws {
    var forge = PacketForge()
    for _ in 0..<5 {
      forge.udp(from: .server, ports: (5353, 5353), [0, 0, 0, 0], to: [224, 0, 0, 251], after: 30)
      forge.udp(
        from: .server,
        ports: (5353, 5353),
        [0, 0, 0, 0],
        to: [224, 0, 0, 251],
        after: 0.5
      )
    }
    forge.now += 12
    forge.callInVain(after: [1, 2, 4])
    let verdict = try onlyVerdict(forge)
    #expect(verdict.cause.id == "host_modern_standby")
  }

  /// Two cards answer for one address; a pair of standby routers and a proxy that takes over do not.
  @Test(
    arguments: [
      ([0, 0x1A, 0x11, 9, 9, 9], 0.01, "ip_conflict_or_changed_address"),
      ([0, 0, 0x5E, 0, 1, 7], 0.01, "port_refused_service_down"),
      ([0, 0x1A, 0x11, 9, 9, 9], 30, "port_refused_service_down"),
    ] as [([UInt8], Double, String)]
  )
  func twoCards(_ card: [UInt8], _ delay: Double, _ cause: String) throws {
    var forge = PacketForge()
    for _ in 0..<2 {
      forge.arp(1, from: forge.client.card, forge.client.address, asks: forge.server.address)
      forge.arp(2, from: forge.server.card, forge.server.address, asks: forge.client.address)
      forge.arp(2, from: card, forge.server.address, asks: forge.client.address, after: delay)
      forge.now += 30
    }
    forge.segment(from: .client, .syn)
    forge.segment(from: .server, [.rst, .ack], sequence: 0)
    let verdict = try onlyVerdict(forge)
    #expect(verdict.cause.id == cause)
  }

  /// The censor's volley: resets at the next number and beyond it by guessed windows.
  ///
  /// A host that
  /// repeats its reset does so at the same number.
  @Test(arguments: [(UInt32(1460), "middlebox_reset"), (0, "unknown")])
  func volleyOfResets(_ step: UInt32, _ family: String) throws {
    var forge = PacketForge()
    forge.connect()
    forge.negotiate(offer: 3, answer: [2, 0, 8, 0, 2, 0, 0, 0])
    let next = forge.server.sequence
    for index in 0..<3 as Range<UInt32> {
      forge.segment(
        from: .server,
        [.rst, .ack],
        sequence: next &+ index &* step,
        window: UInt16(1980 + index)
      )
    }
    let verdict = try onlyVerdict(forge)
    #expect(verdict.cause.family.rawValue == family)
  }

  /// mstsc resets after a refusal: the end of a sentence, not the fault.
  @Test func resetAfterRefusalIsNotTheFault() throws {
    var forge = PacketForge()
    forge.connect()
    forge.negotiate(offer: 1, answer: [3, 0, 8, 0, 5, 0, 0, 0])
    forge.segment(from: .client, [.rst, .ack])
    let report = try forge.list.analyse()
    #expect(report.diagnosis.attempts.map(\.verdict.cause.id) == ["nla_required"])
    let isNormal = report.diagnosis.connections.map(\.endsNormally)
    #expect(isNormal == [true])
  }

  @Test func clockThatIsSetBackIsSaid() throws {
    var forge = PacketForge()
    forge.connect()
    forge.negotiate(offer: 1, answer: [3, 0, 8, 0, 5, 0, 0, 0])
    forge.now -= 3600
    forge.segment(from: .client, [.rst, .ack])
    let verdict = try onlyVerdict(forge)
    #expect(verdict.cause.id == "nla_required")
    #expect(verdict.limits.map(\.kind) == [.clockJumped])
    #expect(verdict.confidence <= 0.85)
    #expect(verdict.wouldSettle.first == "a capture whose clock is not set meanwhile")
  }

  /// What the report says of the hosts beside their connections.
  @Test func hostsHaveNotes() throws {
    var forge = sleeper(card: [0, 0x15, 0x5D, 1, 2, 3], answersARP: true)
    forge.magic(for: .server, after: 5)
    let report = try forge.list.analyse()
    let server = try #require(report.hosts.hosts.first { "\($0.address)" == "192.0.2.20" })
    let texts = report.hosts.notes(on: server).map(\.text)
    #expect(texts.contains { $0.contains("00:15:5d:01:02:03") && $0.contains("Hyper-V") })
    #expect(texts.contains { $0.contains("magic packet") })
  }
}
