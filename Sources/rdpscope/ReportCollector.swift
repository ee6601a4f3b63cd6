import ArgumentParser
import Diagnosis
import Expectations
import Redaction
import Reports

/// Forms of the report.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json, jsonl, html, markdown, csv, junit, sarif, github
}

/// Takes captures' reports as they come, and writes them: line by line, or as one report at the
/// end.
struct ReportCollector: ~Copyable {
  /// Captures reported.
  private(set) var count = 0

  private let format: ReportFormat
  private let baseline: Baseline?
  private let baselinePath: String?
  private let redactor: Redactor?
  private var sink: Output
  private var reports: [CaptureReport] = []
  private var endToEnd: EndToEnd?
  private var lines = JSONLReport()
  private var known = 0
  private var failures = 0
  private var warnings = 0

  init(
    _ format: ReportFormat,
    _ baseline: Baseline?,
    _ baselinePath: String?,
    _ redactor: Redactor?,
    to sink: consuming Output
  ) {
    self.format = format
    self.baseline = baseline
    self.baselinePath = baselinePath
    self.redactor = redactor
    self.sink = sink
  }

  /// Attempts with at least a severity.
  func attempts(atLeast severity: Severity) -> Int {
    severity == .failure ? failures : failures + warnings
  }

  /// Takes one more capture; streamed forms are written at once.
  mutating func add(_ report: CaptureReport) throws {
    var report = report
    if let baseline {
      let news = baseline.news(in: report)
      report = news.report
      known += news.known
    }
    count += 1
    for attempt in report.diagnosis.attempts {
      switch report.severity(of: attempt) {
      case .failure: failures += 1
      case .warning: warnings += 1
      case .none: break
      }
    }
    // Lines need no other capture: memory does not grow with their number.
    if format == .jsonl { try sink.write(lines.lines(report)) } else { reports.append(report) }
  }

  /// Takes the two captures of the same connections.
  mutating func add(_ report: AnalysisReport) throws {
    endToEnd = report.endToEnd
    for capture in report.captures { try add(capture) }
    failures = report.attempts(atLeast: .failure)
    warnings = report.attempts(atLeast: .warning) - failures
  }

  /// Writes the report, and gives its file its name.
  ///
  /// - Parameter severity: From which on JUnit calls an attempt failed.
  /// - Throws: The exit status when it cannot be written.
  mutating func finish(failing severity: Severity) throws {
    var report = AnalysisReport(captures: reports, endToEnd: endToEnd)
    if let baselinePath {
      report.baseline = BaselineNote(
        path: redactor?.path(baselinePath) ?? baselinePath,
        known: known
      )
      if format != .json {
        StandardError.write(
          "rdpscope: \(known) attempt\(known == 1 ? "" : "s") no worse than in \(baselinePath), "
            + "not reported\n"
        )
      }
    }
    if format == .json {
      try sink.write(pieces: { JSONReport.write(report, version: RDPScope.version, to: $0) })
    } else if format == .html {
      let page = try HTMLReport(version: RDPScope.version, redactor: redactor)
      try sink.write(pieces: { page.write(report, to: $0) })
    } else {
      try sink.write(text(report, failing: severity))
    }
    try sink.finish()
    // The process ends: letting go of a hundred thousand small objects would only keep it.
    _ = unsafe Unmanaged.passRetained(Kept(report))
  }

  /// Owns a report.
  private final class Kept {
    private let report: AnalysisReport

    init(_ report: AnalysisReport) { self.report = report }
  }

  private func text(_ report: AnalysisReport, failing severity: Severity) -> [UInt8] {
    switch format {
    case .text: Array(TextReport(isColored: sink.isColored).text(report).utf8)
    case .json, .jsonl, .html: []
    case .markdown: MarkdownReport.text(report)
    case .csv: CSVReport.text(report)
    case .junit: JUnitReport.text(report, failing: severity)
    case .sarif: SARIFReport.text(report, version: RDPScope.version)
    case .github: GitHubAnnotations.text(report)
    }
  }
}
