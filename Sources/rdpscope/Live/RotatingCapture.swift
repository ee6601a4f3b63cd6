import Capture
import Wire

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Writes every packet to a pcapng file, or to a row of them, as dumpcap does: `--write`.
///
/// A class, because it owns the open file.
final class RotatingCapture {
  /// Octets gathered before they are written.
  private static let pieceByteCount = 1 << 18

  /// When the next file begins, and how many are kept.
  struct Limits {
    /// Octets of a file; `nil` for no limit.
    var bytes: Int?
    /// Seconds of a file; `nil` for no limit.
    var seconds: Double?
    /// Files kept; `nil` for all.
    var files: Int?

    var rotates: Bool { bytes != nil || seconds != nil }
  }

  /// Packets that could not be written.
  private(set) var lostCount = 0
  private let path: String
  private let limits: Limits
  private var destination: Destination?
  private var pending: [UInt8] = []
  private var fileBytes = 0
  private var fileStart: Timestamp?
  private var fileNumber = 0
  private var describedCount = 0
  private var written: [String] = []

  /// Prepares to write; the first file is opened with the first packet, or by ``begin()``.
  ///
  /// - Parameters:
  ///   - path: The file, or the name that those of a row are made of.
  ///   - limits: When the next file begins.
  init(path: String, limits: Limits) {
    self.path = path
    self.limits = limits
  }

  deinit { if let destination { close(destination.descriptor) } }

  /// Writes a packet.
  ///
  /// - Throws: ``WriteError`` when the file cannot be written; the next packet is tried again.
  func write(
    _ record: PacketRecord,
    _ bytes: Span<UInt8>,
    _ interfaces: [CaptureInterface]
  ) throws(WriteError) {
    if destination == nil || isFull(at: record.timestamp) { try open(at: record.timestamp) }
    while describedCount < interfaces.count {
      pending += PcapngEncoder.interface(interfaces[describedCount])
      describedCount += 1
    }
    PcapngEncoder.append(record, interface: record.interface, octets: bytes, to: &pending)
    if Self.pieceByteCount <= pending.count { try flush() }
  }

  /// Writes what was gathered.
  ///
  /// - Throws: ``WriteError`` when that cannot be done; what was gathered is then given up.
  func flush() throws(WriteError) {
    guard let destination, !pending.isEmpty else { return }
    defer { pending.removeAll(keepingCapacity: true) }
    fileBytes += pending.count
    do throws(WriteError) { try destination.write(pending) } catch {
      // Half a block would make the rest of the file unreadable: it ends before it.
      _ = ftruncate(destination.descriptor, off_t(fileBytes - pending.count))
      _ = lseek(destination.descriptor, 0, SEEK_END)
      fileBytes -= pending.count
      lostCount += 1
      throw error
    }
  }

  /// Opens the file anew, which somebody may have moved away.
  func reopen() throws(WriteError) {
    guard destination != nil, !limits.rotates else { return }
    try finish()
  }

  /// Completes the file.
  ///
  /// - Parameters:
  ///   - dropped: Packets lost before they came here, for the file to say; `nil` for a file in a row.
  ///   - time: When.
  /// - Throws: ``WriteError`` when what was gathered cannot be written.
  func finish(dropped: Int? = nil, at time: Timestamp? = nil) throws(WriteError) {
    guard let destination else { return }
    if let dropped, let time, 0 < describedCount {
      pending += PcapngEncoder.statistics(interface: 0, at: time, dropped: dropped)
    }
    defer {
      close(destination.descriptor)
      self.destination = nil
    }
    try flush()
  }

  private func isFull(at time: Timestamp) -> Bool {
    if let bytes = limits.bytes, bytes <= fileBytes + pending.count { return true }
    guard let seconds = limits.seconds, let fileStart else { return false }
    return seconds <= time.seconds(since: fileStart)
  }

  private func open(at time: Timestamp) throws(WriteError) {
    try finish()
    fileNumber += 1
    let name = limits.rotates ? Self.name(path, fileNumber, time) : path
    let descriptor = openToWrite(name)
    guard 0 <= descriptor else { throw WriteError(name) }
    destination = Destination(descriptor: descriptor, path: name)
    fileBytes = 0
    fileStart = time
    describedCount = 0
    pending += PcapngEncoder.section(comment: nil, application: "rdpscope \(RDPScope.version)")
    written.append(name)
    if let files = limits.files, files < written.count {
      _ = unsafe unlink(written.removeFirst())
    }
  }

  /// dumpcap's names: `trace.pcapng` becomes `trace_00001_20261127154001.pcapng`.
  private static func name(_ path: String, _ number: Int, _ time: Timestamp) -> String {
    let slash = path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex
    let dot = path[slash...].lastIndex(of: ".") ?? path.endIndex
    let stamp = String(time.description.filter(\.isNumber).prefix(14))
    let digits = String(number)
    let padded = String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    return path[..<dot] + "_\(padded)_\(stamp)" + path[dot...]
  }
}

private func openToWrite(_ path: String) -> Int32 {
  unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o640)
}
