import Diagnosis
import RDPMessages
import Reports
import Streams
import Testing
import Timeline

/// Connections of real peers that are made to end in every way that networks and hosts know.
///
/// Nothing in them is of the lab but the lab's own captures; where `RDPSCOPE_CAPTURES` names a folder
/// those of Windows' client and server are continued as well.
@Suite struct SequelTests {
  @Test func thereAreCaptures() throws {
    #expect(HealthyCapture.all.count == (outsideFolder == nil ? 4 : 7))
    for capture in HealthyCapture.all {
      let report = try capture.list.analyse()
      #expect(report.diagnosis.attempts.map(\.succeeded) == [true])
    }
  }

  @Test(arguments: Sequel.inSession, HealthyCapture.all)
  func sessionEnds(_ sequel: Sequel, _ capture: HealthyCapture) throws {
    try expectFamily(sequel, capture)
  }

  @Test(arguments: Sequel.comingAndGoing, HealthyCapture.all)
  func peersComeAndGo(_ sequel: Sequel, _ capture: HealthyCapture) throws {
    try expectFamily(sequel, capture)
  }

  @Test(arguments: Sequel.inHandshake, HealthyCapture.all)
  func handshakeEnds(_ sequel: Sequel, _ capture: HealthyCapture) throws {
    try expectFamily(sequel, capture)
  }

  @Test(arguments: Sequel.onOtherNetworks, HealthyCapture.all)
  func otherNetworksEndIt(_ sequel: Sequel, _ capture: HealthyCapture) throws {
    try expectFamily(sequel, capture)
  }

  /// A false alarm is the worst answer of all.
  @Test(arguments: HealthyVariation.all, HealthyCapture.all)
  func healthStaysHealth(_ variation: HealthyVariation, _ capture: HealthyCapture) throws {
    let diagnosis = try variation.make(capture).analyse().diagnosis
    let verdicts = diagnosis.connections.map(\.verdict)
    #expect(verdicts.allSatisfy { $0.severity != .failure }, "\(verdicts.map(\.cause.id))")
    let last = try #require(verdicts.last)
    #expect([.healthy, .cleanDisconnect].contains(last.cause.family), "\(last.cause.id)")
    #expect(diagnosis.attempts.last?.succeeded == true)
  }

  /// A server or a box that lets no one past a point says the same of every attempt.
  @Test(arguments: HealthyCapture.all)
  func eachReconnectIsResetAtTheSamePlace(_ capture: HealthyCapture) throws {
    var forge = try capture.forge(upTo: .hello)
    forge.segment(from: .server, [.rst, .ack], after: 0.003)
    let packets = forge.list.packets
    for _ in 0..<5 { forge.replay(packets, after: 1) }
    let families = try forge.list.analyse().diagnosis.connections.map(\.verdict.cause.family)
    #expect(families.count == 6)
    #expect(Set(families).count == 1, "\(families)")
    let right: [Family] = [
      .certificateServerKeyUnusable, .middleboxReset, .tlsVersionOrCipherMismatch, .unknown,
    ]
    #expect(families.allSatisfy(right.contains), "\(families)")
  }

  /// A timer that strikes twice after the same silence is a timer.
  @Test(arguments: HealthyCapture.all)
  func aTimerStrikesTwice(_ capture: HealthyCapture) throws {
    var forge = try capture.forge(upTo: .session)
    forge.segment(from: .server, [.rst, .ack], after: 300)
    forge.replay(forge.list.packets, after: 4)
    let families = try forge.list.analyse().diagnosis.connections.map(\.verdict.cause.family)
    #expect(families == [.idleTimeoutReset, .idleTimeoutReset])
  }

  /// Where only the server's side was captured its refusal is told; it may answer a scan.
  @Test(arguments: Sequel.refusals, HealthyCapture.all)
  func refusalIsReadFromOneSide(_ sequel: Sequel, _ capture: HealthyCapture) throws {
    var list = try sequel.continuation(of: capture)
    let server = try #require(list.packets.first.flatMap { TCPFrame($0.bytes) }).target
    list.packets.removeAll { TCPFrame($0.bytes)?.source != server }
    let verdict = try #require(list.analyse().diagnosis.connections.first?.verdict)
    #expect(verdict.cause.family == .captureTruncated)
    #expect(verdict.evidence.contains { $0.kind == .refusalOfUnseen && !$0.frames.isEmpty })
  }

  /// A client that logs in by RDSTLS, and goes when it has the server's answer.
  @Test func refusedLoginOfOneAnswerIsNamed() throws {
    var forge = try HealthyCapture.named("healthy-tls12-closed-by-user").forge(upTo: .login)
    for index in forge.list.packets.indices {
      // The last octets of the request and of the confirm: what is offered, and what is selected.
      guard let frame = TCPFrame(forge.list.packets[index].bytes), frame.payload.first == 3 else {
        continue
      }
      let end = forge.list.packets[index].bytes.count
      forge.list.packets[index].bytes[end - 4] = 4
    }
    forge.segment(from: .server, .ack, after: 0.01)
    forge.segment(from: .server, [.psh, .ack], forge.record(of: 5 + 10 + 24), after: 0.2)
    forge.segment(from: .client, [.rst, .ack])
    let judged = try #require(forge.list.analyse().diagnosis.connections.first)
    #expect(judged.connection.facts.selected == .rdstls)
    #expect(judged.connection.phase == .credssp)
    #expect(judged.verdict.cause.id == "login_refused")
  }

  private func expectFamily(_ sequel: Sequel, _ capture: HealthyCapture) throws {
    let diagnosis = try sequel.continuation(of: capture).analyse().diagnosis
    // A lone reset may be left aside as no connection at all.
    guard let first = diagnosis.connections.first?.verdict else {
      #expect(sequel.families.contains(.captureTruncated), "no connection is reported")
      return
    }
    let found = first.cause
    #expect(sequel.families.contains(found.family), "\(found.id): \(first.evidence.map(\.text))")
    #expect(!first.evidence.isEmpty)
  }
}
