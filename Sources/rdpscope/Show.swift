import Analysis
import ArgumentParser
import Capture
import Diagnosis
import Reports
import Timeline

/// `rdpscope show`: everything that happened in one connection.
struct Show: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Show one connection as a ladder: every message, with its frame, time and phase.",
    discussion: """
      Examples:
        rdpscope show office.pcap --connection 3
        rdpscope show office.pcap --connection 3 --bytes
        rdpscope show office.pcap --connection 3 --format json
        rdpscope show office.pcap --connection udp0

      Messages behind the encryption are told by the lengths of their records and marked likely.
      """
  )

  @Argument(help: "A capture (pcap, pcapng, also .gz .zst .xz .lz4), or - for stdin.")
  var capture: String

  @Option(
    help: ArgumentHelp(
      "A stream number, as in the report and Wireshark's tcp.stream, or udp0, udp1 ...",
      discussion: "The report names RDP over UDP so, in the order in which it began.",
      valueName: "stream"
    )
  )
  var connection: ConnectionName

  @Flag(help: "Add a hex dump of each message, with its fields beside it.")
  var bytes = false

  @Option(help: "The form: text or json.")
  var format = LadderFormat.text

  @Option(name: [.short, .long], help: "Write to a file instead of standard output.")
  var output: String?

  @Option(
    name: .long,
    parsing: .upToNextOption,
    help: "Follow these server ports, too, even without a connection's beginning."
  )
  var port: [UInt16] = []

  @Option(help: "Look only at the packets that a BPF expression selects.")
  var filter: String?

  @OptionGroup var keys: KeyOptions

  @OptionGroup var redaction: RedactionOptions

  func validate() throws {
    guard !bytes || (!redaction.redact && redaction.keyPath == nil) else {
      throw ValidationError("Octets have no pseudonyms: leave out --bytes or --redact.")
    }
  }

  func run() async throws {
    let redactor = try redaction.redactor()
    let log = EventLog(of: connection, keepsOctets: bytes)
    let analysis = CaptureAnalysis(
      ports: CaptureAnalysis.defaultPorts.union(port),
      keys: try keys.ring(),
      log: log,
      redactor: redactor
    )
    let report: CaptureReport
    do throws(CaptureError) {
      func open() throws(CaptureError) -> any PacketSource {
        try CaptureFile.open(capture, filter: filter)
      }
      report = try analysis.run(
        open(),
        path: capture,
        again: CaptureFile.isReadable(twice: capture) ? open : nil
      )
    } catch {
      StandardError.write("rdpscope: \(error.message)\n")
      throw ExitCode(error.kind.exitStatus)
    }
    guard let ladder = Ladder(of: report.diagnosis, log: log, redactor: redactor) else {
      throw ValidationError(Self.absence(of: connection, from: report.diagnosis))
    }
    var sink = try Output(path: output)
    switch format {
    case .text: try sink.write(Array(ladder.text(isColored: sink.isColored).utf8))
    case .json: try sink.write(ladder.json())
    }
    try sink.finish()
  }

  /// Connections named to somebody who asked for one that is not there.
  private static let maximumNamed = 20

  private static func absence(of name: ConnectionName, from diagnosis: Diagnosis) -> String {
    // One inside a gateway's channel is called as the way there.
    let streams = diagnosis.connections.filter { $0.connection.transport == .tcp }
    let there = streams.map(\.connection.name) + diagnosis.udpConnections.map(\.connection.name)
    guard !there.isEmpty else { return "The capture has no RDP connection." }
    let named = there.prefix(maximumNamed).map(\.description).joined(separator: ", ")
    let more = maximumNamed < there.count ? " and \(there.count - maximumNamed) more" : ""
    return "No RDP connection is called \(name). Those that are there: \(named)\(more)."
  }
}

extension ConnectionName: ExpressibleByArgument {
  /// Reads the name from a command line.
  package init?(argument: String) { self.init(argument) }
}

/// Forms of the ladder.
enum LadderFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json
}
