package import Packets
package import Streams
import TLSMessages
package import Wire

/// How a followed connection stands, without a look at its messages: enough to decide whether it is
/// to be judged.
package struct ConnectionState {
  /// Wireshark's `tcp.stream`.
  package let stream: Int
  /// Both ends.
  package let client: Endpoint
  package let server: Endpoint
  /// Its first and last packet.
  package let first: Moment
  package let last: Moment
  /// How it ended so far.
  package let ending: Ending
  /// The deepest phase entered.
  package let phase: Phase
  /// Seconds of one round trip between capture and server, where it was measured.
  package let roundTrip: Double?
  /// Whether anything came from the server.
  package let isAnswered: Bool
}

// A capture without an end: connections are looked at while they last, and forgotten afterwards.
extension CaptureTimeline {
  /// Connections followed at the moment.
  package var connectionCount: Int { trackers.count }

  /// How every followed connection stands.
  ///
  /// - Parameter end: The last packet, with the time up to which nothing came after it.
  /// - Returns: One state for each connection, in no order.
  package func states(until end: Moment) -> [ConnectionState] {
    trackers.filter { !$0.isProvisional || $0.showsRemoteDesktop }.map { tracker in
      let tcp = tracker.tcp
      return ConnectionState(
        stream: tracker.stream,
        client: tcp.client.endpoint,
        server: tcp.server.endpoint,
        first: tcp.first,
        last: tcp.last,
        ending: tcp.ending(captureEnd: end, serverHops: serverHops(tracker)),
        phase: tracker.phase,
        roundTrip: tcp.roundTripTime,
        isAnswered: tcp.server.first != nil
      )
    }
  }

  /// The connections as ``finish()`` would give them now, while more may come.
  ///
  /// - Parameter end: The last packet, with the time up to which nothing came after it.
  /// - Returns: The connections, in the order of their streams.
  package func snapshot(until end: Moment) -> [Connection] {
    list(trackers) { $0.snapshot(captureEnd: end, serverHops: serverHops($0)) }
  }

  /// The RDP-UDP connections as ``udpConnections(of:)`` would give them now.
  ///
  /// - Parameters:
  ///   - sessions: What ``snapshot(until:)`` gave.
  ///   - end: The last packet, with the time up to which nothing came after it.
  /// - Returns: One for each SYN with a number of its own.
  package func udpSnapshot(of sessions: [Connection], until end: Moment) -> [UDPConnection] {
    udp.trackers.map { $0.finish(captureEnd: end).linked(to: sessions) }
  }

  /// Notes a packet of which only the headers were captured: that its sender is alive.
  package mutating func observe(activityOf packet: Packet, at moment: Moment) {
    if first == nil { first = moment }
    last = moment
    guard case .tcp(let segment) = packet.content else {
      hosts.note(.udp, host: hosts.index(of: packet.source), at: moment)
      return
    }
    let host = hosts.index(of: packet.source)
    if segment.flags.contains(.rst) {
      hosts.note(.tcp, host: host, at: moment)
    } else {
      hosts.note(.tcp, timeToLive: packet.timeToLive, host: host, at: moment)
    }
  }

  /// Forgets connections, and whatever else was last heard before a moment.
  ///
  /// - Parameters:
  ///   - streams: The connections.
  ///   - cutoff: The moment.
  package mutating func forget(_ streams: Set<Int>, before cutoff: Timestamp) {
    var places: [Int?] = []
    var kept: [ConnectionTracker] = []
    var keptEnds: ContiguousArray<FollowedEnds> = []
    for (tracker, ends) in zip(trackers, ends) {
      if streams.contains(tracker.stream) {
        places.append(nil)
        if !ends.hasOctets { withoutOctetsCount -= 1 }
      } else {
        places.append(kept.count)
        kept.append(tracker)
        keptEnds.append(ends)
      }
    }
    trackers = kept
    ends = keptEnds
    flows.forget(before: cutoff, connection: places)
    lookups.forget(before: cutoff)
    kerberos.forget(before: cutoff)
    tunnels.forgetClosed()
    certificates.makeRoom()
    udp.forget(before: cutoff)
    var needed = [Bool](repeating: false, count: hosts.hosts.count)
    for flow in flows.flows {
      if 0 <= flow.lowHost { needed[flow.lowHost] = true }
      if 0 <= flow.highHost { needed[flow.highHost] = true }
    }
    flows.renumberHosts(hosts.forget(before: cutoff, except: needed))
  }
}
