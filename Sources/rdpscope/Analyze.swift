import Analysis
import ArgumentParser
import Capture
import ChainValidation
import Diagnosis
import Reports

/// `rdpscope analyze`: reports on captures.
struct Analyze: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Report on captures: how far each RDP connection got, how it ended, and why.",
    discussion: """
      Exit status: 0 done; 1 findings at or above --fail-on; 64 usage; 65 an input is not a \
      capture; 66 cannot open an input; 74 a write failed. With several inputs the others are \
      still reported.
      """
  )

  @Argument(
    help: "Captures (pcap, pcapng, also .gz .zst .xz .lz4), folders, globs, or - for stdin."
  )
  var captures: [String]

  @Option(help: "The report's form: text or json.")
  var format = ReportFormat.text

  @Option(name: [.short, .long], help: "Write the report to a file instead of standard output.")
  var output: String?

  @Option(
    name: .long,
    parsing: .upToNextOption,
    help: "Follow these server ports, too, even without a connection's beginning."
  )
  var port: [UInt16] = []

  @Option(help: "Look only at the packets that a BPF expression selects.")
  var filter: String?

  @Option(
    name: .customLong("ca"),
    help: "Trust the certificates of a PEM file, in place of the system's roots."
  )
  var rootsPath: String?

  @Flag(help: "The captures are parts of one: read them as one, in time order.")
  var merge = false

  @Flag(help: "Show no progress bar.")
  var noProgress = false

  @Option(help: "Exit with 1 when an attempt is at least this bad: failure or warning.")
  var failOn: FailOn?

  func validate() throws {
    guard !captures.isEmpty else {
      throw ValidationError("Name a capture, a folder, or - for stdin.")
    }
  }

  func run() async throws {
    var validator = try Roots.validator(rootsPath)
    var inputs = Inputs(captures)
    var reports: [CaptureReport] = []
    if merge {
      if let report = await analyseMerged(&inputs, &validator) { reports.append(report) }
    } else {
      for path in inputs.paths {
        if let report = await analyse(path, &inputs, &validator) { reports.append(report) }
      }
    }
    let report = AnalysisReport(captures: reports)
    if !reports.isEmpty || inputs.failure == nil || format == .json { try write(report) }
    if let failure = inputs.failure { throw ExitCode(failure) }
    if let failOn, report.attempts(atLeast: failOn.severity) > 0 { throw ExitCode(1) }
  }

  private var analysis: CaptureAnalysis {
    CaptureAnalysis(ports: CaptureAnalysis.defaultPorts.union(port))
  }

  private func analyse(
    _ path: String,
    _ inputs: inout Inputs,
    _ validator: inout ChainValidator
  ) async -> CaptureReport? {
    do throws(CaptureError) {
      let source = try CaptureFile.open(path, filter: filter)
      var progress = Progress(path: path, isShown: !noProgress)
      defer { progress.finish() }
      return try await analysis.run(source, path: path, validator: &validator) {
        progress.update(octets: $0)
      }
    } catch {
      inputs.fail(error)
      return nil
    }
  }

  private func analyseMerged(
    _ inputs: inout Inputs,
    _ validator: inout ChainValidator
  ) async -> CaptureReport? {
    var sources: [any PacketSource] = []
    for path in inputs.paths {
      do throws(CaptureError) {
        sources.append(try CaptureFile.open(path, filter: filter, readsAhead: false))
      } catch {
        inputs.fail(error)
      }
    }
    guard !sources.isEmpty else { return nil }
    do throws(CaptureError) {
      let source = try MergedSource(sources)
      let path = inputs.paths.joined(separator: " + ")
      return try await analysis.run(source, path: path, validator: &validator)
    } catch {
      inputs.fail(error)
      return nil
    }
  }

  private func write(_ report: AnalysisReport) throws {
    let sink = try Output(path: output)
    switch format {
    case .json:
      var failure: (any Error)?
      JSONReport.write(report, version: RDPScope.version) { piece in
        guard failure == nil else { return }
        do { try sink.write(piece) } catch { failure = error }
      }
      if let failure { throw failure }
    case .text: try sink.write(Array(TextReport(isColored: sink.isColored).text(report).utf8))
    }
  }
}

/// Forms of the report.
enum ReportFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json
}

/// What `--fail-on` counts.
enum FailOn: String, ExpressibleByArgument, CaseIterable {
  case failure, warning

  var severity: Severity { self == .failure ? .failure : .warning }
}
