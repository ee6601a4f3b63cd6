import Analysis
import ArgumentParser
import Capture
import Reports

/// `rdpscope live`: verdicts as they happen.
struct Live: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "live",
    abstract: "Watch interfaces and say of each RDP connection why it fails, as it happens.",
    discussion: """
      Examples:
        sudo rdpscope live eth0                          watch an interface
        sudo rdpscope live any --keep-failures /var/lib/rdpscope
        ssh host tcpdump -U -w - port 3389 | rdpscope live -
        rdpscope live eth0 --format jsonl --exec /usr/local/bin/page-me

      Capturing needs root or the capability CAP_NET_RAW; `rdpscope interfaces` lists what there \
      is. SIGTERM, SIGINT, q: end in order. SIGHUP: reopen the files. SIGUSR1: statistics.

      Exit status: 0 ended in order; 64 usage; 65 stdin is no capture; 66 no such interface; \
      74 a write failed; 77 not permitted.
      """
  )

  @Argument(help: "Interfaces by name or address, `any`, or - for a capture on stdin.")
  var interfaces: [String]

  @Option(help: "One line (text) or one JSON object (jsonl) for each event.")
  var format = LiveFormat.text

  @Option(name: [.short, .long], help: "Append the lines to a file instead of standard output.")
  var output: String?

  @Option(
    name: .long,
    parsing: .upToNextOption,
    help: "Follow these server ports, too, even without a connection's beginning."
  )
  var port: [UInt16] = []

  @Flag(help: "Look at all traffic, to find RDP on any port.")
  var allPorts = false

  @Option(help: "Look only at the packets that a BPF expression selects.")
  var filter: String?

  @Flag(help: "Take packets for other hosts, too.")
  var promiscuous = false

  @Option(help: "Octets kept of a packet.")
  var snapLength = LiveOptions().snapLength

  @Option(help: "The kernel's buffer for each interface, in MiB.")
  var bufferSize = LiveOptions().bufferByteCount >> 20

  @Option(
    name: .customLong("ca"),
    help: "Trust the certificates of a PEM file, in place of the system's roots."
  )
  var rootsPath: String?

  @OptionGroup var keys: KeyOptions

  @OptionGroup var keeping: KeepOptions

  @OptionGroup var telling: HookOptions

  @OptionGroup var writing: WriteOptions

  @Option(help: "Serve Prometheus metrics over HTTP on an address, such as 127.0.0.1:9469.")
  var metrics: String?

  @Flag(help: "Print lines on a terminal, too, instead of the table.")
  var noTable = false

  @Option(help: "Become this user once the interfaces are open; with sudo, who called it.")
  var user: String?

  func validate() throws {
    guard !interfaces.isEmpty else {
      throw ValidationError("Name an interface (`rdpscope interfaces` lists them), or - for stdin.")
    }
    guard interfaces == ["-"] || !interfaces.contains("-") else {
      throw ValidationError("Watch stdin or interfaces, not both at once.")
    }
    guard 1...2047 ~= bufferSize else {
      throw ValidationError("A kernel buffer has 1 to 2047 MiB.")
    }
    guard 64...262_144 ~= snapLength else {
      throw ValidationError("A snap length is 64 to 262144 octets.")
    }
  }

  func run() async throws {
    let ports = CaptureAnalysis.defaultPorts.union(port)
    let validator = try Roots.validator(rootsPath)
    let ring = try keys.ring()
    let feed = try open(ports)
    // From here on files are made by whom they belong to.
    try Privileges.drop(to: user, for: feed)
    try telling.check()
    Signals.handle()
    let source = interfaces.joined(separator: " ")
    let wantsTable = format == .text && output == nil && interfaces != ["-"] && !noTable
    var outputs = LiveOutputs(
      printer: try LivePrinter(format, path: output, source: source),
      recorder: try keeping.recorder(),
      recording: try recording(),
      hooks: Hooks(telling.hooks),
      metrics: try metrics.map(Self.listen),
      source: source
    )
    if wantsTable { outputs.showTable() }
    var run = LiveRun(
      feed: feed,
      analysis: LiveAnalysis(ports: ports, keys: ring),
      validator: validator,
      outputs: outputs
    )
    try await run.loop()
  }

  /// The recording of everything, if it is wanted and can be.
  private func recording() throws -> RotatingCapture? {
    guard let capture = writing.capture else { return nil }
    do throws(WriteError) { try capture.check() } catch { throw Output.exit(error) }
    return capture
  }

  private static func listen(_ address: String) throws -> MetricsServer {
    do throws(WriteError) { return try MetricsServer(address) } catch { throw Output.exit(error) }
  }

  private func open(_ ports: Set<UInt16>) throws -> any LiveFeed {
    do throws(CaptureError) {
      guard interfaces != ["-"] else { return try PipeFeed("-", filter: filter) }
      var options = LiveOptions()
      options.snapLength = snapLength
      options.bufferByteCount = bufferSize << 20
      options.isPromiscuous = promiscuous
      options.filter = filter ?? (allPorts ? nil : LiveOptions.defaultFilter(ports: ports))
      return try InterfaceFeed(interfaces, options: options)
    } catch {
      StandardError.write("rdpscope: \(error.message)\n")
      throw ExitCode(error.kind.exitStatus)
    }
  }
}

/// Forms of what live capture says.
enum LiveFormat: String, ExpressibleByArgument, CaseIterable {
  case text, jsonl
}
