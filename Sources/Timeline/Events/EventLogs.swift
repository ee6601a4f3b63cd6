/// The events of every connection of a capture, a few hundred of each.
///
/// A class for the same reason as ``EventLog``.
package final class EventLogs {
  /// Events kept of one connection: what a picture can show; those in the middle are counted.
  package static let maximumEvents = 160
  /// Connections that have a log.
  package static let maximumConnections = 10_000

  private var logs: [Int: EventLog] = [:]

  /// Creates an empty collection.
  package init() {}

  /// The log of a connection.
  package subscript(stream: Int) -> EventLog? { logs[stream] }

  /// Begins the log of a connection; `nil` beyond ``maximumConnections``.
  func open(_ stream: Int) -> EventLog? {
    guard logs.count < Self.maximumConnections else { return nil }
    let log = EventLog(stream: stream, keepsOctets: false, limit: Self.maximumEvents)
    logs[stream] = log
    return log
  }
}
