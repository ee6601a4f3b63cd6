import Analysis
import ArgumentParser
import Reports

/// `rdpscope check`: captures against their recorded expectations.
struct Check: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Compare captures with their recorded expectations.",
    discussion: """
      Examples:
        rdpscope check Captures                    is everything as it was?
        rdpscope check --record new/capture.pcap   write what is to be expected of it
        rdpscope check --format junit -o check.xml Captures

      The expectation of a folder's capture.* is the file expected.json beside it; that of any \
      other capture NAME is NAME.expected.json. It is JSON, written by --record and edited by \
      hand: leave out what does not matter.

      Exit status: 0 all as expected; 1 a capture differs, has no expectation, or an expectation \
      has no capture; 64 usage; 65 a capture or an expectation cannot be understood; 66 cannot \
      open it; 74 a write failed. The others are still checked.
      """
  )

  @Argument(help: "Captures, folders that hold them, or globs.")
  var paths: [String]

  @Flag(help: "Write expectations that are missing, refresh those that differ, say what changed.")
  var record = false

  @Option(help: "The output's form.")
  var format = CheckFormat.text

  @Option(name: [.short, .long], help: "Write to a file instead of standard output.")
  var output: String?

  @Option(
    name: .long,
    parsing: .upToNextOption,
    help: "Follow these server ports, too, even without a connection's beginning."
  )
  var port: [UInt16] = []

  @OptionGroup var redaction: RedactionOptions

  func validate() throws {
    guard !paths.isEmpty else { throw ValidationError("Name a capture or a folder.") }
  }

  func run() async throws {
    let inputs = CheckInputs(paths)
    guard !inputs.entries.isEmpty else {
      StandardError.write(
        "rdpscope: nothing to check in \(paths.joined(separator: ", ")): name a folder with captures\n"
      )
      throw ExitCode(66)
    }
    let run = CheckRun(
      ports: CaptureAnalysis.defaultPorts.union(port),
      records: record,
      redactor: try redaction.redactor()
    )
    let report = CheckReport(cases: await run.cases(inputs.entries))
    var sink = try Output(path: output)
    try sink.write(text(report, isColored: sink.isColored))
    try sink.finish()
    if let status = Self.status(report) { throw ExitCode(status) }
  }

  private func text(_ report: CheckReport, isColored: Bool) -> [UInt8] {
    switch format {
    case .text: Array(CheckText(isColored: isColored).text(report).utf8)
    case .json: CheckJSON.text(report, version: RDPScope.version)
    case .markdown: MarkdownReport.text(report)
    case .junit: JUnitReport.text(report)
    case .sarif: SARIFReport.text(report, version: RDPScope.version)
    case .github: GitHubAnnotations.text(report)
    }
  }

  /// The exit status of the first input that cannot be used, or that of the comparison.
  private static func status(_ report: CheckReport) -> Int32? {
    for checked in report.cases {
      switch checked.outcome {
      case .unreadable(_, let status): return status
      case .invalid: return 65
      default: continue
      }
    }
    return report.isClean ? nil : 1
  }
}

/// Forms of the check's output.
enum CheckFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json, markdown, junit, sarif, github
}
