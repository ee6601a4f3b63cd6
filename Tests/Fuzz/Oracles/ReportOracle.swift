import Analysis
import Capture
import Diagnosis
import Expectations
import Reports
import Timeline

/// What holds for the report on any capture, in every form.
enum ReportOracle {
  static func check(_ report: CaptureReport) throws(Violation) {
    let whole = AnalysisReport(captures: [report])
    let json = JSONReport.text(whole, version: "fuzz")
    try requireJSON(json, "json")
    try requireJSON(SARIFReport.text(whole, version: "fuzz"), "sarif")
    var lines = JSONLReport()
    for line in lines.lines(report).split(separator: UInt8(ascii: "\n")) {
      try requireJSON(Array(line), "jsonl")
    }
    try requirePlain(Array(TextReport(isColored: false).text(whole).utf8), "text")
    try requirePlain(MarkdownReport.text(whole), "markdown")
    try requirePlain(CSVReport.text(whole), "csv")
    try requirePlain(GitHubAnnotations.text(whole), "github")
    try requirePlain(JUnitReport.text(whole, failing: .warning), "junit")
    for judged in report.diagnosis.connections {
      try require(
        !judged.verdict.evidence.isEmpty,
        "a verdict without evidence: \(judged.verdict.cause.id)"
      )
      try require(
        0...1 ~= judged.verdict.confidence,
        "a confidence of \(judged.verdict.confidence)"
      )
    }
    try checkExpectation(report)
    _ = try baseline(json).news(in: report)
  }

  /// A report agrees with the expectation recorded from it, also after it was a file.
  private static func checkExpectation(_ report: CaptureReport) throws(Violation) {
    let recorded = Expectation(recording: report)
    try requireNone(recorded.differences(from: report), "the recorded expectation")
    let read: Expectation
    do throws(ExpectationError) {
      read = try Expectation(reading: recorded.text)
    } catch {
      throw Violation("a recorded expectation is refused: \(error.problems)")
    }
    try requireNone(read.differences(from: report), "the expectation read again")
  }

  private static func requireNone(
    _ differences: [SubjectDifference],
    _ what: String
  ) throws(Violation) {
    try require(differences.isEmpty, "\(what) differs: \(differences)")
  }

  private static func baseline(_ json: [UInt8]) throws(Violation) -> Baseline {
    do throws(BaselineError) {
      return try Baseline(reading: json)
    } catch {
      throw Violation("a report is refused as a baseline: \(error)")
    }
  }

  static func requireJSON(_ text: [UInt8], _ form: String) throws(Violation) {
    do throws(JSONError) {
      _ = try JSONParser.parse(text)
    } catch {
      throw Violation("\(form) is not JSON in line \(error.line): \(error.message)")
    }
    try requirePlain(text, form)
  }

  /// No form lets through what a terminal obeys.
  static func requirePlain(_ text: [UInt8], _ form: String) throws(Violation) {
    try require(
      String(validating: text, as: UTF8.self) != nil,
      "\(form) is not UTF-8"
    )
    let isPlain = text.allSatisfy {
      0x20 <= $0 && $0 != 0x7F || $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r")
        || $0 == UInt8(ascii: "\t")
    }
    try require(isPlain, "\(form) holds control characters")
  }
}
