package import Packets
package import Streams
import Wire

/// What clients asked for before a connection, and whether they got it: names, and the hardware
/// addresses of their neighbours.
package struct Lookups: Sendable {
  /// Lookups held; a capture with more of them tells of a network and not of one attempt.
  package static let maximumLookups = 256
  /// Moments kept of one lookup.
  static let maximumAsked = 16

  /// One question, however often it was asked.
  package struct Lookup: Sendable {
    package fileprivate(set) var client: IPAddress
    package fileprivate(set) var subject: Subject
    /// When it was asked.
    package fileprivate(set) var asked: [Moment]
    /// The last answer that says no; `nil` when there was none at all.
    package fileprivate(set) var refused: Moment?
    /// The code of that answer (RFC 1035 §4.1.1); 0 says that the name has no such record.
    package fileprivate(set) var responseCode: UInt8 = 0
    package fileprivate(set) var isAnswered = false
  }

  /// What is asked for.
  package enum Subject: Hashable, Sendable {
    /// A host name.
    case name(String)
    /// The hardware address of a neighbour.
    case neighbour(IPAddress)
  }

  private struct Key: Hashable {
    let client: IPAddress
    let subject: Subject
  }

  private var lookups: [Lookup] = []
  private var indexes: [Key: Int] = [:]
  /// Whether there were more than ``maximumLookups``.
  package private(set) var isIncomplete = false

  package init() {}

  /// Takes a DNS or LLMNR message.
  mutating func observe(
    _ message: DNSMessage,
    from source: IPAddress,
    to destination: IPAddress,
    at moment: Moment
  ) {
    guard message.asksForAddress, !isIncomplete else { return }
    guard message.isResponse else {
      ask(for: .name(message.name), by: source, at: moment)
      return
    }
    guard let index = indexes[Key(client: destination, subject: .name(message.name))] else {
      return
    }
    if message.answerCount > 0 {
      lookups[index].isAnswered = true
    } else {
      lookups[index].refused = moment
      lookups[index].responseCode = max(lookups[index].responseCode, message.responseCode)
    }
  }

  /// Notes that somebody asks who has an address.
  mutating func ask(for subject: Subject, by client: IPAddress, at moment: Moment) {
    guard !isIncomplete else { return }
    let key = Key(client: client, subject: subject)
    if let index = indexes[key] {
      if lookups[index].asked.count < Self.maximumAsked { lookups[index].asked.append(moment) }
      return
    }
    guard lookups.count < Self.maximumLookups else {
      isIncomplete = true
      return
    }
    indexes[key] = lookups.count
    lookups.append(Lookup(client: client, subject: subject, asked: [moment]))
  }

  /// Notes that a neighbour says where it is.
  mutating func answer(of neighbour: IPAddress, to client: IPAddress) {
    guard let index = indexes[Key(client: client, subject: .neighbour(neighbour))] else { return }
    lookups[index].isAnswered = true
  }

  /// Forgets the lookups that were last made before a moment.
  mutating func forget(before cutoff: Timestamp) {
    lookups.removeAll { $0.asked.last.map { $0.time < cutoff } ?? true }
    isIncomplete = false
    indexes = [:]
    for (index, lookup) in lookups.enumerated() {
      indexes[Key(client: lookup.client, subject: lookup.subject)] = index
    }
  }

  /// The clients' lookups by client; empty when there were too many to hold.
  package var byClient: [IPAddress: [Lookup]] {
    isIncomplete ? [:] : Dictionary(grouping: lookups, by: \.client)
  }

  /// The same lookups under other names, of which no two may be the same.
  package func renaming(
    _ address: (IPAddress) -> IPAddress,
    names: (String) -> String
  ) -> Lookups {
    var renamed = self
    renamed.indexes = [:]
    for index in lookups.indices {
      let lookup = lookups[index]
      renamed.lookups[index].client = address(lookup.client)
      renamed.lookups[index].subject =
        switch lookup.subject {
        case .name(let name): .name(names(name))
        case .neighbour(let neighbour): .neighbour(address(neighbour))
        }
      let key = Key(
        client: renamed.lookups[index].client,
        subject: renamed.lookups[index].subject
      )
      renamed.indexes[key] = index
    }
    return renamed
  }
}
