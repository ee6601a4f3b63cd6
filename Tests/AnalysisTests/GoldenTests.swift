import Diagnosis
import Foundation
import Reports
import Testing
import Timeline

/// The hand-editable expectation beside a capture: only the keys that matter.
struct Expectation: Decodable {
  let connections: [Connection]?
  let attempts: [Attempt]?

  struct Connection: Decodable {
    let stream: Int
    let role: String?
    let family: String?
    let familyAlternatives: [String]?
    let cause: String?
    let phase: String?
    let ending: Ending?
    let severity: String?
    let evidenceFrames: [Int]?
  }

  struct Ending: Decodable {
    let kind: String?
    let by: String?
  }

  struct Attempt: Decodable {
    let streams: [Int]?
    let outcome: String?
    let family: String?
  }
}

@Suite struct GoldenTests {
  /// Cases whose right answer the analysis does not give yet.
  ///
  /// Their expectations stand; a case that
  /// starts to pass makes this test fail until it is taken off the list.
  static let unmet: [String: Comment] = [
    "client-certificate-wanted": "alert 40 after a CertificateRequest is taken for a cipher",
    "ended-by-administrator": "Set Error Info is not read",
    "ended-by-another-connection": "Set Error Info is not read",
    "ended-by-idle-limit": "Set Error Info is not read",
    "ended-by-licensing": "Set Error Info is not read",
    "ended-by-user-logoff": "Set Error Info is not read",
    "firewall-drops-data": "a filter that lets the TCP handshake pass is not told from a host that is gone",
    "first-try-unanswered": "a ping answered before the SYNs is no sign of life during them",
    "heavy-loss": "no rule for packet loss",
    "idle-timeout-reset": "no rule for a path that forgets",
    "idle-timeout-silent": "no rule for a path that forgets",
    "loss-ends-session": "no rule for packet loss",
    "mtu-black-hole": "the hole is not seen from the receiving side",
    "name-not-resolved": "no attempt without TCP",
    "nla-logon-type-not-granted-keys": "nothing behind TLS is read",
    "nla-required-rdesktop": "the refusal of the second connection does not explain the first",
    "port-scanner": "a scan that offers NLA is taken for a client that needs it",
    "rc4-checksum-error": "a protocol error before the session is taken for a farewell",
    "return-path-blocked": "SYN,ACKs without an answer at the server are not a rule",
    "scanner-among-users": "no rule for scans past the server's answer",
    "scanner-certificate-nla": "no rule for scans past the server's answer",
    "scanner-certificate-tls13": "no rule for scans past the server's answer",
    "scanner-each-protocol": "a refused scan is taken for a refused client",
    "scanner-ntlm-names": "no rule for scans past the server's answer",
    "scanner-then-user": "no rule for scans past the server's answer",
    "scanner-tls-at-once": "TLS without a request is taken for a server without its key",
    "service-killed": "connections that end together are not compared",
    "syn-scan": "no rule for half-open scans",
  ]

  @Test func thereAreCaptures() {
    #expect(15 <= GoldenCase.all.count)
  }

  @Test(arguments: GoldenCase.all)
  func captureGivesItsExpectation(_ golden: GoldenCase) throws {
    if let reason = Self.unmet[golden.testDescription] {
      withKnownIssue(reason) { try check(golden) }
    } else {
      try check(golden)
    }
  }

  private func check(_ golden: GoldenCase) throws {
    let data = try Data(contentsOf: golden.folder.appending(path: "expected.json"))
    let expected = try JSONDecoder().decode(Expectation.self, from: data)
    let report = try analyse(golden.capture.path)
    for connection in expected.connections ?? [] {
      let judged = try #require(
        report.diagnosis.connections.first { $0.connection.stream == connection.stream }
      )
      compare(judged, with: connection)
    }
    for attempt in expected.attempts ?? [] {
      let found = try #require(
        report.diagnosis.attempts.first { attempt.streams == nil || $0.streams == attempt.streams }
      )
      if let outcome = attempt.outcome {
        #expect(outcome == (found.succeeded ? "success" : "failure"))
      }
      if let family = attempt.family { #expect(family == found.verdict.cause.family.rawValue) }
    }
  }

  private func compare(_ judged: JudgedConnection, with expected: Expectation.Connection) {
    let verdict = judged.verdict
    if let family = expected.family {
      let accepted = [family] + (expected.familyAlternatives ?? [])
      #expect(accepted.contains(verdict.cause.family.rawValue))
    }
    if let role = expected.role { #expect(role == judged.role.rawValue) }
    if let phase = expected.phase { #expect(phase == judged.connection.phase.name) }
    if let kind = expected.ending?.kind { #expect(kind == judged.connection.ending.kind.rawValue) }
    if let actor = expected.ending?.by { #expect(actor == judged.connection.ending.actor.rawValue) }
    if let severity = expected.severity { #expect(severity == verdict.severity.rawValue) }
    if let frames = expected.evidenceFrames {
      #expect(!Set(frames).isDisjoint(with: verdict.evidence.flatMap(\.frames)))
    }
    #expect(!verdict.evidence.isEmpty)
  }
}
