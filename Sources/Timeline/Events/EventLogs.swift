/// The events of every connection of a capture, a few hundred of each.
///
/// A class for the same reason as ``EventLog``.
package final class EventLogs {
  /// Events kept of one connection: what a picture can show; those in the middle are counted.
  package static let maximumEvents = 160
  /// Connections that have a log.
  package static let maximumConnections = 10_000

  private var logs: [ConnectionName: EventLog] = [:]

  /// Creates an empty collection.
  package init() {}

  /// The log of a connection.
  package subscript(connection: ConnectionName) -> EventLog? { logs[connection] }

  /// Begins the log of a connection; `nil` beyond ``maximumConnections``.
  func open(_ connection: ConnectionName) -> EventLog? {
    guard logs.count < Self.maximumConnections else { return nil }
    let log = EventLog(of: connection, keepsOctets: false, limit: Self.maximumEvents)
    logs[connection] = log
    return log
  }
}
