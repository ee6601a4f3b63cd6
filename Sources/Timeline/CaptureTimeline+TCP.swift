import Decryption
import Packets
package import Streams
import Wire

extension CaptureTimeline {
  /// Takes a TCP segment.
  mutating func observe(
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
    hosts.note(
      kind,
      timeToLive: segment.flags.contains(.rst) ? nil : packet.timeToLive,
      host: hit.host,
      at: moment
    )
    guard let connection else {
      if KerberosTraffic.isKerberos(segment.sourcePort, segment.destinationPort) {
        observe(kerberos: segment, of: packet, hit: hit, in: bytes, at: moment)
      }
      return
    }
    let side: Side = hit.isFromLow == ends[connection].lowIsClient ? .client : .server
    pass(
      ObservedSegment(
        segment: segment,
        side: side,
        moment: moment,
        timeToLive: packet.timeToLive,
        identification: packet.hasIdentification
          ? UInt16(truncatingIfNeeded: packet.identification) : nil
      ),
      in: bytes,
      to: connection
    )
    if 0 < segment.payloadLength { noteOctets(of: connection) }
    // A reassembled packet's octets are gone with it.
    if packet.isReassembled { beside?.settle() }
  }

  /// Takes a plain segment of a conversation of which all is known that a segment's place depends on:
  /// nearly every packet.
  ///
  /// - Parameters:
  ///   - bytes: A captured frame of Ethernet II.
  ///   - originalLength: Octets of the packet on the wire, as the capture file says.
  ///   - moment: Its frame and time.
  /// - Returns: Whether it is one; any other is for ``observe(_:in:at:)``.
  package mutating func observePlain(
    _ bytes: Span<UInt8>,
    originalLength: Int,
    at moment: Moment
  ) -> Bool {
    guard let seen = PlainSegment(bytes, originalLength: originalLength),
      !seen.flags.contains(.syn),
      let hit = flows.takeKnown(
        seen.ends,
        timeToLive: seen.flags.contains(.rst) ? nil : seen.timeToLive,
        at: moment,
        hosts: &hosts
      )
    else { return false }
    // Not what was seen before the call, which would have been put aside for it.
    let packet = PlainSegment(reading: bytes)
    guard 0 <= hit.connection else {
      // Noting twice what both ways note is noting once.
      let (source, destination) = (packet.ends.sourcePort, packet.ends.destinationPort)
      guard !KerberosTraffic.isKerberos(source, destination) else { return false }
      last = moment
      return true
    }
    // Not the first packet: a known conversation has had one.
    last = moment
    let connection = Int(hit.connection)
    let end = ends[connection]
    let side: Side = hit.isFromLow == end.lowIsClient ? .client : .server
    pass(
      ObservedSegment(
        segment: packet.segment,
        side: side,
        moment: moment,
        timeToLive: packet.timeToLive,
        identification: packet.identification
      ),
      in: bytes,
      to: connection
    )
    if !end.hasOctets, 0 < packet.payloadLength { noteOctets(of: connection) }
    return true
  }

  /// Passes a segment on to the connection that it belongs to.
  ///
  /// - Parameters:
  ///   - observed: Made where it is needed: made before, it would lie in memory for whoever gets it.
  ///   - bytes: What its offsets refer to.
  ///   - connection: The connection's number.
  @inline(__always)
  private func pass(
    _ observed: @autoclosure () -> ObservedSegment,
    in bytes: Span<UInt8>,
    to connection: Int
  ) {
    if let lane {
      if lane.add(FollowedSegment(observed(), in: bytes, of: connection)) { beside?.settle() }
    } else {
      trackers[connection].observe(observed(), in: bytes)
    }
  }

  /// Notes that a side of a connection sent an octet.
  @inline(__always)
  private mutating func noteOctets(of connection: Int) {
    guard !ends[connection].hasOctets else { return }
    ends[connection].hasOctets = true
    withoutOctetsCount -= 1
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
