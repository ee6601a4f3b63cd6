package import Streams
package import Timeline
import Wire

/// One connection in two captures: one near the client, one near the server.
package struct ConnectionPair {
  /// As the capture near the client shows it.
  package let client: Connection
  /// As the capture near the server shows it.
  package let server: Connection
  /// What tells that they are one.
  package let matchedBy: Match
  /// What a box on the way adds to the sequence numbers of each side.
  package let sequenceShift: (client: UInt32, server: UInt32)
  /// What the client sends, and what the server sends.
  package private(set) var toServer: DirectionMatch
  package private(set) var toClient: DirectionMatch
  /// `nil` when no packet is in both captures.
  package let clock: ClockOffset?

  /// What tells that two captures show one connection.
  package enum Match: String, Sendable {
    /// Addresses and ports.
    case addresses
    /// The initial sequence numbers, where addresses are translated.
    case sequenceNumbers
    /// The random octets of the ClientHello, where sequence numbers are made anew, too.
    case clientRandom
  }

  /// Whether addresses or ports are translated between the captures.
  package var isTranslated: Bool {
    client.client != server.client || client.server != server.server
  }

  /// What one side sends.
  package func direction(from side: Side) -> DirectionMatch {
    side == .client ? toServer : toClient
  }

  init(
    client: Connection,
    server: Connection,
    matchedBy: Match,
    captures: (client: TappedCapture, server: TappedCapture)
  ) {
    self.client = client
    self.server = server
    self.matchedBy = matchedBy
    let clientSegments = captures.client.tap.segments[client.stream] ?? []
    let serverSegments = captures.server.tap.segments[server.stream] ?? []
    func shift(_ side: Side) -> UInt32 {
      guard let near = client.tcp.initialSequence(side), let far = server.tcp.initialSequence(side)
      else { return 0 }
      return far &- near
    }
    sequenceShift = (shift(.client), shift(.server))
    toServer = DirectionMatch(
      sent: clientSegments.filter(\.isFromClient),
      arrived: serverSegments.filter(\.isFromClient),
      shift: sequenceShift.client,
      acknowledgmentShift: sequenceShift.server
    )
    toClient = DirectionMatch(
      sent: serverSegments.filter { !$0.isFromClient },
      arrived: clientSegments.filter { !$0.isFromClient },
      shift: 0 &- sequenceShift.server,
      acknowledgmentShift: 0 &- sequenceShift.client
    )
    clock = ClockOffset(
      toServer: toServer.pairs.map { $0.arrived.moment.time.seconds(since: $0.sent.moment.time) },
      toClient: toClient.pairs.map { $0.sent.moment.time.seconds(since: $0.arrived.moment.time) }
    )
    guard let clock else { return }
    func isAtServer(_ segment: SegmentTap.Segment) -> Bool {
      captures.server.covers(clock.atServer(segment.moment.time))
    }
    func isAtClient(_ segment: SegmentTap.Segment) -> Bool {
      captures.client.covers(clock.atClient(segment.moment.time))
    }
    toServer.restrict(isHeardByReceiver: isAtServer, isHeardBySender: isAtClient)
    toClient.restrict(isHeardByReceiver: isAtClient, isHeardBySender: isAtServer)
  }
}

extension TCPConversation {
  /// The sequence number of a side's SYN, where it was captured.
  func initialSequence(_ side: Side) -> UInt32? {
    let half = half(side)
    return half.synchronization == nil ? nil : half.sequence?.origin
  }
}
