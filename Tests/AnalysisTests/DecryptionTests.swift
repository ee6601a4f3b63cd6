import Analysis
import Capture
import Decryption
import Diagnosis
import Foundation
import Reports
import Streams
import Testing
import TLSMessages
import Timeline
import Wire

/// What keys make of captures, and what becomes of keys and records that do not fit.
struct DecryptionTests {
  private static let healthy = capturesFolder.appending(
    path: "healthy-nla-keys/capture.pcapng"
  )

  /// The one connection of a capture.
  private func only(_ report: CaptureReport) throws -> Connection {
    try #require(report.diagnosis.connections.first).connection
  }

  // MARK: With and without

  /// What only the words of an alert tell, which is as long whatever it says.
  private static let toldByKeysAlone = "record-damaged-in-session-keys"

  /// What the shapes of records told is what the records say.
  @Test(
    arguments: KeyedCapture.all.filter {
      $0.rsaKey == nil && !$0.url.path.contains("Suites") && !$0.url.path.contains(toldByKeysAlone)
    }
  )
  func withoutItsSecretsACaptureIsJudgedTheSame(_ capture: KeyedCapture) throws {
    let list = try PacketList(contentsOf: capture.url.path)
    let decrypted = try list.analyse(keys: list.ring).diagnosis
    let closed = try list.analyse().diagnosis
    #expect(
      decrypted.connections.map(\.connection.phase) == closed.connections.map(\.connection.phase)
    )
    // A missing right and a wrong password end alike; only the server's word tells them apart.
    let closedFamilies = closed.connections.map(\.verdict.cause.family)
    let families = decrypted.connections.map(\.verdict.cause.family)
    #expect(
      families.map { $0 == .authorizationDenied ? .authenticationFailed : $0 } == closedFamilies
    )
    #expect(decrypted.attempts.map(\.succeeded) == closed.attempts.map(\.succeeded))
    for connection in closed.connections {
      #expect(!connection.connection.facts.tls.decryption.isDecrypted)
    }
  }

  @Test func everyPhaseSaysHowItWasRead() throws {
    let list = try PacketList(contentsOf: Self.healthy.path)
    let phases = try only(list.analyse(keys: list.ring)).facts.phases
    let readings = phases.map { "\($0.phase.name) \($0.reading)" }
    #expect(
      readings == [
        "tcp clear", "x224 clear", "tls clear", "credssp decrypted", "mcs decrypted",
        "licensing decrypted", "capabilities decrypted", "session decrypted",
      ]
    )
    let closed = try only(list.analyse()).facts.phases
    #expect(closed.map(\.phase) == phases.map(\.phase))
    #expect(closed.dropFirst(3).allSatisfy { $0.reading == .inferred })
  }

  /// TLS 1.3 encrypts the certificate and the alerts.
  @Test func encryptedHandshakeIsRead() throws {
    let list = try PacketList(contentsOf: Self.healthy.path)
    let tls = try only(list.analyse(keys: list.ring)).facts.tls
    #expect(tls.version?.name == "TLSv1.3")
    #expect(tls.certificates.count == 1)
    #expect(tls.steps.map(\.message.name).contains("encrypted_extensions"))
    #expect(!tls.alerts.isEmpty)
    #expect(tls.alerts.allSatisfy { $0.alert != nil && $0.reading == .decrypted })
    #expect(try only(list.analyse()).facts.tls.certificates.isEmpty)
  }

  /// A log that stops after the handshake opens the handshake.
  @Test func handshakeSecretsAloneServe() throws {
    let list = try PacketList(contentsOf: Self.healthy.path)
    let ring = KeyRing()
    for log in list.keyLogs {
      let lines = String(decoding: log, as: UTF8.self).split(separator: "\n")
      ring.add(keyLog: lines.filter { $0.contains("HANDSHAKE") }.joined(separator: "\n").utf8)
    }
    let connection = try only(list.analyse(keys: ring))
    #expect(connection.facts.tls.certificates.count == 1)
    #expect(connection.facts.tls.decryption.client.dataRecords == 0)
    #expect(connection.facts.tls.decryption.problem == nil)
    #expect(connection.phase == .session)
    #expect(connection.facts.phases.last?.reading == .inferred)
  }

  // MARK: Keys that do not fit

  @Test func changedSecretsAreTold() throws {
    let list = try PacketList(contentsOf: Self.healthy.path)
    let ring = KeyRing()
    for log in list.keyLogs {
      let lines = String(decoding: log, as: UTF8.self).split(separator: "\n").map { line in
        String(line.dropLast()) + (line.hasSuffix("0") ? "1" : "0")
      }
      ring.add(keyLog: lines.joined(separator: "\n").utf8)
    }
    let report = try list.analyse(keys: ring)
    let facts = try only(report).facts
    #expect(facts.tls.decryption.problem?.kind == .wrongSecrets)
    #expect(!facts.tls.decryption.isDecrypted)
    #expect(facts.undecoded.isEmpty)
    #expect(facts.deepest == .session)
    #expect(report.warnings.map(\.code) == ["wrong_key"])
    #expect(report.warnings.first?.message.hasPrefix("stream 0: ") == true)
  }

  @Test(arguments: ["rsa.pem", "rsa-pkcs8.pem"])
  func privateKeysOpenRSAKeyExchange(_ name: String) throws {
    var capture = KeyedCapture.rsa
    capture.rsaKey = KeyedCapture.suites.appending(path: name)
    let list = try PacketList(contentsOf: capture.url.path)
    let connections = try list.analyse(keys: capture.ring()).diagnosis.connections.map(\.connection)
    #expect(connections.count == 8)
    // With and without extended master secret, resumed by ticket and by session id.
    #expect(Set(connections.map(\.facts.tls.resumption)) == [nil, .ticket, .sessionID])
    for connection in connections {
      #expect(connection.facts.tls.decryption.server.octets == 23_658)
      #expect(connection.facts.undecryptedRecords(.client) == 0)
      #expect(connection.facts.undecryptedRecords(.server) == 0)
    }
  }

  @Test func anotherPrivateKeyIsTold() throws {
    var capture = KeyedCapture.rsa
    capture.rsaKey = KeyedCapture.suites.appending(path: "another.pem")
    let list = try PacketList(contentsOf: capture.url.path)
    let report = try list.analyse(keys: capture.ring())
    // Resumed connections send no secret of their own.
    #expect(report.warnings.map(\.code) == Array(repeating: "wrong_key", count: 4))
    let ephemeral = try PacketList(contentsOf: Self.healthy.path).analyse(keys: capture.ring())
    #expect(ephemeral.warnings.map(\.code) == ["key_does_not_serve"])
  }

  // MARK: Records that do not fit

  /// A record that was changed is an error at its frame; those before and after it are read.
  @Test func changedRecordIsLocated() throws {
    let list = try PacketList(contentsOf: Self.healthy.path)
    let whole = try only(list.analyse(keys: list.ring)).facts
    let session = try #require(whole.phases.last { $0.phase == .capabilities }).start.frame
    var changed = 0
    for index in list.packets.indices where 20 < index && index < session + 20 {
      guard 80 < list.packets[index].bytes.count else { continue }
      var damaged = list
      damaged.packets[index].bytes[list.packets[index].bytes.count - 1] ^= 0x55
      let facts = try only(damaged.analyse(keys: list.ring)).facts
      guard facts.tls.decryption.failedRecords == 1 else { continue }
      changed += 1
      let error = try #require(facts.undecoded.first)
      #expect(error.moment.frame == index + 1)
      #expect(error.message.field == "tag")
      let before = whole.phases.filter { $0.start.frame <= index }.map(\.phase)
      #expect(facts.phases.filter { $0.start.frame <= index }.map(\.phase) == before)
      let opened = facts.tls.decryption.client.records + facts.tls.decryption.server.records
      let all = whole.tls.decryption.client.records + whole.tls.decryption.server.records
      #expect(opened == all - 1)
    }
    #expect(5 < changed)
  }

  /// After a gap nobody knows the next record's number: one direction stays closed, and is counted.
  @Test func recordsAfterAGapAreCounted() throws {
    let list = try PacketList(contentsOf: Self.healthy.path)
    let whole = try only(list.analyse(keys: list.ring)).facts
    var gaps = 0
    for index in list.packets.indices where 40 < index && index.isMultiple(of: 2) {
      var holed = list
      holed.packets.remove(at: index)
      let facts = try only(holed.analyse(keys: list.ring)).facts
      guard facts.firstGap != nil else { continue }
      gaps += 1
      let side: Side = facts.missingOctets.client == 0 ? .server : .client
      let other: Side = side == .client ? .server : .client
      #expect(facts.undecryptedRecords(other) == 0)
      #expect(
        facts.tls.decryption.tally(side).dataRecords + facts.undecryptedRecords(side)
          <= whole.tls.decryption.tally(side).dataRecords
      )
      #expect(facts.tls.decryption.failedRecords == 0)
    }
    #expect(5 < gaps)
  }

  // MARK: Secrets after their packets

  @Test func lateSecretsServeWhatCanBeReadAgain() throws {
    let bytes = try Data(contentsOf: Self.healthy)
    let late = try BlockList(bytes).withSecretsLast
    let url = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).pcapng")
    try late.write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    func open() throws(CaptureError) -> any PacketSource {
      try CaptureFile.open(url.path, filter: nil)
    }
    let analysis = CaptureAnalysis(ports: CaptureAnalysis.defaultPorts)
    let again = try analysis.run(open(), path: "late", again: open)
    let facts = try only(again).facts
    #expect(facts.undecryptedRecords(.client) + facts.undecryptedRecords(.server) == 0)
    #expect(facts.tls.decryption.isDecrypted)
    #expect(again.warnings.isEmpty)
    let once = try analysis.run(open(), path: "late")
    #expect(try !only(once).facts.tls.decryption.isDecrypted)
    #expect(once.warnings.map(\.code) == ["secrets_too_late"])
  }

  // MARK: Standard RDP security

  @Test(arguments: [
    "healthy-rdp-security-key", "logoff-rdp-security-low-key", "healthy-rdp-security-fips-key",
  ])
  func standardSecurityIsRead(_ name: String) throws {
    let folder = capturesFolder.appending(path: name)
    let list = try PacketList(contentsOf: folder.appending(path: "capture.pcapng").path)
    let ring = KeyRing()
    let key = try String(contentsOf: folder.appending(path: "rsakeys.ini"), encoding: .utf8)
    ring.add(try RSAPrivateKey(reading: key))
    let facts = try only(list.analyse(keys: ring)).facts
    #expect(facts.undecoded.isEmpty)
    #expect(facts.mcs.decryption.failedRecords == 0)
    #expect(10 < facts.mcs.decryption.client.records + facts.mcs.decryption.server.records)
    let readings = Dictionary(uniqueKeysWithValues: facts.phases.map { ($0.phase, $0.reading) })
    #expect(readings[.security] == .clear)
    #expect(readings[.licensing] == .decrypted)
    #expect(readings[.session] == .decrypted)
    let closed = try only(list.analyse()).facts
    #expect(closed.phases.map(\.phase) == facts.phases.map(\.phase))
    #expect(closed.phases.allSatisfy { $0.reading == .clear })
  }

  @Test func anotherServersKeyIsTold() throws {
    let folder = capturesFolder.appending(path: "healthy-rdp-security-key")
    let other = capturesFolder.appending(path: "healthy-rdp-security-fips-key/rsakeys.ini")
    let list = try PacketList(contentsOf: folder.appending(path: "capture.pcapng").path)
    let ring = KeyRing()
    ring.add(try RSAPrivateKey(reading: String(contentsOf: other, encoding: .utf8)))
    let report = try list.analyse(keys: ring)
    #expect(report.warnings.map(\.code) == ["wrong_key"])
    #expect(try only(report).facts.deepest == .session)
  }
}

/// The blocks of a pcapng, to put them in another order.
private struct BlockList {
  private var blocks: [Data] = []

  init(_ data: Data) throws {
    var start = 0
    for end in BlockEnds(of: data).offsets {
      blocks.append(data[start..<end])
      start = end
    }
  }

  /// The file with the Decryption Secrets Blocks (type 10) at its end.
  var withSecretsLast: Data {
    func isSecrets(_ block: Data) -> Bool { block.starts(with: [10, 0, 0, 0]) }
    return Data((blocks.filter { !isSecrets($0) } + blocks.filter(isSecrets)).joined())
  }
}
