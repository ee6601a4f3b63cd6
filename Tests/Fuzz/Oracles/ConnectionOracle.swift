import Analysis
import Capture
import Diagnosis
import Reports
import Timeline

/// The whole path behind the file: a conversation made of valid packets whose contents, order and
/// numbers are the input's, through to every form of report, twice with the same result.
enum ConnectionOracle {
  static func check(_ input: [UInt8]) throws(Violation) {
    var conversation = HostileConversation(FuzzInput(input))
    let packets = conversation.packets()
    let first = try analyse(packets, log: nil)
    try ReportOracle.check(first)
    let log = EventLog(of: .stream(0), keepsOctets: true)
    let second = try analyse(packets, log: log)
    try require(text(first) == text(second), "two runs, two reports")
    guard let judged = second.diagnosis.connections.first(where: { $0.connection.stream == 0 })
    else { return }
    let ladder = Ladder(judged, log: log)
    try ReportOracle.requirePlain(Array(ladder.text(isColored: false).utf8), "ladder")
    try ReportOracle.requireJSON(ladder.json(), "ladder json")
  }

  private static func text(_ report: CaptureReport) -> [UInt8] {
    JSONReport.text(AnalysisReport(captures: [report]), version: "fuzz")
  }

  private static func analyse(
    _ packets: [PacketListSource.Packet],
    log: EventLog?
  ) throws(Violation) -> CaptureReport {
    do throws(CaptureError) {
      return try CaptureAnalysis(ports: CaptureAnalysis.defaultPorts, log: log)
        .run(PacketListSource(packets), path: "list")
    } catch {
      throw Violation("a list cannot be read: \(error.message)")
    }
  }
}
