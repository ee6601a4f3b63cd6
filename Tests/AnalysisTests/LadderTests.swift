import Analysis
import Capture
import Diagnosis
import Foundation
import RDPMessages
import Reports
import Streams
import Testing
import Timeline
import Wire

/// The ladder of one connection of a case.
func caseLadder(
  _ name: String,
  of connection: ConnectionName,
  keepsOctets: Bool = false
) throws -> (ladder: Ladder, log: EventLog) {
  let golden = GoldenCase(folder: capturesFolder.appending(path: name))
  return try ladder(at: golden.capture.path, of: connection, keepsOctets: keepsOctets)
}

/// The ladder of one connection of a capture.
func ladder(
  at path: String,
  of connection: ConnectionName,
  keepsOctets: Bool = false
) throws -> (ladder: Ladder, log: EventLog) {
  let log = EventLog(of: connection, keepsOctets: keepsOctets)
  let report = try CaptureAnalysis(ports: CaptureAnalysis.defaultPorts, log: log)
    .run(CaptureFile.open(path, filter: nil), path: path)
  return (try #require(Ladder(of: report.diagnosis, log: log)), log)
}

@Suite struct LadderTests {
  /// The ladder of one TCP connection of a case.
  private func ladder(_ name: String, stream: Int, keepsOctets: Bool = false) throws
    -> (ladder: Ladder, log: EventLog)
  {
    try caseLadder(name, of: .stream(stream), keepsOctets: keepsOctets)
  }

  private func frames(_ log: EventLog, _ matches: (Event.Content) -> Bool) -> [Int] {
    log.events.filter { matches($0.content) }.map(\.moment.frame)
  }

  @Test func serversWordsAreInTheLadder() throws {
    let (ladder, log) = try ladder("ended-by-administrator", stream: 0)
    let words = frames(log) { content in
      if case .session(.share(.setErrorInfo(let info))) = content { return info.rawValue == 1 }
      return false
    }
    #expect(words == [90])
    #expect(ladder.text(isColored: false).contains("ERRINFO_RPC_INITIATED_DISCONNECT"))
  }

  /// What a gateway says, and the connection inside, all of it decrypted.
  @Test func gatewayIsInTheLadder() throws {
    let (ladder, log) = try ladder("gateway-session-keys", stream: 0)
    let packets = log.events.compactMap { event -> String? in
      if case .gateway(let packet) = event.content { return packet.name }
      return nil
    }
    #expect(
      packets.prefix(8) == [
        "HANDSHAKE_REQUEST", "HANDSHAKE_RESPONSE", "TUNNEL_CREATE", "TUNNEL_RESPONSE",
        "TUNNEL_AUTH", "TUNNEL_AUTH_RESPONSE", "CHANNEL_CREATE", "CHANNEL_RESPONSE",
      ]
    )
    let request = try #require(
      log.events.firstIndex { if case .x224 = $0.content { true } else { false } }
    )
    #expect(log.events[request...].dropLast(4).allSatisfy { $0.reading == .decrypted })
    let golden = GoldenCase(folder: capturesFolder.appending(path: "gateway-session-keys"))
    let inner = try #require(
      analyse(golden.capture.path).diagnosis.connections
        .first { $0.connection.isInsideGateway }
    )
    #expect(inner.connection.facts.phases.allSatisfy { $0.reading == .decrypted })
    #expect(inner.connection.facts.request?.reading == .decrypted)
    let text = ladder.text(isColored: false)
    #expect(text.contains("HTTP RDG_OUT_DATA"))
    #expect(text.contains("target desktop.example.test; port 3389"))
  }

  @Test func settingsAreInTheLadder() throws {
    let text = try ladder("healthy-nla-keys", stream: 0).ladder.text(isColored: false)
    #expect(text.contains("MCS Connect Initial  client vm; version 10."))
    #expect(text.contains("MCS Connect Response  result rt-successful; version 10.7"))
    #expect(text.contains("encryption none of RDP's own"))
  }

  @Test func tcpIsInTheLadder() throws {
    let (_, log) = try ladder("port-scanner", stream: 0)
    let names = log.events.prefix(5).map { event -> String in
      switch event.content {
      case .tcp(.syn): "syn"
      case .tcp(.synAck): "syn-ack"
      case .tcp(.established): "established"
      case .x224: "x224"
      default: "\(event.content)"
      }
    }
    #expect(names == ["syn", "syn-ack", "established", "x224", "x224"])
    #expect(log.events.map(\.moment.frame) == log.events.map(\.moment.frame).sorted())
    #expect(frames(log) { if case .tcp(.reset) = $0 { true } else { false } } == [12])
  }

  @Test func octetsStandBesideTheirFields() throws {
    let (_, log) = try ladder("port-scanner", stream: 0, keepsOctets: true)
    let request = try #require(log.events.first { $0.side == .client && !$0.octets.isEmpty })
    #expect(request.octets.count == 42)
    let protocols = try #require(request.fields.first { $0.name == "requestedProtocols" })
    #expect(protocols.range == 38..<42)
    #expect(Array(request.octets[protocols.range]) == [3, 0, 0, 0])
    for event in log.events {
      #expect(event.fields.allSatisfy { $0.range.upperBound <= event.octets.count })
    }
  }

  @Test func withoutThemNoOctetsAreKept() throws {
    let (_, log) = try ladder("port-scanner", stream: 0)
    #expect(log.events.allSatisfy { $0.octets.isEmpty && $0.fields.isEmpty })
  }

  @Test func recordsBehindTheEncryptionAreNamedByTheirLength() throws {
    let (_, log) = try ladder("logoff-tls12", stream: 0)
    let likely = log.events.compactMap { event -> String? in
      if case .records(_, _, _, let shape?) = event.content { return shape.name }
      return nil
    }
    #expect(likely.first == "MCS Connect Initial")
    #expect(likely.contains("Attach User Request"))
    #expect(likely.last == "Disconnect Provider Ultimatum")
  }

  /// TLS 1.3 sends its alerts, and what is left of its handshake, as data (RFC 8446 §5.2).
  @Test func recordsOfTLS13AreTold() throws {
    let (ladder, log) = try ladder("certificate-denied-tls13", stream: 0)
    let alerts = log.events.filter { if case .alert(nil) = $0.content { true } else { false } }
    #expect(alerts.map(\.side) == [.client])
    let text = ladder.text(isColored: false)
    #expect(text.contains("handshake message, encrypted"))
    #expect(!text.contains("encrypted data  octets 1\n"))
  }

  /// What is joined into one line is no pause, and a pause ends the line.
  @Test func pausesArePauses() throws {
    let (ladder, log) = try ladder("middlebox-reset-in-session", stream: 0)
    for (event, next) in zip(log.events, log.events.dropFirst()) {
      #expect(event.moment.frame <= event.last.frame)
      #expect(event.last.frame <= next.moment.frame || event.side != next.side)
    }
    let text = ladder.text(isColored: false)
    #expect(text.contains("1.1 s pass") && !text.contains("2.0 s pass"))
    #expect(text.contains("RST, not the server's own"))
  }

  /// Every case: the JSON follows its schema, and the text is plain.
  @Test(arguments: GoldenCase.all)
  func everyConnectionHasALadder(_ golden: GoldenCase) throws {
    let diagnosis = try analyse(golden.capture.path).diagnosis
    let names =
      diagnosis.connections.prefix(3).map(\.connection.name)
      + diagnosis.udpConnections.map(\.connection.name)
    let schema = SchemaTests.named("events.schema.json")
    #expect(schema["properties"] != nil)
    for name in names {
      let (ladder, log) = try caseLadder(
        golden.folder.lastPathComponent,
        of: name,
        keepsOctets: true
      )
      #expect(!log.events.isEmpty)
      let json = try JSONSerialization.jsonObject(with: Data(ladder.json()))
      #expect(violations(of: json, schema) == [])
      let events = (json as? [String: Any])?["events"] as? [Any]
      #expect(events?.count == log.events.count)
      let titles = events?.compactMap { ($0 as? [String: Any])?["message"] as? String } ?? []
      // The registries' names are for the report; a ladder has those of the structures.
      let structures = titles.filter { !$0.hasPrefix("alert") && !$0.hasPrefix("gateway") }
      #expect(structures.filter { $0.contains("_") && $0 == $0.lowercased() } == [])
      #expect(!ladder.text(isColored: false).contains("\u{1B}"))
    }
  }
}
