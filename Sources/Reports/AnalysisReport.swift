package import Diagnosis
package import Streams
package import Timeline
package import Wire

/// What one run found: one diagnosis for each capture.
package struct AnalysisReport {
  /// The captures, in the order of the command line.
  package var captures: [CaptureReport]
  /// The earlier report that this one is compared with; `nil` when everything is reported.
  package var baseline: BaselineNote?

  /// Creates a report.
  package init(captures: [CaptureReport]) { self.captures = captures }

  /// Attempts with at least a severity.
  package func attempts(atLeast severity: Severity) -> Int {
    captures.reduce(0) { sum, capture in
      sum + capture.diagnosis.attempts.count { severity <= capture.severity(of: $0) }
    }
  }
}

/// What a comparison with an earlier report left out.
package struct BaselineNote {
  /// The earlier report.
  package let path: String
  /// Attempts that are no news.
  package let known: Int

  /// Creates a note.
  package init(path: String, known: Int) {
    self.path = path
    self.known = known
  }
}

/// One capture with what was found in it.
package struct CaptureReport {
  /// The path as given on the command line.
  package let path: String
  /// The file format: `pcap` or `pcapng`.
  package let format: String
  /// The link types by name.
  package let linkTypes: [String]
  /// Packets and octets captured.
  package let packets: Int
  package let bytes: Int
  package let start: Timestamp?
  package let end: Timestamp?
  /// What was wrong with the capture.
  package let warnings: [Warning]
  package var diagnosis: Diagnosis
  package let hosts: HostTable
  /// What happened in each connection, where the form of the report shows it.
  package var events: EventLogs?

  /// Something wrong with a capture.
  package struct Warning {
    /// A stable code in snake_case.
    package let code: String
    package let message: String
    /// The packet concerned; `nil` for the file as a whole.
    package let frame: Int?

    /// Creates a warning.
    package init(code: String, message: String, frame: Int?) {
      self.code = code
      self.message = message
      self.frame = frame
    }
  }

  /// Creates a report on one capture.
  package init(
    path: String,
    format: String,
    linkTypes: [String],
    packets: Int,
    bytes: Int,
    start: Timestamp?,
    end: Timestamp?,
    warnings: [Warning],
    diagnosis: Diagnosis,
    hosts: HostTable
  ) {
    self.path = path
    self.format = format
    self.linkTypes = linkTypes
    self.packets = packets
    self.bytes = bytes
    self.start = start
    self.end = end
    self.warnings = warnings
    self.diagnosis = diagnosis
    self.hosts = hosts
  }

  /// How bad an attempt is: one that succeeded is no failure, whatever came before.
  package func severity(of attempt: Attempt) -> Severity { Self.severity(of: attempt) }

  /// How bad an attempt of any capture is.
  package static func severity(of attempt: Attempt) -> Severity {
    attempt.succeeded ? .none : attempt.verdict.severity
  }
}
