import Packets
package import Streams
package import TLSMessages
import Wire

/// One connection, finished or as far as it got: what the diagnosis judges and the report shows.
///
/// A class, because it stands in many lists (of the capture, of its server, of its attempt) and is
/// too large to be copied into each.
package final class Connection {
  /// Wireshark's `tcp.stream`.
  package let stream: Int
  /// Both ends.
  package let client: Endpoint
  package let server: Endpoint
  /// TCP's own account.
  package let tcp: TCPConversation
  /// What the messages said.
  package let facts: MessageFacts
  /// How it ended.
  package private(set) var ending: Ending
  /// Whether the capture holds its beginning.
  package let sawBeginning: Bool
  /// What carries it.
  package let transport: Transport
  /// What is wrong with the server's certificate; `nil` where none is readable.
  package var validation: CertificateValidation?

  /// What carries a connection.
  package enum Transport: Hashable, Sendable {
    case tcp
    /// The channel of an RD Gateway; ``Connection/stream`` and ``Connection/tcp`` are those of the
    /// connection to the gateway. With the octets of the connection inside, by sender.
    case gateway(clientBytes: Int, serverBytes: Int)
  }

  /// Creates a connection from what is known of it.
  package init(
    stream: Int,
    client: Endpoint,
    server: Endpoint,
    tcp: TCPConversation,
    facts: MessageFacts,
    ending: Ending,
    sawBeginning: Bool,
    transport: Transport = .tcp
  ) {
    self.transport = transport
    self.stream = stream
    self.client = client
    self.server = server
    self.tcp = tcp
    self.facts = facts
    self.ending = ending
    self.sawBeginning = sawBeginning
  }

  /// Says who ended the connection, where another capture of it tells.
  package func attributeEnding(to actor: Ending.Actor) {
    ending = Ending(kind: ending.kind, actor: actor, moment: ending.moment)
  }

  /// Judges the server's certificate at the time at which it was sent.
  ///
  /// - Parameter trust: What the roots say of its chain; `nil` without roots.
  package func validateCertificate(_ trust: ChainTrust?) {
    guard let certificate = facts.tls.certificates.first else { return }
    validation = CertificateValidation(
      certificate,
      at: CalendarTime((facts.tls.certificateMoment ?? start).time),
      serverName: facts.tls.clientHello?.message.serverName,
      address: server.address.description,
      trust: trust
    )
  }

  /// What `show --connection` calls it; a connection inside of a gateway's channel has no ladder of its
  /// own but stands in that of the way there.
  package var name: ConnectionName { .stream(stream) }
  /// The name that other tools give the flow, too.
  package var communityID: CommunityID {
    CommunityID(client, server, transport: CommunityID.tcp)
  }
  /// The deepest phase entered.
  package var phase: Phase { facts.deepest }
  /// First segment.
  package var start: Moment { tcp.first }
  /// Seconds from the first segment to the last.
  package var seconds: Double { tcp.last.time.seconds(since: tcp.first.time) }
  /// Whether the TCP handshake was completed, or had been before the capture began.
  package var isEstablished: Bool { tcp.established != nil || !sawBeginning }
}
