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

  /// The stream number of the connection to record.
  package let stream: Int
  /// In the order of their frames.
  package private(set) var events: [Event] = []
  /// Events that ``maximumEvents`` kept out.
  package private(set) var omittedCount = 0
  /// How what is being noted was read.
  var reading = Reading.clear
  /// Whether messages are kept with their octets.
  private let keepsOctets: Bool

  /// Creates an empty log.
  package init(stream: Int, keepsOctets: Bool) {
    self.stream = stream
    self.keepsOctets = keepsOctets
  }

  /// Forgets everything: the capture is read once more.
  package func removeAll() {
    events = []
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
    if fold(content, from: side, in: phase) { return }
    guard events.count < Self.maximumEvents else {
      omittedCount += 1
      return
    }
    let kept = keepsOctets ? Array(octets.prefix(Self.maximumOctets)) : []
    let trace = FieldTrace()
    if !kept.isEmpty { FieldTrace.$current.withValue(trace) { decode(kept[...]) } }
    events.append(
      Event(
        moment: moment,
        side: side,
        phase: phase,
        reading: reading,
        content: content,
        octets: kept,
        fields: trace.fields
      )
    )
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

  /// Joins what comes in a row and tells nothing one by one with the event before.
  private func fold(_ content: Event.Content, from side: Side?, in phase: Phase) -> Bool {
    guard let last = events.last, last.side == side, last.phase == phase,
      last.reading == reading
    else { return false }
    let joined: Event.Content
    switch (last.content, content) {
    case (.fastPath(let count, let byteCount), .fastPath(_, let more)):
      joined = .fastPath(count: count + 1, byteCount: byteCount + more)
    case (
      .records(let type, let count, let byteCount, nil), .records(let same, _, let more, nil)
    ) where type == same && phase == .session:
      joined = .records(type, count: count + 1, byteCount: byteCount + more, likely: nil)
    case (.tcp(.retransmissions(let count)), .tcp(.retransmissions)):
      joined = .tcp(.retransmissions(count: count + 1))
    default: return false
    }
    events[events.count - 1] = Event(
      moment: last.moment,
      side: side,
      phase: phase,
      reading: last.reading,
      content: joined,
      octets: last.octets,
      fields: last.fields
    )
    return true
  }
}
