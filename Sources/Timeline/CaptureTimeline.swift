package import Decryption
package import Packets
package import Streams
package import TLSMessages
import Wire

/// Follows a whole capture: every TCP conversation is numbered, the RDP ones are decoded, and the
/// activity of every host is noted.
package struct CaptureTimeline {
  /// Connections followed.
  ///
  /// Beyond it, attempts that never got an answer are counted, not listed.
  package static let maximumConnections = 50_000

  /// Connections without a single octet that are followed: port scans and SYN floods stop here.
  ///
  /// Further ones are followed from their first octets on, with all that went before, and only
  /// counted when none come.
  package static let maximumConnectionsWithoutOctets = 4096

  package internal(set) var flows: FlowTable
  package internal(set) var hosts = HostTable()
  /// What TCP said in flows that have not shown their first octets.
  package internal(set) var early = EarlySegments()
  package internal(set) var lookups = Lookups()
  var kerberos = KerberosTraffic()
  var udp: UDPTable
  /// Connections that ``maximumConnections`` kept out of the list.
  package internal(set) var unlistedCount = 0
  /// First and last packet.
  package internal(set) var first: Moment?
  package internal(set) var last: Moment?
  /// The certificates that were shown.
  package let certificates = CertificateShelf()
  let keys: KeyRing
  let tunnels = GatewayTunnels()
  let ports: Set<UInt16>
  /// Ports on which RDP was found by its first octets.
  var foundPorts: Set<UInt16> = []
  let log: EventLog?
  let logs: EventLogs?
  let tap: SegmentTap?
  /// Gives segments to the trackers; `nil` where each packet is worked off at once.
  let beside: FollowedTraffic?
  /// Where it takes them from.
  let lane: SegmentLane?
  /// What is asked of each tracker for every packet, beside it.
  var ends: ContiguousArray<FollowedEnds> = []
  var trackers: [ConnectionTracker] = []
  var withoutOctetsCount = 0

  /// Starts a timeline.
  ///
  /// - Parameters:
  ///   - ports: Server ports that are followed even without a beginning; RDP is found on any other
  ///     by its first octets.
  ///   - keys: What decrypts; secrets may join it while the capture is read.
  ///   - log: Records the events of one connection; `nil` for none.
  ///   - logs: Records some events of every connection; `nil` for none.
  ///   - tap: Keeps the segments of every connection followed; `nil` for none.
  ///   - beside: Has the connections followed in a thread of its own; without keys, logs and tap.
  ///   - maximumFlows: TCP conversations known at a time.
  package init(
    ports: Set<UInt16>,
    keys: KeyRing = KeyRing(),
    log: EventLog? = nil,
    logs: EventLogs? = nil,
    tap: SegmentTap? = nil,
    beside: FollowedTraffic? = nil,
    maximumFlows: Int = FlowTable.maximumFlows
  ) {
    self.keys = keys
    flows = FlowTable(limit: maximumFlows)
    // A shelf of its own: its trackers and those of TCP may work at the same time.
    udp = UDPTable(certificates: CertificateShelf(), keys: keys, log: log, logs: logs)
    self.beside = beside
    lane = beside?.lane
    self.ports = ports
    self.log = log
    self.logs = logs
    self.tap = tap
  }

  /// Takes the next packet.
  ///
  /// - Parameters:
  ///   - packet: Its decoded headers.
  ///   - bytes: What their offsets refer to.
  ///   - moment: Its frame and time.
  package mutating func observe(
    _ packet: Packet,
    in bytes: Span<UInt8>,
    at moment: Moment
  ) {
    if first == nil { first = moment }
    last = moment
    switch packet.content {
    case .tcp(let segment):
      observe(segment, of: packet, in: bytes, at: moment)
    case .icmp(let message):
      observe(message, of: packet, at: moment)
    case .arp(let message):
      observe(message, at: moment)
    case .neighbour(let message):
      observe(message, of: packet, at: moment)
    case .udp(let datagram):
      hosts.note(.udp, host: hosts.index(of: packet.source), at: moment)
      udp.observe(datagram, of: packet, in: bytes, at: moment)
      observe(datagram, of: packet, in: bytes, at: moment)
    case .otherIP, .fragment:
      hosts.note(.udp, host: hosts.index(of: packet.source), at: moment)
    case .nonIP, .none:
      break
    }
  }

  /// What clients asked of KDCs, in the order of asking.
  package var kerberosExchanges: [KerberosExchange] {
    var traffic = kerberos
    traffic.finish()
    return traffic.exchanges.sorted { $0.asked.frame < $1.asked.frame }
  }

  /// The RDP-UDP connections, in the order of their SYNs, tied to their TCP sessions.
  ///
  /// - Parameter sessions: What ``finish()`` gave.
  /// - Returns: One for each SYN with a number of its own.
  package func udpConnections(of sessions: [Connection]) -> [UDPConnection] {
    guard let last else { return [] }
    return udp.trackers.map { $0.finish(captureEnd: last).linked(to: sessions) }
  }

  /// RDP-UDP connections beyond those followed.
  package var unlistedUDPCount: Int { udp.unlistedCount }

  /// Whether conversations with a port are followed, as far as is known now.
  package func follows(port: UInt16) -> Bool { ports.contains(port) || foundPorts.contains(port) }

  /// The connections, in the order of their streams.
  ///
  /// - Parameter end: The last packet, with the time up to which nothing came after it; `nil` for its
  ///   own time.
  /// - Returns: Every connection; nothing may be observed afterwards.
  package mutating func finish(until end: Moment? = nil) -> [Connection] {
    beside?.finish()
    guard let last = end ?? last else { return [] }
    return list(takeTrackers()) { $0.finish(captureEnd: last, serverHops: serverHops($0)) }
  }

  private mutating func takeTrackers() -> [ConnectionTracker] {
    defer { trackers = [] }
    return trackers
  }

  func serverHops(_ tracker: ConnectionTracker) -> ClosedRange<UInt8>? {
    hosts.host(tracker.tcp.server.endpoint.address)?.hops
  }

  /// The connections, in the order of their streams, each with the one inside of its channel.
  func list(
    _ trackers: consuming [ConnectionTracker],
    _ conclude: (ConnectionTracker) -> Connection
  ) -> [Connection] {
    var waiting = trackers.filter { !$0.isProvisional || $0.showsRemoteDesktop }
      .sorted { $1.stream < $0.stream }
    trackers = []
    // Each tracker goes as soon as its connection is made of it: together they hold all facts twice.
    var listed: [Connection] = []
    listed.reserveCapacity(waiting.count)
    while let tracker = waiting.popLast() {
      let connection = conclude(tracker)
      listed.append(connection)
      if let tunnel = tracker.finishTunnel(of: connection) { listed.append(tunnel) }
    }
    // Kerberos over HTTPS is of interest where it is on the way to a gateway.
    let gatewayClients = Set(listed.filter(\.isToGateway).map(\.client.address))
    return listed.filter {
      $0.facts.gateway?.kind != .kdcProxy || gatewayClients.contains($0.client.address)
    }
  }
}
