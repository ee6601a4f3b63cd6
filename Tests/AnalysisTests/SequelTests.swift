import Diagnosis
import Reports
import Streams
import Testing

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
