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

  /// What two captures of the same connections show together; `nil` unless they were given so.
  package let endToEnd: EndToEnd?

  /// Creates a report.
  package init(captures: [CaptureReport], endToEnd: EndToEnd? = nil) {
    self.captures = captures
    self.endToEnd = endToEnd
  }

  /// The attempt of the capture near the client that one of the capture near the server is; `nil` for
  /// every other.
  package func sameAttempt(as attempt: Attempt, ofCapture index: Int) -> Int? {
    guard let endToEnd, index == 1, let first = captures.first, !attempt.streams.isEmpty else {
      return nil
    }
    let streams = attempt.streams.compactMap { stream in
      endToEnd.pairs.first { $0.server.stream == stream }?.client.stream
    }
    guard streams.count == attempt.streams.count else { return nil }
    return first.diagnosis.attempts.firstIndex { $0.streams.contains(streams[0]) }
  }

  /// Attempts with at least a severity.
  package func attempts(atLeast severity: Severity) -> Int {
    captures.enumerated().reduce(0) { sum, entry in
      sum
        + entry.element.diagnosis.attempts.count {
          severity <= entry.element.severity(of: $0)
            && sameAttempt(as: $0, ofCapture: entry.offset) == nil
        }
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
  /// Whether the packets agree with the code that the user saw; `nil` when it is not known.
  package let answer: CodeAnswer?

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
    hosts: HostTable,
    answer: CodeAnswer? = nil
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
    self.answer = answer
  }

  /// How bad an attempt is: one that succeeded is no failure, whatever came before.
  package func severity(of attempt: Attempt) -> Severity { Self.severity(of: attempt) }

  /// How bad an attempt of any capture is.
  package static func severity(of attempt: Attempt) -> Severity {
    attempt.succeeded ? .none : attempt.verdict.severity
  }
}
