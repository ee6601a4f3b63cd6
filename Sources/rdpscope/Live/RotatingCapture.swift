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
  /// Pause before a file that could not be opened is tried again.
  private static let openingPause = Duration.seconds(1)

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
  /// Why the last packets could not be written; `nil` when they could.
  private(set) var problem: String?
  private let path: String
  private let limits: Limits
  private var destination: Destination?
  private var pending: [UInt8] = []
  /// Packets in ``pending``.
  private var pendingCount = 0
  private var fileBytes = 0
  private var fileStart: Timestamp?
  private var fileNumber = 0
  /// Interfaces that the file, and what is pending, describe.
  private var describedCount = 0
  private var pendingDescribedCount = 0
  private var written: [String] = []
  /// When a file that could not be opened is tried again.
  private var nextOpening = ContinuousClock.now

  /// Prepares to write; the first file is opened with the first packet.
  ///
  /// - Parameters:
  ///   - path: The file, or the name that those of a row are made of.
  ///   - limits: When the next file begins.
  init(path: String, limits: Limits) {
    self.path = path
    self.limits = limits
  }

  deinit { close() }

  /// Writes a packet, or counts it as lost and says why in ``problem``.
  func write(_ record: PacketRecord, _ bytes: Span<UInt8>, _ interfaces: [CaptureInterface]) {
    if destination == nil || isFull(at: record.timestamp) {
      guard open(at: record.timestamp) else {
        lostCount += 1
        return
      }
    }
    while describedCount + pendingDescribedCount < interfaces.count {
      pending += PcapngEncoder.interface(interfaces[describedCount + pendingDescribedCount])
      pendingDescribedCount += 1
    }
    PcapngEncoder.append(record, interface: record.interface, octets: bytes, to: &pending)
    pendingCount += 1
    if Self.pieceByteCount <= pending.count { flush() }
  }

  /// Writes what was gathered; what cannot be written is lost.
  func flush() {
    guard let destination, !pending.isEmpty else { return }
    do throws(WriteError) {
      try destination.write(pending)
      fileBytes += pending.count
      describedCount += pendingDescribedCount
      problem = nil
    } catch {
      // Half a block would make the rest of the file unreadable: it ends before it.
      _ = ftruncate(destination.descriptor, off_t(fileBytes))
      _ = lseek(destination.descriptor, 0, SEEK_END)
      lostCount += pendingCount
      problem = error.message
    }
    pending.removeAll(keepingCapacity: true)
    pendingCount = 0
    pendingDescribedCount = 0
  }

  /// Whether files can be made where they are to be.
  ///
  /// - Throws: ``WriteError`` if not.
  func check() throws(WriteError) {
    let folder = path.lastIndex(of: "/").map { path[...$0] } ?? "."
    guard unsafe access(String(folder), W_OK) == 0 else { throw WriteError(path) }
  }

  /// Completes the file if somebody has moved it away; the next packet makes another.
  func reopen() {
    guard let destination, !limits.rotates else { return }
    flush()
    var (ours, named) = (stat(), stat())
    let isThere = unsafe fstat(destination.descriptor, &ours) == 0 && stat(path, &named) == 0
    guard !isThere || ours.st_ino != named.st_ino || ours.st_dev != named.st_dev else { return }
    close()
  }

  /// Completes the file.
  ///
  /// - Parameters:
  ///   - dropped: Packets lost before they came here, for the file to say; `nil` for a file in a row.
  ///   - time: When.
  func finish(dropped: Int? = nil, at time: Timestamp? = nil) {
    if let dropped, let time, 0 < describedCount + pendingDescribedCount {
      pending += PcapngEncoder.statistics(interface: 0, at: time, dropped: dropped)
    }
    flush()
    close()
  }

  private func close() {
    if let destination { closeFile(destination.descriptor) }
    destination = nil
  }

  private func isFull(at time: Timestamp) -> Bool {
    if let bytes = limits.bytes, bytes <= fileBytes + pending.count { return true }
    guard let seconds = limits.seconds, let fileStart else { return false }
    return seconds <= time.seconds(since: fileStart)
  }

  /// Begins the next file with its header; false, with the reason in ``problem``, when that cannot be.
  private func open(at time: Timestamp) -> Bool {
    finish()
    guard nextOpening <= .now else { return false }
    let name = limits.rotates ? Self.name(path, fileNumber + 1, time) : path
    let descriptor = openToWrite(name)
    guard 0 <= descriptor else {
      fail(WriteError(name))
      return false
    }
    let opened = Destination(descriptor: descriptor, path: name)
    let header = PcapngEncoder.section(comment: nil, application: "rdpscope \(RDPScope.version)")
    do throws(WriteError) { try opened.write(header) } catch {
      _ = ftruncate(descriptor, 0)
      closeFile(descriptor)
      fail(error)
      return false
    }
    destination = opened
    fileNumber += 1
    fileBytes = header.count
    fileStart = time
    describedCount = 0
    guard let files = limits.files else { return true }
    written.append(name)
    if files < written.count { _ = unsafe unlink(written.removeFirst()) }
    return true
  }

  private func fail(_ error: WriteError) {
    problem = error.message
    nextOpening = .now + Self.openingPause
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

private func closeFile(_ descriptor: Int32) { _ = close(descriptor) }
