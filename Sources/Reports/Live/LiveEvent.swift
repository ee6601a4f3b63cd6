package import Diagnosis
import Packets
package import Streams
import Timeline
package import Wire

/// Something that live capture has to say.
package enum LiveEvent {
  /// A connection was judged, or judged anew.
  case verdict(LiveVerdict)
  /// An attempt that never became a connection was noticed, judged anew or taken back.
  case unreached(UnreachedAttempt)
  /// So many connections got the same verdict in a short time that they are only counted.
  case folded(FoldedVerdicts)
  /// The packets of a failed attempt were written to a file.
  case recorded(attempt: Int, path: String, at: Timestamp)
  /// Something about the capture itself; the time is `nil` before the first packet.
  case notice(CaptureReport.Warning, at: Timestamp?)
}

/// A verdict on a connection while the capture goes on.
package struct LiveVerdict {
  package let judged: JudgedConnection
  /// The attempt that the connection belongs to.
  package let attempt: Attempt
  /// The attempt's number in this run, from 0.
  package let attemptNumber: Int
  /// How bad the attempt is: what counts as a failure.
  package let attemptSeverity: Severity
  /// How often the connection was judged before.
  package let revision: Int
  /// Whether nothing that follows can change it any more.
  package let isFinal: Bool
  /// Whether it says something else than before; a final verdict may only confirm.
  package let isNews: Bool
  /// Whether another cause is as likely and packets that soon come may tell them apart.
  package let isUndecided: Bool
  /// Packet time at which it was given.
  package let time: Timestamp
  /// The attempt by itself, where this decides that it failed and is news.
  package var failure: Diagnosis?
  /// Whether that attempt had not been told to have failed for this cause.
  package var isNewFailure = false

  /// Creates a verdict.
  package init(
    judged: JudgedConnection,
    attempt: Attempt,
    attemptNumber: Int,
    attemptSeverity: Severity,
    revision: Int,
    isFinal: Bool,
    isNews: Bool,
    isUndecided: Bool,
    time: Timestamp
  ) {
    self.judged = judged
    self.attempt = attempt
    self.attemptNumber = attemptNumber
    self.attemptSeverity = attemptSeverity
    self.revision = revision
    self.isFinal = isFinal
    self.isNews = isNews
    self.isUndecided = isUndecided
    self.time = time
  }

  /// The client's address.
  package var client: String { attempt.client.description }

  /// Whether packets of the connection itself may still change it: it is judged by its silence.
  ///
  /// A client's retry may change any verdict that is not final.
  package var isProvisional: Bool {
    !isFinal && judged.isBySilence
  }

  /// The causes that are as likely.
  package var rivals: [Cause] {
    let verdict = judged.verdict
    return verdict.alternatives.filter { verdict.confidence <= $0.confidence }.map(\.cause)
  }

  /// Whether the attempt failed and this connection is the one that says why.
  package var decidesFailure: Bool {
    attemptSeverity == .failure && attempt.verdict.cause.id == judged.verdict.cause.id
      && judged.verdict.severity == .failure
  }
}

extension JudgedConnection {
  /// Whether it is judged by its silence, which packets of its own may still break.
  package var isBySilence: Bool { [.open, .timeout].contains(connection.ending.kind) }

  /// Whether another cause is as likely.
  package var isTied: Bool {
    verdict.alternatives.contains { verdict.confidence <= $0.confidence }
  }
}

/// An attempt that never became a connection.
package struct UnreachedAttempt {
  package let attempt: Attempt
  package let attemptNumber: Int
  package let revision: Int
  package let isFinal: Bool
  /// Whether it turned out to be none: the client got where it wanted.
  package let isWithdrawn: Bool
  package let time: Timestamp

  /// Creates the record of an attempt.
  package init(
    attempt: Attempt,
    attemptNumber: Int,
    revision: Int,
    isFinal: Bool,
    isWithdrawn: Bool,
    time: Timestamp
  ) {
    self.attempt = attempt
    self.attemptNumber = attemptNumber
    self.revision = revision
    self.isFinal = isFinal
    self.isWithdrawn = isWithdrawn
    self.time = time
  }
}

/// Verdicts that were only counted.
package struct FoldedVerdicts {
  package let cause: Cause
  package let severity: Severity
  package let server: Endpoint
  package let count: Int
  package let time: Timestamp

  /// Creates a count.
  package init(cause: Cause, severity: Severity, server: Endpoint, count: Int, time: Timestamp) {
    self.cause = cause
    self.severity = severity
    self.server = server
    self.count = count
    self.time = time
  }
}
