import Packets
import RDPMessages
import Streams
import Timeline
import Wire

/// Which connections follow from a broker's or balancer's word that the session is elsewhere
/// ([MS-RDPBCGR] 2.2.13.1).
struct Referrals {
  /// Seconds within which a client goes where it is sent; observed below 1.
  private static let travelTime = 30.0

  private let byClient: [IPAddress: [Connection]]

  init(_ connections: [Connection]) {
    byClient = Dictionary(grouping: connections.filter(\.isRedirected), by: \.client.address)
  }

  /// The connection in which the client was sent to this one's server.
  func referrer(of connection: Connection) -> Connection? {
    byClient[connection.client.address]?.last { earlier in
      guard let redirection = earlier.facts.session.redirection else { return false }
      let pause = connection.start.time.seconds(since: redirection.moment.time)
      let server = connection.server.address
      return 0 <= pause && pause < Self.travelTime && earlier.stream != connection.stream
        && redirection.message.allAddresses.contains { IPAddress($0) == server }
    }
  }
}

extension Connection {
  fileprivate var isRedirected: Bool {
    facts.readsSession
      && facts.session.redirection.map { !$0.message.staysHere } ?? false
  }
}

extension ServerRedirection {
  fileprivate var allAddresses: [String] { [targetAddress].compactMap(\.self) + addresses }
}
