import Decryption
import Packets
import Streams
import TLSMessages
import Wire

/// Follows one connection, from its first segment to its record.
final class ConnectionTracker {
  let stream: Int
  private(set) var tcp: TCPConversation
  /// Whether it is listed only if its plaintext shows Remote Desktop.
  let isProvisional: Bool
  let decoder: StreamDecoder
  /// The deepest phase entered.
  var phase: Phase { decoder.facts.deepest }
  private let log: EventLog?
  /// What the last ``snapshot(captureEnd:serverHops:)`` gave.
  private var lastSnapshot: Connection?
  private let tap: SegmentTap?
  /// Whether anybody wants each segment.
  private let isWatched: Bool

  init(
    stream: Int,
    client: Endpoint,
    server: Endpoint,
    first: Moment,
    sawBeginning: Bool,
    certificates: CertificateShelf,
    keys: KeyRing,
    tunnels: GatewayTunnels,
    isProvisional: Bool,
    log: EventLog?,
    tap: SegmentTap? = nil
  ) {
    self.isProvisional = isProvisional
    self.log = log
    self.tap = tap
    isWatched = log != nil || tap != nil
    self.stream = stream
    tcp = TCPConversation(client: client, server: server, first: first)
    decoder = StreamDecoder(
      startsAtBeginning: sawBeginning,
      certificates: certificates,
      keys: keys
    )
    decoder.log = log
    decoder.tunnels = tunnels
    decoder.facts.enter(.tcp, at: first)
  }

  @inline(__always)
  func observe(_ observed: ObservedSegment, in bytes: Span<UInt8>) {
    guard isWatched else { return tcp.observe(observed, in: bytes, to: decoder) }
    observeWatched(observed, in: bytes)
  }

  @inline(never)
  private func observeWatched(_ observed: ObservedSegment, in bytes: Span<UInt8>) {
    let copies = tcp.copyCount
    let before = TCPConversation.Marks(tcp, observed.side)
    tcp.observe(observed, in: bytes, to: decoder)
    log?.note(observed, before: before, after: tcp, in: decoder.facts.deepest)
    if tcp.copyCount == copies { tap?.note(observed, of: stream) }
  }

  func observe(_ error: ICMPErrorObservation) {
    tcp.observe(error)
    log?.note(.icmp(error, count: 1), from: nil, at: error.moment, in: decoder.facts.deepest)
  }

  /// Whether its plaintext shows Remote Desktop, or a way to it.
  var showsRemoteDesktop: Bool {
    decoder.facts.gateway != nil || .mcs <= decoder.facts.deepest
  }

  /// The connection inside of the gateway's channel.
  ///
  /// - Parameter outer: What ``finish(captureEnd:serverHops:)`` gave.
  /// - Returns: `nil` where this connection opened no channel.
  func finishTunnel(of outer: Connection) -> Connection? {
    guard let gateway = decoder.gateway, let tunnel = gateway.tunnel else { return nil }
    var facts = tunnel.decoder.facts
    for index in facts.phases.indices {
      let isLast = index == facts.phases.indices.last
      facts.phases[index].end = isLast ? tcp.last : facts.phases[index + 1].start
    }
    let inner = Connection(
      stream: stream,
      client: outer.client,
      server: outer.server,
      tcp: tcp,
      facts: facts,
      ending: outer.ending,
      sawBeginning: true,
      transport: .gateway(clientBytes: tunnel.clientBytes, serverBytes: tunnel.serverBytes)
    )
    inner.validateCertificate(nil)
    return inner
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
    var tcp = tcp
    var decoder = decoder
    if decoder.gateway == nil {
      // What waits for missing octets is decoded in a copy: they may still come.
      decoder = StreamDecoder(copying: decoder)
      tcp.finish(to: decoder)
    }
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
      facts: consume facts,
      ending: ending,
      sawBeginning: decoder.startsAtBeginning
    )
    connection.validateCertificate(nil)
    return connection
  }
}
