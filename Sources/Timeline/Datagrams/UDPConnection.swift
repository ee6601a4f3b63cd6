package import RDPMessages
package import Streams
import Wire

/// One RDP-UDP connection: the side path on which a session may carry its graphics and sound.
///
/// [MS-RDPEUDP] 1.3
package struct UDPConnection: Sendable {
  /// Its SYN's place among those of the capture, from 0.
  package let number: Int
  /// Both ends.
  package var client: Endpoint
  package var server: Endpoint
  /// First and last datagram.
  package let first: Moment
  package let last: Moment
  package let frameCount: Int
  /// Octets of payload by sender.
  package let clientBytes: Int
  package let serverBytes: Int
  /// The client's SYN.
  package var synchronization: Located<RDPUDPSynchronization>
  /// The frames in which it was repeated.
  package let repeats: [Moment]
  /// The server's SYN+ACK; `nil` when none came.
  package var answer: Located<RDPUDPSynchronization>?
  /// The client's first datagram after it: the path stands.
  package let established: Moment?
  /// What TLS or DTLS inside of it says, and the tunnel where that is readable; phases.
  package var facts: MessageFacts
  /// The first ICMP error about it that ends it.
  package var error: ICMPErrorObservation?
  /// The side that is not heard any more although the other goes on.
  package let silence: Silence?
  package let ending: Ending
  /// The TCP session that it belongs to, as far as that can be told.
  package internal(set) var session: SessionLink?

  /// A path on which only one side is heard any more.
  package struct Silence: Hashable, Sendable {
    /// Who is not heard.
    package let side: Side
    /// When it was heard last.
    package let since: Moment
    /// What the other side sent in vain: first, last and how many.
    package let unanswered: (first: Moment, last: Moment, count: Int)

    /// Seconds for which it was called in vain.
    package var seconds: Double { unanswered.last.time.seconds(since: since.time) }

    package static func == (left: Self, right: Self) -> Bool {
      left.side == right.side && left.since == right.since
        && left.unanswered == right.unanswered
    }

    package func hash(into hasher: inout Hasher) {
      hasher.combine(side)
      hasher.combine(since)
    }
  }

  /// The TCP connection that a UDP connection belongs to.
  package struct SessionLink: Hashable, Sendable {
    /// Its stream number.
    package let stream: Int
    package let sign: Sign

    /// What ties the two.
    package enum Sign: String, Hashable, Sendable {
      /// Both carry one correlation id. [MS-RDPEUDP] 2.2.2.8
      case correlationID = "correlation_id"
      /// The UDP path began between the same two hosts while it was open.
      case ends
    }
  }

  /// What `show --connection` calls it.
  package var name: ConnectionName { .udp(number) }
  /// The version in use: the server's choice, or before it the client's offer.
  package var version: RDPUDPVersion {
    answer?.message.version ?? (answer == nil ? synchronization.message.version : nil) ?? .version1
  }
  /// Whether what is lost stays lost: DTLS instead of TLS.
  package var isLossy: Bool { synchronization.message.flags.contains(.synLossy) }
  /// The name that other tools give the flow, too.
  package var communityID: CommunityID {
    CommunityID(client, server, transport: CommunityID.udp)
  }
}

extension UDPConnection {
  /// The connection with the TCP session that it belongs to.
  ///
  /// - Parameter sessions: The capture's TCP connections.
  /// - Returns: The same with ``session``, where there is one.
  func linked(to sessions: [Connection]) -> UDPConnection {
    var linked = self
    let id = synchronization.message.correlationID
    let owner = sessions.last { id != nil && $0.facts.request?.message.correlationID == id }
    if let owner {
      linked.session = SessionLink(stream: owner.stream, sign: .correlationID)
      return linked
    }
    let start = synchronization.moment
    let open = sessions.last { session in
      session.client.address == client.address && session.server == server
        && session.start.frame < start.frame
        && (session.ending.kind == .open || start.frame <= session.ending.moment.frame)
    }
    linked.session = open.map { SessionLink(stream: $0.stream, sign: .ends) }
    return linked
  }
}
