import Analysis
import Capture
import Diagnosis
import Reports

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// A capture file: what a file gives, a pipe gives, too; the report on it holds in every form.
enum CaptureFileOracle {
  /// Beyond it a pipe would have to be filled while it is read.
  static let maximumPipeOctets = 65_536

  static func check(_ input: [UInt8]) throws(Violation) {
    guard !isCompressed(input) else { return }
    let file = try TemporaryFile(input)
    let report = try analyse(file.path, input)
    guard let report else { return }
    try ReportOracle.check(report)
    // Either format spends 16 octets on a packet of none.
    try require(report.packets * 16 <= input.count, "more packets than the file has room for")
    try checkCopy(of: file.path, report)
    guard input.count <= maximumPipeOctets, let pipe = FilledPipe(input) else { return }
    guard let piped = try analyse(pipe.path, input) else {
      throw Violation("a pipe is refused where the file is not")
    }
    try require(text(report) == text(piped), "a pipe gives another report than the file")
  }

  /// The annotated copy holds the same packets, of which the same is said.
  private static func checkCopy(of path: String, _ report: CaptureReport) throws(Violation) {
    let comments = Dictionary(uniqueKeysWithValues: (1...3).map { ($0, "frame \($0)") })
    var copy: [UInt8] = []
    do throws(CaptureError) {
      try CaptureAnnotator(comments: comments, summary: "summary", application: "fuzz")
        .copy(path) { copy += $0 }
    } catch {
      throw Violation("what can be read cannot be copied: \(error.message)")
    }
    guard report.packets > 0 else { return }
    let file = try TemporaryFile(copy)
    guard let again = try analyse(file.path, copy) else {
      throw Violation("the annotated copy is refused")
    }
    try require(again.packets == report.packets, "the copy has \(again.packets) packets")
    try require(again.bytes == report.bytes, "the copy has \(again.bytes) octets")
    try require(
      again.diagnosis.connections.map(\.verdict.cause.id)
        == report.diagnosis.connections.map(\.verdict.cause.id),
      "the copy is judged otherwise"
    )
  }

  private static func analyse(
    _ path: String,
    _ input: [UInt8]
  ) throws(Violation) -> CaptureReport? {
    do throws(CaptureError) {
      let source = try CaptureFile.open(path, filter: nil)
      return try CaptureAnalysis(ports: CaptureAnalysis.defaultPorts).run(source, path: "capture")
    } catch {
      try require(!error.message.isEmpty, "refused without a word")
      return nil
    }
  }

  private static func text(_ report: CaptureReport) -> [UInt8] {
    JSONReport.text(AnalysisReport(captures: [report]), version: "fuzz")
  }

  private static func isCompressed(_ input: [UInt8]) -> Bool {
    [[0x1F, 0x8B], [0x28, 0xB5, 0x2F, 0xFD], [0xFD, 0x37, 0x7A], [0x04, 0x22, 0x4D, 0x18]]
      .contains { input.starts(with: $0) }
  }
}

/// A file that is gone with this object.
private final class TemporaryFile {
  let path: String
  private let descriptor: Int32

  init(_ bytes: [UInt8]) throws(Violation) {
    var name = Array("/tmp/rdpscope-fuzz-XXXXXX\0".utf8).map { CChar(bitPattern: $0) }
    descriptor = unsafe mkstemp(&name)
    path = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    try require(0 <= descriptor, "no temporary file")
    let written = unsafe write(descriptor, bytes, bytes.count)
    try require(written == bytes.count, "the temporary file cannot be written")
  }

  deinit {
    close(descriptor)
    unsafe unlink(path)
  }
}

/// A pipe that holds everything and whose writer is gone.
private final class FilledPipe {
  let path: String
  private let end: Int32

  init?(_ bytes: [UInt8]) {
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else { return nil }
    end = ends[0]
    path = "/dev/fd/\(ends[0])"
    let written = unsafe write(ends[1], bytes, bytes.count)
    close(ends[1])
    guard written == bytes.count else { return nil }
  }

  deinit { close(end) }
}
