import Analysis
import ArgumentParser
import Capture
import Diagnosis
import Reports
import Timeline

/// `rdpscope show`: everything that happened in one connection.
struct Show: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show one connection as a ladder: every message, with its frame, time and phase.",
    discussion: """
      Examples:
        rdpscope show office.pcap --connection 3
        rdpscope show office.pcap --connection 3 --bytes
        rdpscope show office.pcap --connection 3 --format json

      Messages behind the encryption are told by the lengths of their records and marked likely.
      """
  )

  @Argument(help: "A capture (pcap, pcapng, also .gz .zst .xz .lz4), or - for stdin.")
  var capture: String

  @Option(
    help: "The connection's stream number, as in the report and in Wireshark's tcp.stream."
  )
  var connection: Int

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

  func run() async throws {
    let log = EventLog(stream: connection, keepsOctets: bytes)
    let analysis = CaptureAnalysis(
      ports: CaptureAnalysis.defaultPorts.union(port),
      keys: try keys.ring(),
      log: log
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
    let connections = report.diagnosis.connections
    guard let judged = connections.first(where: { $0.connection.stream == connection }) else {
      let others = connections.prefix(20).map { "\($0.connection.stream)" }.joined(separator: ", ")
      throw ValidationError(
        "No RDP connection has the stream number \(connection). "
          + (others.isEmpty ? "The capture has none at all." : "Those that are there: \(others).")
      )
    }
    let ladder = Ladder(judged, log: log)
    var sink = try Output(path: output)
    switch format {
    case .text: try sink.write(Array(ladder.text(isColored: sink.isColored).utf8))
    case .json: try sink.write(ladder.json())
    }
    try sink.finish()
  }
}

/// Forms of the ladder.
enum LadderFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json
}
