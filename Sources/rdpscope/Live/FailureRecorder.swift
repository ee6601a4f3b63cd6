import Analysis
import Capture
import Diagnosis
import Reports
import Wire

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Keeps the packets of failures, and of nothing else: `--keep-failures`.
struct FailureRecorder {
  /// Seconds that a failure waits for its retries before it is written.
  static let patience = 20.0
  /// Failures that wait at a time; of a flood of them the rest is only told.
  private static let maximumWaiting = 1024

  /// What is kept of the packets.
  private(set) var ring: PacketRing
  /// Files written, and failures that could not be or for which too many others waited.
  private(set) var writtenCount = 0
  private(set) var failedCount = 0
  /// Of those, how many too many others waited for since that was last said.
  private var newlySkippedCount = 0
  private let folder: String
  private let limits: Limits
  private var waiting: [Int: Waiting] = [:]
  private var paths: [Int: String] = [:]

  /// How much may stand in the folder; the oldest files go first.
  struct Limits {
    var files: Int
    var bytes: Int
    var seconds: Double
  }

  private struct Waiting {
    var diagnosis: Diagnosis
    let client: String
    let dueAt: Timestamp
  }

  /// What became of a failure.
  enum Outcome {
    case recorded(attempt: Int, path: String)
    case failed(attempt: Int, reason: String)
    case skipped(Int)
  }

  /// Creates a recorder, and its folder.
  ///
  /// - Parameters:
  ///   - folder: Where the files go.
  ///   - ringByteCount: Octets of packets held in memory.
  ///   - limits: How much may stand in the folder.
  /// - Throws: ``WriteError`` if the folder cannot be made.
  init(folder: String, ringByteCount: Int, limits: Limits) throws(WriteError) {
    self.folder = folder
    self.limits = limits
    ring = PacketRing(byteCount: ringByteCount)
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw WriteError(folder)
    }
  }

  /// Takes a packet.
  mutating func keep(_ record: PacketRecord, _ bytes: Span<UInt8>, _ interest: PacketInterest) {
    ring.keep(record, bytes, interest)
  }

  /// Takes an event; a failure will be written.
  mutating func note(_ event: LiveEvent) {
    guard case .verdict(let said) = event, let diagnosis = said.failure else { return }
    let number = said.attemptNumber
    if waiting[number] != nil {
      waiting[number]?.diagnosis = diagnosis
    } else if waiting.count < Self.maximumWaiting {
      waiting[number] = Waiting(
        diagnosis: diagnosis,
        client: said.client,
        dueAt: said.time.advanced(bySeconds: Self.patience)
      )
    } else {
      failedCount += 1
      newlySkippedCount += 1
    }
  }

  /// Writes what has waited long enough, or all of it at the end.
  mutating func write(
    at now: Timestamp,
    interfaces: [CaptureInterface],
    isEnd: Bool
  ) -> [Outcome] {
    let due = waiting.filter { isEnd || $0.value.dueAt <= now }.sorted { $0.key < $1.key }
    var outcomes: [Outcome] = []
    for (number, failure) in due {
      waiting[number] = nil
      do throws(WriteError) {
        let path = try write(failure, interfaces)
        writtenCount += 1
        outcomes.append(.recorded(attempt: number, path: path))
      } catch {
        failedCount += 1
        outcomes.append(.failed(attempt: number, reason: error.message))
      }
    }
    if !due.isEmpty {
      rotate(at: now)
      if 0 < newlySkippedCount { outcomes.append(.skipped(newlySkippedCount)) }
      newlySkippedCount = 0
    }
    return outcomes
  }

  // MARK: - Files

  private func write(
    _ failure: Waiting,
    _ interfaces: [CaptureInterface]
  ) throws(WriteError) -> String {
    guard let attempt = failure.diagnosis.attempts.first else { return folder }
    let stem = FileManager.path(
      folder,
      Self.name(attempt.start, client: failure.client, cause: attempt.verdict.cause.id)
    )
    let path = stem + ".pcapng"
    try FileSink.replace(path, with: encode(failure, attempt, interfaces))
    // Judged once more: its frames count in the file, and it shows that the file holds the proof.
    if let report = Self.report(on: path) { try FileSink.replace(stem + ".json", with: report) }
    return path
  }

  private func encode(
    _ failure: Waiting,
    _ attempt: Attempt,
    _ interfaces: [CaptureInterface]
  ) -> [UInt8] {
    let comments = CaptureComments(
      CaptureReport(on: failure.diagnosis),
      version: RDPScope.version
    )
    var octets = PcapngEncoder.section(
      comment: comments.summary,
      application: "rdpscope \(RDPScope.version)"
    )
    for interface in interfaces { octets += PcapngEncoder.interface(interface) }
    let scope = RecordingScope(attempt, failure.diagnosis.connections)
    ring.forEach(in: scope) { record, bytes in
      octets += PcapngEncoder.packet(
        record,
        interface: record.interface,
        octets: bytes,
        comment: comments.packets[record.frame]
      )
    }
    return octets
  }

  private static func report(on path: String) -> [UInt8]? {
    guard let source = try? CaptureFile.open(path, filter: nil),
      let report = try? CaptureAnalysis(ports: CaptureAnalysis.defaultPorts).run(source, path: path)
    else { return nil }
    return JSONReport.text(AnalysisReport(captures: [report]), version: RDPScope.version)
  }

  /// The time, the client's address and the cause: nothing that came over the wire as text.
  static func name(_ time: Timestamp, client: String, cause: String) -> String {
    let stamp = time.description.filter { $0 != "-" && $0 != ":" }
    let address = String(client.map { $0 == ":" ? "-" : $0 })
    return "\(stamp)_\(address)_\(cause)"
  }

  /// Removes the oldest files beyond the limits; none that the recorder has not named.
  private func rotate(at now: Timestamp) {
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [])
      .filter { $0.hasSuffix(".pcapng") && Self.isOwn($0) }.sorted(by: >)
    var bytes = 0
    let oldest = Timestamp(
      nanoseconds: now.nanoseconds.subtractingReportingOverflow(
        Int64(min(limits.seconds, 1e9) * 1e9)
      ).partialValue
    )
    let cutoff = Self.name(oldest, client: "", cause: "")
    for (index, name) in names.enumerated() {
      let path = FileManager.path(folder, name)
      let size = (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
      bytes += size
      guard limits.files <= index || limits.bytes < bytes && 0 < index || name < cutoff else {
        continue
      }
      try? FileManager.default.removeItem(atPath: path)
      try? FileManager.default.removeItem(atPath: path.dropLast(6) + "json")
    }
  }

  /// Whether a file's name begins with a time as ours do: `20261127T154001.123456Z_`.
  private static func isOwn(_ name: String) -> Bool {
    let head = Array(name.utf8.prefix(24))
    guard head.count == 24, head[8] == UInt8(ascii: "T"), head[15] == UInt8(ascii: "."),
      head[22] == UInt8(ascii: "Z"), head[23] == UInt8(ascii: "_")
    else { return false }
    return head[0..<8].allSatisfy { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
  }
}

extension FileManager {
  /// A file's path in a folder.
  static func path(_ folder: String, _ name: String) -> String {
    folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }
}
