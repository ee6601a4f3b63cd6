import Analysis
import Diagnosis
import Foundation
import RDPMessages
import Reports
import Streams
import TLSMessages
import Testing
import Timeline

/// RDP-UDP connections of the recorded captures, and their sessions.
@Suite struct UDPConnectionTests {
  private func diagnosis(_ name: String) throws -> Diagnosis {
    let folder = capturesFolder.appending(path: name)
    return try analyse(GoldenCase(folder: folder).capture.path).diagnosis
  }

  struct Expected: CustomTestStringConvertible {
    let name: String
    var version = "3"
    var isLossy = false
    var phase = "session"
    var tls: String? = "TLSv1.2"
    var ending = "fin"
    var cause = "udp_path_works"
    /// The session's cause, and the kind of evidence that tells of the path.
    var session = "session_ended"
    var evidence = "udp_carries"

    var testDescription: String { name }

    static let all = [
      Self(name: "udp-beside-session"), Self(name: "udp-version-2", version: "2"),
      Self(
        name: "udp-lossy",
        version: "2",
        isLossy: true,
        tls: "DTLSv1.2",
        ending: "icmp"
      ),
      Self(
        name: "udp-unanswered",
        phase: "udp",
        tls: nil,
        ending: "timeout",
        cause: "udp_path_refused",
        evidence: "udp_unanswered"
      ),
      Self(
        name: "udp-refused",
        phase: "udp",
        tls: nil,
        ending: "icmp",
        cause: "udp_path_refused",
        evidence: "udp_refused"
      ),
      Self(
        name: "udp-dies-with-session",
        cause: "udp_path_died",
        session: "udp_path_died",
        evidence: "udp_fell_silent"
      ),
      Self(name: "udp-dies-session-goes-on", cause: "udp_path_silent", evidence: "udp_outlived"),
    ]
  }

  @Test(arguments: Expected.all)
  func pathIsTold(_ expected: Expected) throws {
    let diagnosis = try diagnosis(expected.name)
    #expect(diagnosis.udpConnections.count == 1)
    let judged = try #require(diagnosis.udpConnections.first)
    let path = judged.connection
    #expect(path.version.name == expected.version)
    #expect(path.isLossy == expected.isLossy)
    #expect(path.facts.deepest.name == expected.phase)
    #expect(path.facts.tls.version?.name == expected.tls)
    #expect(path.ending.kind.rawValue == expected.ending)
    #expect(judged.verdict.cause.id == expected.cause)
    #expect(path.session?.stream == 0)
    #expect(judged.attempt == 0)
    let session = try #require(diagnosis.connections.first)
    #expect(session.verdict.cause.id == expected.session)
    #expect(session.verdict.evidence.map(\.kind.name).contains(expected.evidence))
    // A side path that fails is no failure while the session works.
    #expect(judged.verdict.severity < .failure || expected.session == "udp_path_died")
    #expect(diagnosis.attempts.map(\.streams) == [[0]])
  }

  @Test func otherTrafficIsNoPath() throws {
    let diagnosis = try diagnosis("udp-of-others")
    #expect(diagnosis.udpConnections.isEmpty)
    #expect(diagnosis.connections.map(\.verdict.cause.id) == ["session_ended"])
  }

  /// A path is found on any port; without its session it makes an attempt of its own, never a failure.
  @Test func pathStandsAlone() throws {
    let folder = capturesFolder.appending(path: "udp-unanswered")
    var list = try PacketList(contentsOf: GoldenCase(folder: folder).capture.path)
    list.packets = list.packets.filter { 23 < $0.bytes.count && $0.bytes[23] == 17 }
    for index in list.packets.indices { list.packets[index].bytes[36] = 0x77 }
    let report = try list.analyse()
    #expect(report.diagnosis.udpConnections.map(\.connection.server.port) == [0x773D])
    #expect(report.diagnosis.attempts.map(\.streams) == [[]])
    #expect(report.diagnosis.attempts.map { report.severity(of: $0) } == [.warning])
  }

  /// Datagrams cut by a snap length, at any length, are never taken for damage.
  @Test(arguments: [60, 80, 100, 130, 200, 600])
  func cutDatagramsAreNoErrors(_ length: Int) throws {
    for name in ["udp-beside-session", "udp-lossy"] {
      let folder = capturesFolder.appending(path: name)
      let list = try PacketList(contentsOf: GoldenCase(folder: folder).capture.path)
      for judged in try list.cut(to: length).analyse().diagnosis.udpConnections {
        #expect(judged.connection.facts.undecoded.isEmpty)
        #expect(judged.verdict.severity < .failure)
      }
    }
  }
}

@Suite(.enabled(if: outsideFolder != nil, "set RDPSCOPE_CAPTURES to a folder of captures"))
struct OutsideUDPTests {
  private func path(_ name: String) throws -> JudgedUDPConnection {
    let folder = try #require(outsideFolder)
    let diagnosis = try analyse("\(folder)/\(name)").diagnosis
    #expect(diagnosis.attempts.map(\.succeeded) == [true])
    #expect(diagnosis.udpConnections.count == 1)
    return try #require(diagnosis.udpConnections.first)
  }

  @Test func version2OfWindows() throws {
    let judged = try path("rdpeudp-handshake-success.pcap")
    #expect(judged.verdict.cause.id == "udp_path_works")
    let connection = judged.connection
    #expect(connection.version == .version2)
    #expect(connection.synchronization.message.initialSequence == 0x0B12_7F15)
    #expect(connection.facts.phases.map(\.phase.name) == ["udp", "tls", "session"])
    #expect(connection.facts.tls.certificates.first?.subject == "CN=dc.windomain.local")
    #expect(connection.facts.undecoded.isEmpty)
  }

  @Test func version3OfWindows() throws {
    let judged = try path("rdpeudp2-handshake-success.pcap")
    let connection = judged.connection
    #expect(connection.version == .version3)
    #expect(connection.facts.phases.map(\.phase.name) == ["udp", "tls"])
    #expect(connection.facts.tls.version == .tls10)
    let offer = connection.facts.tls.clientHello?.message.offer
    #expect(offer?.ja3 == "c12f54a3f91dc7bafd92cb59fe009a35")
    #expect(connection.facts.undecoded.isEmpty)
  }
}
