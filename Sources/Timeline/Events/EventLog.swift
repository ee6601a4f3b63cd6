import RDPMessages
import Streams
import TLSMessages
import Wire

/// The events of one connection, as its tracker and decoder report them.
///
/// A class, because both write to it while the capture is read.
package final class EventLog {
  /// Events kept; a session's bulk is folded, so that more are no ladder that anyone reads.
  package static let maximumEvents = 20_000
  /// Octets kept of one message.
  static let maximumOctets = 4096

  /// The connection to record.
  package let connection: ConnectionName
  /// In the order of their frames.
  package private(set) var events: [Event] = []
  /// Events that ``maximumEvents`` kept out.
  package private(set) var omittedCount = 0
  /// Events that were taken, folded ones and omitted ones among them.
  private(set) var takenCount = 0
  /// How what is being noted was read.
  var reading = Reading.clear
  /// The dynamic channels' names as the server gave them last.
  private var dynamicChannels: [UInt32: String] = [:]
  /// Whether messages are kept with their octets.
  private let keepsOctets: Bool
  /// Events kept; ``maximumEvents`` unless the log is one of many.
  private let limit: Int
  /// How many of them are the last instead of the first.
  private let tail: Int

  /// Creates an empty log.
  package init(of connection: ConnectionName, keepsOctets: Bool) {
    self.connection = connection
    self.keepsOctets = keepsOctets
    limit = Self.maximumEvents
    tail = 0
  }

  /// Creates an empty log that keeps the beginning and the end of its connection.
  init(of connection: ConnectionName, keepsOctets: Bool, limit: Int) {
    self.connection = connection
    self.keepsOctets = keepsOctets
    self.limit = limit
    tail = limit / 2
  }

  /// Where events are left out: before the event of this index; `nil` where none are.
  package var omission: Int? { omittedCount == 0 ? nil : limit - tail }

  /// Forgets everything: the capture is read once more.
  package func removeAll() {
    events = []
    dynamicChannels = [:]
    omittedCount = 0
  }

  /// Adds an event.
  ///
  /// - Parameters:
  ///   - content: What happened.
  ///   - side: Who sent it.
  ///   - moment: When it was complete.
  ///   - phase: The phase that it leads to.
  ///   - octets: The message's octets, where there are any.
  ///   - decode: Decodes them once more, for the names of their fields.
  func note(
    _ content: Event.Content,
    from side: Side?,
    at moment: Moment,
    in phase: Phase,
    octets: ArraySlice<UInt8> = [],
    decode: (ArraySlice<UInt8>) -> Void = { _ in }
  ) {
    takenCount += 1
    let dynamicChannel = dynamicChannel(of: content)
    if fold(content, from: side, at: moment, in: phase) { return }
    if limit <= events.count {
      omittedCount += 1
      guard 0 < tail else { return }
      events.remove(at: limit - tail)
    }
    var kept = keepsOctets ? Array(octets.prefix(Self.maximumOctets)) : []
    let trace = FieldTrace()
    if !kept.isEmpty { FieldTrace.$current.withValue(trace) { decode(kept[...]) } }
    for field in trace.fields where field.isSecret {
      for index in field.range.clamped(to: kept.indices) { kept[index] = 0 }
    }
    events.append(
      Event(
        moment: moment,
        last: moment,
        side: side,
        phase: phase,
        reading: reading,
        content: content,
        dynamicChannel: dynamicChannel,
        octets: kept,
        fields: trace.fields
      )
    )
  }

  /// The name of the dynamic channel that a message is about; `nil` where it is about none, or about
  /// one whose beginning the capture lacks.
  private func dynamicChannel(of content: Event.Content) -> String? {
    switch content {
    case .session(.dynamicChannel(.createRequest(let id, let name))):
      // No server opens as many at a time; a hostile one gets numbers for names.
      if dynamicChannels.count < SessionFacts.maximumDynamicChannels || dynamicChannels[id] != nil {
        dynamicChannels[id] = name
      }
      return name
    case .session(.dynamicChannel(.createResponse(let id, _))),
      .session(.dynamicChannel(.close(let id))), .dynamicChannelData(let id, _, _):
      return dynamicChannels[id]
    default: return nil
    }
  }

  /// Puts the errors of decoding where they belong in time.
  func finish(_ undecoded: [Located<DecodeError>], in phases: [PhaseSpan]) {
    for error in undecoded {
      let phase = phases.last { $0.start.frame <= error.moment.frame }?.phase ?? .tcp
      note(.undecoded(error.message), from: error.side, at: error.moment, in: phase)
    }
    events = events.enumerated().sorted {
      ($0.element.moment.frame, $0.offset) < ($1.element.moment.frame, $1.offset)
    }.map(\.element)
  }

  /// Seconds without an event that a ladder names: what comes after them is an event of its own.
  package static let pause = 1.0

  /// The event that another may be joined with: the one before, or, where datagrams and the errors that
  /// answer them take turns, the one before that.
  private func place(toFold content: Event.Content) -> Int? {
    guard 2 <= events.count else { return events.indices.last }
    switch (events[events.count - 2].content, events[events.count - 1].content, content) {
    case (.datagrams, .icmp, .datagrams), (.icmp, .datagrams, .icmp): return events.count - 2
    default: return events.count - 1
    }
  }

  /// Joins what comes in a row and tells nothing one by one with the event before.
  private func fold(
    _ content: Event.Content,
    from side: Side?,
    at moment: Moment,
    in phase: Phase
  ) -> Bool {
    guard let index = place(toFold: content), case let last = events[index], last.side == side,
      last.phase == phase, last.reading == reading,
      moment.time.seconds(since: last.last.time) < Self.pause
    else { return false }
    let joined: Event.Content
    switch (last.content, content) {
    case (.fastPath(let count, let byteCount), .fastPath(_, let more)):
      joined = .fastPath(count: count + 1, byteCount: byteCount + more)
    case (
      .records(let type, let count, let byteCount, nil), .records(let same, _, let more, nil)
    ) where type == same && phase == .session:
      joined = .records(type, count: count + 1, byteCount: byteCount + more, likely: nil)
    case (
      .channelData(let name, let count, let byteCount), .channelData(let same, _, let more)
    ) where name == same:
      joined = .channelData(name: name, count: count + 1, byteCount: byteCount + more)
    case (
      .dynamicChannelData(let id, let count, let byteCount),
      .dynamicChannelData(let same, _, let more)
    ) where id == same:
      joined = .dynamicChannelData(id: id, count: count + 1, byteCount: byteCount + more)
    case (.datagrams(let client, let server), .datagrams(let moreClient, let moreServer)):
      joined = .datagrams(client: client + moreClient, server: server + moreServer)
    case (.dataPDUs(let type, let count, let byteCount), .dataPDUs(let same, _, let more))
    where type == same && phase == .session:
      joined = .dataPDUs(type, count: count + 1, byteCount: byteCount + more)
    case (.encryptedPDUs(let count, let byteCount), .encryptedPDUs(_, let more))
    where phase == .session:
      joined = .encryptedPDUs(count: count + 1, byteCount: byteCount + more)
    case (.icmp(let error, let count), .icmp(let other, let more))
    where error.meaning == other.meaning && error.reporter == other.reporter:
      joined = .icmp(error, count: count + more)
    case (.tcp(.retransmissions(let count)), .tcp(.retransmissions)):
      joined = .tcp(.retransmissions(count: count + 1))
    default: return false
    }
    events[index] = Event(
      moment: last.moment,
      last: moment,
      side: side,
      phase: phase,
      reading: last.reading,
      content: joined,
      dynamicChannel: last.dynamicChannel,
      octets: last.octets,
      fields: last.fields
    )
    return true
  }
}
