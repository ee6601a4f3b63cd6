import Analysis
import ArgumentParser
import Capture
import Redaction
import Reports

/// `rdpscope annotate`: the capture with the verdict in it, for Wireshark.
struct Annotate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "annotate",
    abstract: "Write the capture as pcapng with the verdict in it, as comments on its packets.",
    discussion: """
      Examples:
        rdpscope annotate broken.pcap -o told.pcapng
        wireshark told.pcapng                       the display filter frame.comment finds them
        rdpscope annotate --redact broken.pcap -o public.pcapng

      Every block and secret of the capture is kept; a classic pcap becomes a pcapng. The comment \
      on the capture holds the summary. With --redact only headers are kept, under pseudonyms: no \
      payload but the server's answer to the negotiation and TLS alerts, no secrets, no names.
      """
  )

  @Argument(help: "A capture (pcap, pcapng, also .gz .zst .xz .lz4).")
  var capture: String

  @Option(name: [.short, .long], help: "The file to write, or - for standard output.")
  var output: String

  @Option(
    name: .long,
    parsing: .upToNextOption,
    help: "Follow these server ports, too, even without a connection's beginning."
  )
  var port: [UInt16] = []

  @Option(
    name: .customLong("ca"),
    help: "Trust the certificates of a PEM file, in place of the system's roots."
  )
  var rootsPath: String?

  @OptionGroup var keys: KeyOptions

  @OptionGroup var redaction: RedactionOptions

  func validate() throws {
    guard capture != "-" else {
      throw ValidationError("A capture is read twice to annotate it: name a file, not stdin.")
    }
  }

  func run() async throws {
    var validator = try Roots.validator(rootsPath)
    let redactor = try redaction.redactor()
    let analysis = CaptureAnalysis(
      ports: CaptureAnalysis.defaultPorts.union(port),
      keys: try keys.ring(),
      redactor: redactor
    )
    let report: CaptureReport
    do throws(CaptureError) {
      let source = try CaptureFile.open(capture, filter: nil)
      report = try await analysis.run(source, path: capture, validator: &validator)
    } catch {
      throw Self.exit(error)
    }
    let comments = CaptureComments(report, version: RDPScope.version)
    var sink = try Output(path: output)
    var failure: CaptureError?
    try sink.write(pieces: { pass in
      do throws(CaptureError) { try copy(comments, redactor, to: pass) } catch { failure = error }
    })
    if let failure { throw Self.exit(failure) }
    try sink.finish()
  }

  private func copy(
    _ comments: CaptureComments,
    _ redactor: Redactor?,
    to pass: @escaping ([UInt8]) -> Void
  ) throws(CaptureError) {
    let application = "rdpscope \(RDPScope.version)"
    guard let redactor else {
      let annotator = CaptureAnnotator(
        comments: comments.packets,
        summary: comments.summary,
        application: application
      )
      return try annotator.copy(capture, to: pass)
    }
    let copier = RedactedCapture(
      comments: comments.packets,
      summary: comments.summary,
      application: application,
      redactor: redactor
    )
    try copier.copy(CaptureFile.open(capture, filter: nil), to: pass)
  }

  private static func exit(_ error: CaptureError) -> ExitCode {
    StandardError.write("rdpscope: \(error.message)\n")
    return ExitCode(error.kind.exitStatus)
  }
}
