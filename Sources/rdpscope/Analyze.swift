import Analysis
import ArgumentParser
import Capture
import ChainValidation
import Diagnosis
import Expectations
import Reports

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `rdpscope analyze`: reports on captures.
struct Analyze: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "analyze",
    abstract: "Report on captures: how far each RDP connection got, how it ended, and why.",
    discussion: """
      Examples:
        rdpscope broken.pcapng                              why did it break?
        rdpscope captures/ 'more/*.pcap.gz'                 folders and globs
        ssh host tcpdump -w - port 3389 | rdpscope -        a capture on stdin
        rdpscope --format html -o report.html broken.pcapng to look at, and to send on
        rdpscope --format json -o report.json broken.pcapng
        rdpscope --redact broken.pcapng                     to post it in public
        rdpscope --fail-on failure fresh.pcapng             in CI: exit 1 on a failed attempt
        rdpscope --client-code 0x204 broken.pcapng          does that fit what the user saw?
        rdpscope --client-side a.pcapng --server-side b.pcapng
                                                            two captures of the same connection
        rdpscope --baseline report.json --fail-on failure fresh.pcapng

      Exit status: 0 done; 1 findings at or above --fail-on; 64 usage; 65 an input is not a \
      capture; 66 cannot open an input; 74 a write failed. With several inputs the others are \
      still reported.
      """
  )

  @Argument(
    help: "Captures (pcap, pcapng, also .gz .zst .xz .lz4), folders, globs, or - for stdin."
  )
  var captures: [String] = []

  @Option(help: "The report's form.")
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

  @OptionGroup var keys: KeyOptions

  @OptionGroup var redaction: RedactionOptions

  @Option(
    name: .customLong("client-code"),
    help: "What the user saw: 0x204, 2308, ERRCONNECT_CONNECT_FAILED, \"os error 104\"."
  )
  var clientCode: ClientCode?

  @Option(
    name: .customLong("client-side"),
    help: "A capture taken near the client; with --server-side, of the same connections."
  )
  var clientSide: String?

  @Option(
    name: .customLong("server-side"),
    help: "A capture taken near the server; with --client-side."
  )
  var serverSide: String?

  @Flag(help: "The captures are parts of one: read them as one, in time order.")
  var merge = false

  @Flag(help: "Show no progress bar.")
  var noProgress = false

  @Option(help: "Exit with 1 when an attempt is at least this bad: failure or warning.")
  var failOn: FailOn?

  @Option(
    name: .customLong("baseline"),
    help: "Report only what is new or worse since an earlier report (JSON)."
  )
  var baselinePath: String?

  func validate() throws {
    guard (clientSide == nil) == (serverSide == nil) else {
      throw ValidationError("--client-side and --server-side belong together: name both captures.")
    }
    if clientSide != nil {
      guard captures.isEmpty, !merge, baselinePath == nil else {
        throw ValidationError(
          "With --client-side and --server-side no other captures, --merge or --baseline."
        )
      }
      guard clientSide != "-" || serverSide != "-" else {
        throw ValidationError("Only one of the two captures can come from stdin.")
      }
    } else if captures.isEmpty {
      throw ValidationError("Name a capture, a folder, or - for stdin.")
    }
    guard baselinePath == nil || !redaction.isKeyless else {
      throw ValidationError(
        "Pseudonyms compare only under one key: give --redact-key, here and for the baseline."
      )
    }
  }

  func run() async throws {
    var validator = try Roots.validator(rootsPath)
    let redactor = try redaction.redactor()
    let analysis = CaptureAnalysis(
      ports: CaptureAnalysis.defaultPorts.union(port),
      keys: try keys.ring(),
      redactor: redactor,
      recordsEvents: format == .html,
      code: clientCode
    )
    let baseline = try baselinePath.map(Self.readBaseline)
    var inputs = Inputs(captures)
    var collector = ReportCollector(
      format,
      baseline,
      baselinePath,
      redactor,
      to: try Output(path: output)
    )
    if let clientSide, let serverSide {
      if let report = await analyseBothEnds(
        clientSide,
        serverSide,
        &inputs,
        analysis,
        &validator
      ) {
        try collector.add(report)
      }
    } else if merge {
      if let report = await analyseMerged(&inputs, analysis, &validator) {
        try collector.add(report)
      }
    } else {
      try await analyseEach(&inputs, analysis, &validator, &collector)
    }
    if collector.count > 0 || inputs.failure == nil || format == .json {
      try collector.finish(failing: failOn?.severity ?? .failure)
    }
    if let failure = inputs.failure { throw ExitCode(failure) }
    if let failOn, collector.attempts(atLeast: failOn.severity) > 0 { throw ExitCode(1) }
  }

  private static func readBaseline(_ path: String) throws -> Baseline {
    guard let text = FileManager.default.contents(atPath: path) else {
      StandardError.write("rdpscope: cannot open \(path): name a report in JSON\n")
      throw ExitCode(66)
    }
    do throws(BaselineError) {
      return try Baseline(reading: Array(text))
    } catch {
      StandardError.write(
        "rdpscope: \(path):\(error.line): \(error.message): make one with --format json\n"
      )
      throw ExitCode(65)
    }
  }

  /// Reads the captures, several of them side by side, and judges one after the other.
  private func analyseEach(
    _ inputs: inout Inputs,
    _ analysis: CaptureAnalysis,
    _ validator: inout ChainValidator,
    _ collector: inout ReportCollector
  ) async throws {
    let isAlone = inputs.paths.count == 1
    let readings = SideBySide(inputs.paths) { path in
      Result { () throws(CaptureError) in try read(path, analysis, isAlone: isAlone) }
    }
    var progress = Progress(captures: inputs.paths.count, isShown: !noProgress && !isAlone)
    defer { progress.finish() }
    for (index, path) in inputs.paths.enumerated() {
      switch readings.next() {
      case .success(let reading):
        try collector.add(await analysis.report(reading, path: path, validator: &validator))
      case .failure(let error): inputs.fail(error)
      }
      progress.update(index + 1)
    }
  }

  private func read(
    _ path: String,
    _ analysis: CaptureAnalysis,
    isAlone: Bool
  ) throws(CaptureError) -> CaptureAnalysis.Reading {
    func open() throws(CaptureError) -> any PacketSource {
      try CaptureFile.open(path, filter: filter)
    }
    let source = try open()
    var progress = Progress(path: path, isShown: !noProgress && isAlone)
    defer { progress.finish() }
    return try analysis.read(
      source,
      again: CaptureFile.isReadable(twice: path) ? open : nil,
      isAlone: isAlone
    ) {
      progress.update($0)
    }
  }

  private func analyseMerged(
    _ inputs: inout Inputs,
    _ analysis: CaptureAnalysis,
    _ validator: inout ChainValidator
  ) async -> CaptureReport? {
    var sources: [any PacketSource] = []
    var readable: [String] = []
    for path in inputs.paths {
      do throws(CaptureError) {
        sources.append(try CaptureFile.open(path, filter: filter))
        readable.append(path)
      } catch {
        inputs.fail(error)
      }
    }
    guard !sources.isEmpty else { return nil }
    func open() throws(CaptureError) -> any PacketSource {
      var sources: [any PacketSource] = []
      for path in readable {
        sources.append(try CaptureFile.open(path, filter: filter))
      }
      return try MergedSource(sources)
    }
    do throws(CaptureError) {
      let source = try MergedSource(sources)
      return try await analysis.run(
        source,
        path: inputs.paths.joined(separator: " + "),
        validator: &validator,
        again: readable.allSatisfy { CaptureFile.isReadable(twice: $0) } ? open : nil
      )
    } catch {
      inputs.fail(error)
      return nil
    }
  }

  private func analyseBothEnds(
    _ clientSide: String,
    _ serverSide: String,
    _ inputs: inout Inputs,
    _ analysis: CaptureAnalysis,
    _ validator: inout ChainValidator
  ) async -> AnalysisReport? {
    do throws(CaptureError) {
      let client = try CaptureFile.open(clientSide, filter: filter)
      let server = try CaptureFile.open(serverSide, filter: filter)
      return try await analysis.run(
        client: (client, clientSide),
        server: (server, serverSide),
        validator: &validator
      )
    } catch {
      inputs.fail(error)
      return nil
    }
  }
}

extension ClientCode: ExpressibleByArgument {
  /// Reads a code as users write it.
  public init?(argument: String) { self.init(argument) }
}

/// What `--fail-on` counts.
enum FailOn: String, ExpressibleByArgument, CaseIterable {
  case failure, warning

  var severity: Severity { self == .failure ? .failure : .warning }
}
