#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The memory that this process holds.
enum ProcessMemory {
  /// Resident memory in MiB; `nil` where the system has no /proc.
  static var residentMiB: Int? {
    guard let data = FileManager.default.contents(atPath: "/proc/self/statm") else { return nil }
    let fields = String(decoding: data, as: UTF8.self).split(separator: " ")
    // The second number counts pages, of 4 KiB on every system with this file that matters here.
    return 1 < fields.count ? Int(fields[1]).map { $0 / 256 } : nil
  }
}
