import Decryption
import Packets
import Streams
import TLSMessages
import Wire

/// Follows one connection, from its first segment to its record.
final class ConnectionTracker {
  let stream: Int
  private(set) var tcp: TCPConversation
  let lowIsClient: Bool
  /// Whether either side sent an octet.
  var hasOctets = false
  private let decoder: StreamDecoder
  /// The deepest phase entered.
  var phase: Phase { decoder.facts.deepest }
  private let log: EventLog?
  /// What the last ``snapshot(captureEnd:serverHops:)`` gave.
  private var lastSnapshot: Connection?

  init(
    stream: Int,
    client: Endpoint,
    server: Endpoint,
    lowIsClient: Bool,
    first: Moment,
    sawBeginning: Bool,
    certificates: CertificateShelf,
    keys: KeyRing,
    log: EventLog?
  ) {
    self.log = log
    self.stream = stream
    self.lowIsClient = lowIsClient
    tcp = TCPConversation(client: client, server: server, first: first)
    decoder = StreamDecoder(
      startsAtBeginning: sawBeginning,
      certificates: certificates,
      keys: keys
    )
    decoder.log = log
    decoder.facts.enter(.tcp, at: first)
  }

  func observe(_ observed: ObservedSegment, in bytes: Span<UInt8>) {
    guard let log else {
      tcp.observe(observed, in: bytes, to: decoder)
      return
    }
    let before = TCPConversation.Marks(tcp, observed.side)
    tcp.observe(observed, in: bytes, to: decoder)
    log.note(observed, before: before, after: tcp, in: decoder.facts.deepest)
  }

  func observe(_ error: ICMPErrorObservation) {
    tcp.observe(error)
    log?.note(.icmp(error), from: nil, at: error.moment, in: decoder.facts.deepest)
  }

  /// The connection at the capture's end; nothing may be observed afterwards.
  func finish(captureEnd: Moment, serverHops: ClosedRange<UInt8>?) -> Connection {
    tcp.finish(to: decoder)
    log?.finish(decoder.facts.undecoded, in: decoder.facts.phases)
    return conclude(tcp, decoder, tcp.ending(captureEnd: captureEnd, serverHops: serverHops))
  }

  /// The connection as ``finish(captureEnd:serverHops:)`` would give it now, while more may come.
  ///
  /// The same object as long as nothing has changed.
  func snapshot(captureEnd: Moment, serverHops: ClosedRange<UInt8>?) -> Connection {
    let ending = tcp.ending(captureEnd: captureEnd, serverHops: serverHops)
    if let lastSnapshot, lastSnapshot.tcp.frameCount == tcp.frameCount,
      lastSnapshot.tcp.errors.count == tcp.errors.count, lastSnapshot.ending == ending
    {
      return lastSnapshot
    }
    // What waits for missing octets is decoded in a copy: they may still come.
    var tcp = tcp
    let decoder = StreamDecoder(copying: decoder)
    tcp.finish(to: decoder)
    let connection = conclude(tcp, decoder, ending)
    lastSnapshot = connection
    return connection
  }

  private func conclude(
    _ tcp: TCPConversation,
    _ decoder: StreamDecoder,
    _ ending: Ending
  ) -> Connection {
    var facts = decoder.facts
    for index in facts.phases.indices {
      let isLast = index == facts.phases.indices.last
      facts.phases[index].end = isLast ? tcp.last : facts.phases[index + 1].start
    }
    let connection = Connection(
      stream: stream,
      client: tcp.client.endpoint,
      server: tcp.server.endpoint,
      tcp: tcp,
      facts: facts,
      ending: ending,
      sawBeginning: decoder.startsAtBeginning
    )
    connection.validateCertificate(nil)
    return connection
  }
}
