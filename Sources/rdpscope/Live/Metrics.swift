import Analysis
import Capture

/// The statistics in the Prometheus text format, version 0.0.4.
enum Metrics {
  /// The metrics of the moment.
  ///
  /// - Parameters:
  ///   - counts: What the analysis counted.
  ///   - drops: What was lost.
  ///   - kept: Failures written to files and those that could not be; `nil` without a recorder.
  ///   - hooks: Failures for which no program ran, and programs that failed.
  /// - Returns: The text of the answer.
  static func text(
    _ counts: LiveStatistics,
    drops: DropCounts,
    kept: (written: Int, failed: Int)?,
    hooks: (dropped: Int, failed: Int)
  ) -> String {
    var lines: [String] = []
    func family(_ name: String, _ type: String, _ help: String, _ samples: [(String, Int)]) {
      lines.append("# HELP rdpscope_\(name) \(help)")
      lines.append("# TYPE rdpscope_\(name) \(type)")
      lines += samples.map { "rdpscope_\(name)\($0.0) \($0.1)" }
    }
    func labels(_ key: String, _ values: [String: Int]) -> [(String, Int)] {
      values.sorted { $0.key < $1.key }.map { ("{\(key)=\"\($0.key)\"}", $0.value) }
    }
    family("packets_total", "counter", "Packets looked at.", [("", counts.packets)])
    family("octets_total", "counter", "Their octets on the wire.", [("", counts.octets)])
    family(
      "packets_dropped_total",
      "counter",
      "Packets lost before they could be looked at.",
      [("{by=\"kernel\"}", drops.kernel), ("{by=\"interface\"}", drops.interface)]
    )
    family(
      "held",
      "gauge",
      "What is held in memory.",
      [
        ("{what=\"connections\"}", counts.held.connections),
        ("{what=\"conversations\"}", counts.held.conversations),
        ("{what=\"hosts\"}", counts.held.hosts),
      ]
    )
    if let memory = ProcessMemory.residentMiB {
      family("resident_bytes", "gauge", "Resident memory.", [("", memory << 20)])
    }
    family("packets_malformed_total", "counter", "Malformed packets.", [("", counts.malformed)])
    family(
      "connections_unfollowed_total",
      "counter",
      "Connections that were only counted, because too many came at once.",
      [("", counts.unlisted)]
    )
    family("connections_open", "gauge", "RDP connections that are open.", [("", counts.open)])
    family(
      "connections_total",
      "counter",
      "RDP connections with a final verdict, by its family.",
      labels("family", counts.connectionsByFamily)
    )
    family(
      "failures_total",
      "counter",
      "Attempts that failed finally, by cause.",
      labels("cause", counts.failuresByCause)
    )
    family(
      "failures_pending",
      "gauge",
      "Attempts that failed so far, by cause; a retry or later packets may change that.",
      labels("cause", counts.pendingByCause)
    )
    if let kept {
      family(
        "failures_kept_total",
        "counter",
        "Failures whose packets were to be kept.",
        [("{outcome=\"written\"}", kept.written), ("{outcome=\"failed\"}", kept.failed)]
      )
    }
    family(
      "hooks_dropped_total",
      "counter",
      "Failures for which no program ran.",
      [("", hooks.dropped)]
    )
    family("hooks_failed_total", "counter", "Programs that failed.", [("", hooks.failed)])
    return lines.joined(separator: "\n") + "\n"
  }
}
