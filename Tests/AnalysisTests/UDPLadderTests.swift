import Diagnosis
import Foundation
import RDPMessages
import Reports
import Streams
import TLSMessages
import Testing
import Timeline
import Wire

/// What `show` says of RDP over UDP.
@Suite struct UDPLadderTests {
  @Test(arguments: [
    ("0", ConnectionName.stream(0)), ("12", .stream(12)), ("udp0", .udp(0)), ("udp31", .udp(31)),
  ])
  func namesAreReadAsTheyAreWritten(_ text: String, _ name: ConnectionName) {
    #expect(ConnectionName(text) == name)
    #expect(name.description == text)
  }

  @Test(arguments: [
    "", "udp", "-1", "+1", "udp-1", "udp+1", "tcp0", "UDP0", " 1", "1 ", "99999999999999999999",
  ])
  func otherNamesAreNone(_ text: String) {
    #expect(ConnectionName(text) == nil)
  }

  private func words(_ log: EventLog) -> [String] {
    log.events.map { event in
      switch event.content {
      case .synchronization(let message, let isRepeated):
        (message.isAnswer ? "SYN+ACK" : "SYN") + (isRepeated ? " again" : "")
      case .datagrams: "datagrams"
      case .handshake(let type, _): type.structureName ?? type.name
      case .changeCipherSpec: "ChangeCipherSpec"
      case .alert(nil): "alert"
      case .records(.handshake, _, _, _): "encrypted handshake"
      case .records: "data"
      case .icmp: "ICMP"
      default: "\(event.content)"
      }
    }
  }

  @Test(arguments: ["udp-beside-session", "udp-version-2"])
  func reliablePathShowsItsHandshakes(_ name: String) throws {
    let (ladder, log) = try caseLadder(name, of: .udp(0))
    let said = words(log)
    #expect(said.prefix(2) == ["SYN", "SYN+ACK"])
    let handshake = said.filter {
      $0.first?.isUppercase == true && !$0.hasPrefix("SYN") && $0 != "ICMP"
    }
    #expect(
      handshake == [
        "ClientHello", "ServerHello", "Certificate", "ServerKeyExchange", "ServerHelloDone",
        "ClientKeyExchange", "ChangeCipherSpec", "NewSessionTicket", "ChangeCipherSpec",
      ]
    )
    #expect(said.contains("alert"))
    #expect(log.events.map(\.phase.name).first == "udp")
    #expect(log.events.map(\.phase.name).last == "session")
    let text = ladder.text(isColored: false)
    #expect(text.hasPrefix("udp0: "))
    #expect(text.contains("beside stream 0"))
    let json = try JSONSerialization.jsonObject(with: Data(ladder.json())) as? [String: Any]
    #expect(json?["connection"] as? String == "udp0")
    #expect(json?["transport"] as? String == "udp")
    #expect(json?["carriedBy"] as? Int == 0)
    #expect(json?["stream"] is NSNull)
  }

  /// Every datagram is a message's or counted, none twice.
  @Test(arguments: ["udp-beside-session", "udp-version-2", "udp-lossy", "udp-dies-with-session"])
  func everyDatagramIsThere(_ name: String) throws {
    let folder = capturesFolder.appending(path: name)
    let path = try #require(
      analyse(GoldenCase(folder: folder).capture.path).diagnosis.udpConnections.first
    )
    let (_, log) = try caseLadder(name, of: .udp(0))
    var counted = 0
    var told: Set<Int> = []
    for event in log.events {
      switch event.content {
      case .datagrams(let client, let server):
        counted += client.withData + client.withoutData + server.withData + server.withoutData
      case .icmp: break
      default: told.formUnion([event.moment.frame, event.last.frame])
      }
    }
    #expect(counted + told.count == path.connection.frameCount)
  }

  @Test func lossyPathShowsDTLS() throws {
    let said = try words(caseLadder("udp-lossy", of: .udp(0)).log)
    #expect(said.contains("HelloVerifyRequest"))
    #expect(said.contains("ServerHelloDone"))
    #expect(said.count { $0 == "ICMP" } == 1)
  }

  @Test func silenceIsInTheLadder() throws {
    let said = try words(caseLadder("udp-unanswered", of: .udp(0)).log)
    #expect(Set(said.dropFirst()) == ["SYN again"] && said.first == "SYN")
    let (ladder, log) = try caseLadder("udp-refused", of: .udp(0))
    #expect(words(log).contains("ICMP"))
    #expect(ladder.text(isColored: false).contains("never stood"))
  }

  @Test func octetsOfTheSYNHaveNames() throws {
    let (ladder, log) = try caseLadder("udp-beside-session", of: .udp(0), keepsOctets: true)
    let syn = try #require(log.events.first)
    let sequence = try #require(syn.fields.first { $0.name == "snInitialSequenceNumber" })
    #expect(sequence.range == 8..<12)
    // It is filled up with zeros, which are no news line by line.
    #expect(1100 < syn.octets.count)
    let lines = ladder.text(isColored: false).split(separator: "\n")
    let dump = lines.drop { !$0.contains("SYN") }.dropFirst().prefix { !$0.contains("SYN+ACK") }
    #expect(dump.count < 12)
    #expect(dump.contains { $0.trimmingCharacters(in: .whitespaces) == "*" })
  }

  @Test func anotherNumberIsNone() throws {
    let folder = capturesFolder.appending(path: "udp-beside-session")
    let diagnosis = try analyse(GoldenCase(folder: folder).capture.path).diagnosis
    #expect(Ladder(of: diagnosis, log: EventLog(of: .udp(1), keepsOctets: false)) == nil)
    #expect(Ladder(of: diagnosis, log: EventLog(of: .udp(0), keepsOctets: false)) != nil)
  }
}

@Suite(.enabled(if: outsideFolder != nil, "set RDPSCOPE_CAPTURES to a folder of captures"))
struct OutsideUDPLadderTests {
  @Test(arguments: ["rdpeudp-handshake-success.pcap", "rdpeudp2-handshake-success.pcap"])
  func windowsOwnPathsAreTold(_ name: String) throws {
    let folder = try #require(outsideFolder)
    let text = try ladder(at: "\(folder)/\(name)", of: .udp(0)).ladder.text(isColored: false)
    for word in ["RDP-UDP SYN  ", "RDP-UDP SYN+ACK", "ClientHello", "ServerHello", "Certificate"] {
      #expect(text.contains(word), "\(word)")
    }
    #expect(text.contains("beside no session of the capture"))
  }
}
