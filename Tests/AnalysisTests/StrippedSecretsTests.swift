import Diagnosis
import Foundation
import Reports
import Streams
import Testing
import Timeline

/// What is inferred without keys against what is read with them.
@Suite struct StrippedSecretsTests {
  /// Where the keys tell more than another wording of the same, with the reason.
  static let known: [String: String] = [
    "nla-logon-type-not-granted-keys":
      "only the status tells a missing right from a wrong password: both are one record",
    "record-damaged-in-session-keys":
      "an encrypted alert is as long whether it says farewell or that a record was damaged",
    "rdp-nla-kerberos-auth1.pcapng":
      "the user's logoff is in Set Error Info, whose code is not in its record's length",
    "rdp-no-nla-accepted1.pcapng":
      "the user's logoff is in Set Error Info, whose code is not in its record's length",
  ]

  struct Keyed: CustomTestStringConvertible {
    let path: String
    let name: String

    var testDescription: String { name }
  }

  static let captures: [Keyed] = {
    var files = GoldenCase.all.compactMap { golden in
      (try? golden.capture).map { Keyed(path: $0.path, name: golden.testDescription) }
    }
    if let outsideFolder {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: outsideFolder)) ?? []
      files += names.sorted().map { Keyed(path: outsideFolder + "/" + $0, name: $0) }
    }
    return files.filter { file in
      guard let data = FileManager.default.contents(atPath: file.path) else { return false }
      return withoutSecrets(data).map { 0 < $0.removed } ?? false
    }
  }()

  @Test func thereAreCapturesWithSecrets() {
    #expect(10 <= Self.captures.count)
  }

  @Test(arguments: captures) func familyAndPhaseAreTheSameWithoutKeys(_ capture: Keyed) throws {
    let data = try #require(FileManager.default.contents(atPath: capture.path))
    let stripped = try #require(withoutSecrets(data))
    let file = FileManager.default.temporaryDirectory
      .appending(path: "rdpscope-stripped-\(UUID().uuidString).pcapng")
    try stripped.octets.write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let read = try analyse(capture.path).diagnosis
    let inferred = try analyse(file.path).diagnosis
    guard !inferred.connections.isEmpty else {
      // HTTPS to a gateway is nothing of Remote Desktop's until a key opens it.
      #expect(read.connections.allSatisfy { $0.connection.server.port == 443 })
      return
    }
    #expect(read.connections.count == inferred.connections.count)
    for (one, other) in zip(read.connections, inferred.connections) {
      #expect(one.connection.phase == other.connection.phase, "stream \(one.connection.stream)")
      let isSame = one.verdict.cause.family == other.verdict.cause.family
      if Self.known[capture.name] == nil {
        #expect(
          isSame,
          "stream \(one.connection.stream): \(one.verdict.cause.id), \(other.verdict.cause.id)"
        )
      }
      // The keys confirm a verdict or withdraw it; they never make it less sure.
      if isSame, one.verdict.cause.id == other.verdict.cause.id {
        #expect(other.verdict.confidence <= one.verdict.confidence + 0.001)
      }
    }
    if Self.known[capture.name] != nil {
      #expect(
        read.connections.map(\.verdict.cause.family)
          != inferred.connections.map(\.verdict.cause.family),
        "the difference is gone: take it off the list"
      )
    }
  }
}
