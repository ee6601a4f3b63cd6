import Analysis
import Capture
import Diagnosis
import Foundation
import Reports
import Testing

@testable import Expectations

// Swift Testing has a type of this name, too.
private typealias Expectation = Expectations.Expectation

private let captures = URL(filePath: #filePath).deletingLastPathComponent()
  .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Captures")

private func analyse(_ name: String) throws -> CaptureReport {
  let path = captures.appending(path: name).path
  return try CaptureAnalysis(ports: CaptureAnalysis.defaultPorts)
    .run(CaptureFile.open(path, filter: nil), path: path)
}

private func expectation(_ text: String) throws -> Expectation {
  try Expectation(reading: Array(text.utf8))
}

@Suite struct ComparisonTests {
  static let refused = "nla-required/capture.pcapng"

  /// Each line falsifies one fact of the capture and names the only difference.
  @Test(arguments: [
    (#""family": "healthy""#, "family"), (#""cause": "port_refused_service_down""#, "cause"),
    (#""role": "retry""#, "role"), (#""severity": "warning""#, "severity"),
    (#""minimumConfidence": 0.99"#, "minimumConfidence"), (#""phase": "tls""#, "phase"),
    (#""ending": {"kind": "reset"}"#, "ending.kind"), (#""ending": {"by": "server"}"#, "ending.by"),
    (#""ending": {"frame": 1}"#, "ending.frame"), (#""ending": {"seconds": 9}"#, "ending.seconds"),
    (#""codes": {"failureCode": 2}"#, "codes.failureCode"),
    (#""codes": {"errorInfo": "0xC"}"#, "codes.errorInfo"),
    (#""codes": {"alerts": ["unknown_ca"]}"#, "codes.alerts"),
    (#""evidence": ["host_silent"]"#, "evidence"), (#""evidenceFrames": [1]"#, "evidenceFrames"),
  ])
  func aFalsifiedFactIsNoticed(_ fact: String, _ key: String) throws {
    let expected = try expectation("{\"connections\": [{\"stream\": 0, \(fact)}]}")
    let differences = expected.differences(from: try analyse(Self.refused))
    #expect(differences.map(\.subject) == ["stream 0"])
    #expect(differences.flatMap(\.facts).map(\.key) == [key])
  }

  @Test(arguments: [
    #""family": "nla_required""#, #""family": "healthy", "familyAlternatives": ["nla_required"]"#,
    #""codes": {"failureCode": 5}"#, #""codes": {"failureCode": "HYBRID_REQUIRED_BY_SERVER"}"#,
    #""codes": {"failureCode": "0x5"}"#, #""evidence": ["refused_hybrid_required"]"#,
    #""evidenceFrames": [8, 1]"#, #""ending": {"frame": 10}"#, #""minimumConfidence": 0.9"#,
  ])
  func aTrueFactIsNoDifference(_ fact: String) throws {
    let expected = try expectation("{\"connections\": [{\"stream\": 0, \(fact)}]}")
    #expect(expected.differences(from: try analyse(Self.refused)) == [])
  }

  @Test func toleranceWidensFramesAndSeconds() throws {
    let facts = #""ending": {"frame": 12, "seconds": 3}, "evidenceFrames": [9]"#
    let wide = try expectation(
      "{\"tolerance\": {\"frames\": 2, \"seconds\": 5}, \"connections\": [{\"stream\": 0, \(facts)}]}"
    )
    #expect(wide.differences(from: try analyse(Self.refused)) == [])
    let narrow = try expectation("{\"connections\": [{\"stream\": 0, \(facts)}]}")
    #expect(narrow.differences(from: try analyse(Self.refused)).first?.facts.count == 3)
  }

  @Test func missingConnectionsAndAttemptsAreDifferences() throws {
    let expected = try expectation(
      #"{"connectionCount": 3, "connections": [{"stream": 7}], "attempts": [{"streams": [7]}]}"#
    )
    let differences = expected.differences(from: try analyse(Self.refused))
    #expect(differences.map(\.subject) == ["capture", "stream 7", "attempt of streams 7"])
  }

  @Test func aDifferenceNamesTheEvidence() throws {
    let other = try analyse("port-closed/capture.pcapng")
    let recorded = Expectation(recording: try analyse(Self.refused))
    let difference = try #require(
      recorded.differences(from: other).first { $0.subject == "stream 0" }
    )
    #expect(difference.vanished.flatMap(\.kinds).contains("refused_hybrid_required"))
    #expect(difference.appeared.flatMap(\.kinds).contains("syn_refused"))
    #expect(difference.appeared.allSatisfy { !$0.frames.isEmpty && $0.text != nil })
  }

  @Test func withoutRecordedEvidenceTheCauseTellsIt() throws {
    let expected = try expectation(
      #"{"connections": [{"stream": 0, "cause": "nla_required"}]}"#
    )
    let difference = try #require(
      expected.differences(from: try analyse("port-closed/capture.pcapng")).first
    )
    #expect(difference.vanished.flatMap(\.kinds).contains("refused_hybrid_required"))
    #expect(difference.appeared.flatMap(\.kinds).contains("syn_refused"))
  }

  /// What is recorded reads back, says the same text, and is no difference.
  @Test(arguments: [
    "nla-required/capture.pcapng", "port-closed/capture.pcapng", "name-not-resolved/capture.pcapng",
    "healthy-twice/capture.pcapng", "certificate-unknown-ca-tls12/capture.pcapng",
    "ended-by-idle-limit/capture.pcap",
  ])
  func recordedExpectationsAreMet(_ name: String) throws {
    let report = try analyse(name)
    let text = Expectation(recording: report).text
    let read = try Expectation(reading: text)
    #expect(read.differences(from: report) == [])
    #expect(read.text == text)
    #expect(read.changes(to: read.refreshed(by: report), because: report) == [])
  }

  @Test func theGuidesExampleIsAnExpectation() throws {
    let guide = captures.deletingLastPathComponent().appending(path: "Docs/ci.md")
    let text = try String(contentsOf: guide, encoding: .utf8)
    let example = try #require(text.firstMatch(of: /```json\n([^`]*)```/)).output.1
    #expect(try expectation(String(example)).connections.count == 1)
  }

  @Test func refreshingKeepsKeysAndNotes() throws {
    let old = try expectation(
      #"{"note": "n", "knownIssue": "k", "connections": [{"stream": 0, "note": "m", "family": "healthy"}]}"#
    )
    let report = try analyse(Self.refused)
    let new = old.refreshed(by: report)
    #expect(
      try String(decoding: new.text, as: UTF8.self)
        == String(
          decoding: expectation(
            #"{"note": "n", "connections": [{"stream": 0, "note": "m", "family": "nla_required"}]}"#
          ).text,
          as: UTF8.self
        )
    )
    #expect(
      old.changes(to: new, because: report) == [
        "stream 0: family healthy -> nla_required", "no known issue any more: k",
      ]
    )
  }
}

@Suite struct BaselineTests {
  private func report(_ names: [String]) throws -> AnalysisReport {
    AnalysisReport(captures: try names.map(analyse))
  }

  private func baseline(_ names: [String]) throws -> Baseline {
    try Baseline(reading: JSONReport.text(report(names), version: "test"))
  }

  @Test func knownTroubleIsNoNews() throws {
    let capture = try analyse("nla-required/capture.pcapng")
    let news = try baseline(["nla-required/capture.pcapng"]).news(in: capture)
    #expect(news.known == capture.diagnosis.attempts.count)
    #expect(news.report.diagnosis.attempts.isEmpty && news.report.diagnosis.connections.isEmpty)
  }

  @Test func newTroubleIsNews() throws {
    let capture = try analyse("nla-required/capture.pcapng")
    let news = try baseline(["port-closed/capture.pcapng"]).news(in: capture)
    #expect(news.known == 0)
    #expect(news.report.diagnosis.attempts.map(\.verdict.cause.id) == ["nla_required"])
    #expect(news.report.diagnosis.connections.map(\.attempt) == [0])
  }

  /// A refusal that a later try made good was a warning; when nothing makes it good it is worse.
  @Test func worseTroubleIsNews() throws {
    let capture = try analyse("nla-required/capture.pcapng")
    let text = String(
      decoding: try JSONReport.text(report(["nla-required/capture.pcapng"]), version: "test"),
      as: UTF8.self
    )
    let milder = text.replacing("\"severity\": \"failure\"", with: "\"severity\": \"warning\"")
    #expect(try Baseline(reading: Array(milder.utf8)).news(in: capture).known == 0)
  }

  @Test func whatWorksIsNoNews() throws {
    let capture = try analyse("healthy-twice/capture.pcapng")
    #expect(
      try baseline(["port-closed/capture.pcapng"]).news(in: capture).report.diagnosis.attempts
        .isEmpty
    )
  }

  @Test(arguments: ["", "{}", "[1]", "{\"schema\": \"rdpscope.check/1\"}"])
  func whatIsNoReportIsRefused(_ text: String) {
    #expect(throws: BaselineError.self) { try Baseline(reading: Array(text.utf8)) }
  }
}
