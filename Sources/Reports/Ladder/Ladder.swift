package import Diagnosis
package import Redaction
import Streams
package import Timeline
import Wire

/// One connection with everything that happened in it: what `rdpscope show` shows.
package struct Ladder {
  let subject: LadderSubject
  let log: EventLog
  private let redactor: Redactor?

  /// Pairs a connection with its events.
  ///
  /// - Parameters:
  ///   - judged: The connection, under pseudonyms already where there is a redactor.
  ///   - log: Its events, as they were.
  ///   - redactor: Gives pseudonyms to what the events say; `nil` for none.
  package init(_ judged: JudgedConnection, log: EventLog, redactor: Redactor? = nil) {
    self.init(LadderSubject(judged), log, redactor)
  }

  /// Pairs an RDP-UDP connection with its events.
  ///
  /// - Parameters:
  ///   - judged: The connection, under pseudonyms already where there is a redactor.
  ///   - log: Its events, as they were.
  ///   - redactor: Gives pseudonyms to what the events say; `nil` for none.
  package init(_ judged: JudgedUDPConnection, log: EventLog, redactor: Redactor? = nil) {
    self.init(LadderSubject(judged), log, redactor)
  }

  /// Pairs a log with the connection that it is of; `nil` where the capture has no such connection.
  ///
  /// - Parameters:
  ///   - diagnosis: The capture's connections, under pseudonyms already where there is a redactor.
  ///   - log: The events of one of them.
  ///   - redactor: Gives pseudonyms to what the events say; `nil` for none.
  package init?(of diagnosis: Diagnosis, log: EventLog, redactor: Redactor? = nil) {
    let stream = diagnosis.connections.first { $0.connection.name == log.connection }
    let path = diagnosis.udpConnections.first { $0.connection.name == log.connection }
    guard let subject = stream.map(LadderSubject.init) ?? path.map(LadderSubject.init) else {
      return nil
    }
    self.init(subject, log, redactor)
  }

  private init(_ subject: LadderSubject, _ log: EventLog, _ redactor: Redactor?) {
    self.subject = subject
    self.log = log
    self.redactor = redactor
  }

  /// An event in words.
  func describe(_ event: Event) -> EventDescription {
    let description = EventDescription(event, of: subject)
    return redactor.map(description.redacted) ?? description
  }

  /// A pause after the confirm or the certificate that a person makes, in seconds; programs take
  /// milliseconds.
  static let humanPause = 1.5

  /// What the pause before an event is, where one can tell.
  func pauseText(before event: Event, after previous: Event) -> String? {
    let seconds = event.moment.time.seconds(since: previous.last.time)
    guard EventLog.pause <= seconds else { return nil }
    let length = seconds < 10 ? "\((seconds * 10).rounded() / 10) s" : "\(Int(seconds.rounded())) s"
    guard Self.humanPause <= seconds, event.side == .client, !event.isTCP else {
      return "\(length) pass"
    }
    switch (previous.phase, event.phase) {
    case (.x224, .tls), (.x224, .credssp):
      return "\(length) pass: as long as a person takes at the password prompt"
    case (.tls, .tls ... .mcs) where hasServersFlight(before: previous):
      return "\(length) pass: as long as a person takes over a certificate warning"
    default: return "\(length) pass"
    }
  }

  /// Whether the client had what a person may be asked about: the server's certificate.
  private func hasServersFlight(before event: Event) -> Bool {
    let tls = subject.facts.tls
    guard let shown = tls.certificateMoment ?? tls.serverHello?.moment else { return false }
    return shown.frame <= event.moment.frame
  }
}

extension Event {
  fileprivate var isTCP: Bool {
    if case .tcp = content { true } else { false }
  }
}
