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
  package private(set) var early = EarlySegments()
  package internal(set) var lookups = Lookups()
  var kerberos = KerberosTraffic()
  var udp: UDPTable
  /// Connections that ``maximumConnections`` kept out of the list.
  package private(set) var unlistedCount = 0
  /// First and last packet.
  package internal(set) var first: Moment?
  package internal(set) var last: Moment?
  /// The certificates that were shown.
  package let certificates = CertificateShelf()
  private let keys: KeyRing
  let tunnels = GatewayTunnels()
  private let ports: Set<UInt16>
  /// Ports on which RDP was found by its first octets.
  private var foundPorts: Set<UInt16> = []
  private let log: EventLog?
  private let logs: EventLogs?
  private let tap: SegmentTap?
  /// Gives segments to the trackers; `nil` where each packet is worked off at once.
  let beside: FollowedTraffic?
  /// Where it takes them from.
  private let lane: SegmentLane?
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

// MARK: - TCP

extension CaptureTimeline {
  private mutating func observe(
    _ segment: TCPSegment,
    of packet: Packet,
    in bytes: Span<UInt8>,
    at moment: Moment
  ) {
    let source = packet.source
    let destination = packet.destination
    let hit = flows.find(segment, from: source, to: destination, moment: moment) {
      hosts.index(of: $0)
    }
    var connection = hit.connection
    if hit.isUndecided {
      examine(segment, of: packet, hit: hit, flow: flows[hit.index], in: bytes, at: moment)
      connection = flows[hit.index].connection
    }
    let kind: ActivityKind = connection == nil ? .tcp : .rdp
    if segment.flags.contains(.rst) {
      hosts.note(kind, host: hit.host, at: moment)
    } else {
      hosts.note(kind, timeToLive: packet.timeToLive, host: hit.host, at: moment)
    }
    guard let connection else {
      if KerberosTraffic.isKerberos(segment.sourcePort, segment.destinationPort) {
        observe(kerberos: segment, of: packet, hit: hit, in: bytes, at: moment)
      }
      return
    }
    let side: Side = hit.isFromLow == ends[connection].lowIsClient ? .client : .server
    let observed = ObservedSegment(
      segment: segment,
      side: side,
      moment: moment,
      timeToLive: packet.timeToLive,
      identification: packet.hasIdentification
        ? UInt16(truncatingIfNeeded: packet.identification) : nil
    )
    if let lane {
      let isLast = lane.add(
        FollowedSegment(
          observed: observed,
          octets: LentOctets(bytes),
          connection: Int32(truncatingIfNeeded: connection)
        )
      )
      // A reassembled packet's octets are gone with it.
      let mustSettle = packet.isReassembled
      if isLast || mustSettle { beside?.settle() }
    } else {
      trackers[connection].observe(observed, in: bytes)
    }
    if 0 < segment.payloadLength, !ends[connection].hasOctets {
      ends[connection].hasOctets = true
      withoutOctetsCount -= 1
    }
  }

  /// Takes a segment between a client and a KDC.
  private mutating func observe(
    kerberos segment: TCPSegment,
    of packet: Packet,
    hit: FlowTable.Hit,
    in bytes: Span<UInt8>,
    at moment: Moment
  ) {
    let isFromClient = segment.destinationPort == KerberosTraffic.port
    let flow = flows[hit.index]
    let lowIsClient = flow.high.port == KerberosTraffic.port
    kerberos.observe(
      ObservedSegment(
        segment: segment,
        side: isFromClient ? .client : .server,
        moment: moment,
        timeToLive: packet.timeToLive,
        identification: packet.hasIdentification
          ? UInt16(truncatingIfNeeded: packet.identification) : nil
      ),
      in: bytes,
      stream: flow.stream,
      client: lowIsClient ? flow.low : flow.high,
      kdc: lowIsClient ? flow.high : flow.low
    )
  }

  /// Decides whether a flow is followed: on a followed port from its first segment, elsewhere when
  /// its first octets are an X.224 Connection Request.
  private mutating func examine(
    _ segment: TCPSegment,
    of packet: Packet,
    hit: FlowTable.Hit,
    flow: Flow,
    in bytes: Span<UInt8>,
    at moment: Moment
  ) {
    let lowIsFollowed = ports.contains(flow.low.port)
    let highIsFollowed = ports.contains(flow.high.port)
    let isFollowed = lowIsFollowed || highIsFollowed
    let lowIsClient =
      isFollowed ? flow.lowIsClient ?? !lowIsFollowed : hit.isFromLow
    if isFollowed, !(lowIsClient ? highIsFollowed : lowIsFollowed) {
      flows[hit.index].isExamined = true
      return
    }
    let isSilent = segment.payloadLength == 0
    let isDeferred = Self.maximumConnectionsWithoutOctets <= withoutOctetsCount
    if isFollowed, !isSilent || !isDeferred && flow.earlyCount == 0 {
      if 0 < flow.earlyCount { unlistedCount -= 1 }
      follow(hit, lowIsClient: lowIsClient, sawBeginning: flow.lowIsClient != nil, at: moment)
    } else if !isFollowed, segment.capturedPayloadLength > 0 {
      flows[hit.index].isExamined = true
      let payload = bytes.extracting(segment.payloadRange)
      let isRemoteDesktop = payload.startsConnectionRequest || payload.startsPreconnection
      guard isRemoteDesktop || startsReadableTLS(payload) else { return }
      follow(
        hit,
        lowIsClient: lowIsClient,
        sawBeginning: true,
        isProvisional: !isRemoteDesktop,
        at: moment
      )
    } else {
      if isFollowed, flow.earlyCount == 0 { unlistedCount += 1 }
      early.keep(
        segment,
        of: packet,
        in: bytes,
        isFromLow: hit.isFromLow,
        at: moment,
        for: &flows[hit.index]
      )
    }
  }

  /// Whether the octets begin with a ClientHello whose connection the keys at hand open: behind it
  /// may be a gateway.
  private func startsReadableTLS(_ payload: Span<UInt8>) -> Bool {
    guard !keys.isEmpty, 43 <= payload.count, payload[0] == 22, payload[1] == 3, payload[5] == 1
    else { return false }
    var random: [UInt8] = []
    for index in 11..<43 { random.append(payload[index]) }
    return keys.secrets(clientRandom: random) != nil
  }

  /// Follows a flow from now on, as if it had been followed from its beginning.
  private mutating func follow(
    _ hit: FlowTable.Hit,
    lowIsClient: Bool,
    sawBeginning: Bool,
    isProvisional: Bool = false,
    at moment: Moment
  ) {
    guard trackers.count < Self.maximumConnections else {
      unlistedCount += 1
      flows[hit.index].isExamined = true
      return
    }
    let flow = flows[hit.index]
    let handshake = early.segments(of: flow, lowIsClient: lowIsClient)
    let tracker = ConnectionTracker(
      stream: flow.stream,
      client: lowIsClient ? flow.low : flow.high,
      server: lowIsClient ? flow.high : flow.low,
      first: handshake.first?.observed.moment ?? moment,
      sawBeginning: sawBeginning,
      certificates: certificates,
      keys: keys,
      tunnels: tunnels,
      isProvisional: isProvisional,
      log: log?.connection == .stream(flow.stream) ? log : logs?.open(.stream(flow.stream)),
      tap: tap
    )
    flows[hit.index].connection = trackers.count
    if !ports.contains(tracker.tcp.server.endpoint.port) {
      foundPorts.insert(tracker.tcp.server.endpoint.port)
    }
    trackers.append(tracker)
    ends.append(FollowedEnds(lowIsClient: lowIsClient))
    withoutOctetsCount += 1
    for (observed, options) in handshake { tracker.observe(observed, in: options.span) }
    beside?.open(tracker)
  }
}

extension Span<UInt8> {
  /// Whether the octets begin with a TPKT that holds an X.224 Connection Request: version 3,
  /// reserved 0, a length that fits one, and the code.
  fileprivate var startsConnectionRequest: Bool {
    guard 6 <= count, self[0] == 3, self[1] == 0, self[5] & 0xF0 == 0xE0 else { return false }
    let length = Int(uint16BigEndian(at: 2))
    return 11 <= length && length <= 512 && Int(self[4]) == length - 5
  }

  /// Whether the octets begin with a whole preconnection PDU, every field of it as [MS-RDPEPS]
  /// 2.2.1 has it: cbSize, no flags, version 1 or 2, and in version 2 a text of the length left.
  fileprivate var startsPreconnection: Bool {
    guard 16 <= count, self[1] < 16, self[2] == 0, self[3] == 0,
      self[4] == 0, self[5] == 0, self[6] == 0, self[7] == 0,
      self[9] == 0, self[10] == 0, self[11] == 0
    else { return false }
    let size = Int(self[0]) | Int(self[1]) << 8
    if self[8] == 1 { return size == 16 }
    guard self[8] == 2, 18 <= count else { return false }
    return size == 18 + 2 * (Int(self[16]) | Int(self[17]) << 8)
  }
}

// MARK: - Other protocols

extension CaptureTimeline {
  private mutating func observe(
    _ message: ICMPMessage,
    of packet: Packet,
    at moment: Moment
  ) {
    let reporter = hosts.index(of: packet.source)
    hosts.note(.icmp, host: reporter, at: moment)
    hosts.note(timeToLive: packet.timeToLive, host: reporter)
    guard let quoted = message.quoted else { return }
    udp.observe(quoted, message.meaning, by: packet.source, at: moment)
    let found = flows.find(quoted, canOpen: message.countsAsStream, moment: moment) {
      hosts.index(of: $0)
    }
    guard let hit = found, let index = flows[hit.index].connection else { return }
    beside?.settle()
    let side: Side = hit.isFromLow == ends[index].lowIsClient ? .client : .server
    trackers[index].observe(
      ICMPErrorObservation(
        meaning: message.meaning,
        reporter: packet.source,
        side: side,
        moment: moment
      )
    )
  }

  private mutating func observe(
    _ datagram: UDPDatagram,
    of packet: Packet,
    in bytes: Span<UInt8>,
    at moment: Moment
  ) {
    if KerberosTraffic.isKerberos(datagram.sourcePort, datagram.destinationPort) {
      let isFromClient = datagram.destinationPort == KerberosTraffic.port
      kerberos.observe(
        datagram.payloadRange.map { bytes[$0] }[...],
        from: isFromClient ? .client : .server,
        client: isFromClient ? packet.source : packet.destination,
        kdc: isFromClient ? packet.destination : packet.source,
        at: moment
      )
    }
    hosts.wakeSigns.observe(datagram, in: bytes, at: moment)
    guard !lookups.isIncomplete,
      Self.isNameService(datagram.sourcePort) || Self.isNameService(datagram.destinationPort),
      let message = DNSMessage(bytes, in: datagram.payloadRange)
    else { return }
    lookups.observe(message, from: packet.source, to: packet.destination, at: moment)
  }

  /// DNS (RFC 1035 §4.2.1) and LLMNR (RFC 4795 §2).
  private static func isNameService(_ port: UInt16) -> Bool { port == 53 || port == 5355 }

  private mutating func observe(_ message: ARPMessage, at moment: Moment) {
    if message.isProbe || message.isGratuitous {
      hosts.wakeSigns.note(
        message.isProbe ? .addressProbe : .announcement,
        address: message.targetIP,
        hardware: message.senderMAC,
        at: moment
      )
    }
    guard !message.senderIP.isUnspecified else { return }
    let sender = hosts.index(of: message.senderIP)
    let asks = message.operation == .request && !message.isGratuitous
    hosts.note(asks ? .addressRequest : .addressResolution, host: sender, at: moment)
    hosts.noteHardware(message.senderMAC, of: sender, at: moment)
    if asks {
      hosts.noteResolution(of: hosts.index(of: message.targetIP), at: moment)
      lookups.ask(for: .neighbour(message.targetIP), by: message.senderIP, at: moment)
    } else if message.operation == .reply {
      lookups.answer(of: message.senderIP, to: message.targetIP)
    }
  }

  private mutating func observe(
    _ message: NeighbourMessage,
    of packet: Packet,
    at moment: Moment
  ) {
    let isUnspecified = packet.source.isUnspecified
    let asks = message.kind == .solicitation && !isUnspecified
    hosts.note(
      asks ? .addressRequest : .addressResolution,
      host: hosts.index(of: packet.source),
      at: moment
    )
    guard let target = message.target else { return }
    switch message.kind {
    case .solicitation where asks:
      hosts.noteResolution(of: hosts.index(of: target), at: moment)
      lookups.ask(for: .neighbour(target), by: packet.source, at: moment)
    case .solicitation:
      hosts.wakeSigns.note(
        .duplicateAddressDetection,
        address: target,
        hardware: nil,
        at: moment
      )
    case .advertisement:
      lookups.answer(of: target, to: packet.destination)
    default: break
    }
  }
}

extension ICMPMessage {
  /// Redirects quote, too, but Wireshark opens no conversation for them.
  fileprivate var countsAsStream: Bool { isVersion6 || type != 5 }
}
