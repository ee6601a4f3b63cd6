import Packets
import RDPMessages
package import Streams
package import Timeline
import Wire

/// A connection's part in its attempt.
package enum Role: String, Hashable, Sendable, CaseIterable {
  /// The attempt's one connection.
  case only
  /// The first of several.
  case first
  /// A later one that asks for the same.
  case retry
  /// A later one that asks for other security protocols.
  case fallback
}

/// A connection with its verdict.
package struct JudgedConnection {
  package let connection: Connection
  package internal(set) var role: Role
  package internal(set) var verdict: Verdict
  /// Index of its attempt.
  package internal(set) var attempt: Int
}

/// What is known beside the packets of a capture.
package struct Witness {
  /// The code that the user saw; `nil` when it is not known.
  package var code: ClientCode?
  /// Packets that the capturing host says it lost.
  package var droppedPackets: Int
  /// What the capture at the other end shows of each connection, by stream.
  package var otherEnd: [Int: [Evidence]]

  /// Creates a witness.
  package init(
    code: ClientCode? = nil,
    droppedPackets: Int = 0,
    otherEnd: [Int: [Evidence]] = [:]
  ) {
    self.code = code
    self.droppedPackets = droppedPackets
    self.otherEnd = otherEnd
  }
}

/// Everything said about a capture's connections.
package struct Diagnosis {
  /// Seconds after a failure within which the same client's next connection is the same attempt:
  /// clients retry within seconds; a person who clicks again within this does, too.
  static let retryPause = 15.0
  /// The same after a connection that the client left at a prompt: as long as people take to read
  /// one.
  static let promptPause = 120.0

  /// Seconds by which a retry may begin before the end of what it retries.
  ///
  /// A client opens the next connection and then closes the old one. Two that last side by side are two attempts.
  static let overlap = 1.0

  package let connections: [JudgedConnection]
  /// The RDP-UDP connections, in the order of their SYNs.
  package let udpConnections: [JudgedUDPConnection]
  package let attempts: [Attempt]
  /// How many connections there are, over TCP and over UDP.
  package var connectionCount: Int { connections.count + udpConnections.count }

  /// Judges every connection of a capture.
  ///
  /// - Parameters:
  ///   - connections: In the order of their streams.
  ///   - udpConnections: In the order of their SYNs.
  ///   - hosts: When each address was heard.
  ///   - lookups: What was asked for before any connection.
  ///   - kerberos: What clients asked of KDCs.
  ///   - captureEnd: The capture's last packet; `nil` without one.
  ///   - witness: What else is known than the packets of this capture.
  ///   - wanted: The streams that a verdict is wanted of; whatever may be of one attempt with them is
  ///     judged, too, and nothing else. `nil` for all.
  package init(
    _ connections: [Connection],
    udpConnections: [UDPConnection] = [],
    hosts: HostTable,
    lookups: Lookups,
    kerberos: [KerberosExchange] = [],
    captureEnd: Moment?,
    witness: Witness = Witness(),
    of wanted: Set<Int>? = nil
  ) {
    guard let captureEnd else {
      self.connections = []
      self.udpConnections = []
      attempts = []
      return
    }
    let isWithoutConnections = connections.isEmpty && udpConnections.isEmpty
    let places = wanted.map { Self.places(of: $0, in: connections) } ?? Array(connections.indices)
    let verdicts = Self.verdicts(
      of: places,
      in: connections,
      udpConnections,
      hosts: hosts,
      kerberos: Dictionary(grouping: kerberos, by: \.client),
      captureEnd: captureEnd,
      witness
    )
    let skipped = Self.streams(of: connections, without: places)
    let udpConnections = udpConnections.filter {
      $0.session.map { !skipped.contains($0.stream) } ?? true
    }
    let connections = places.map { connections[$0] }
    var groups = Self.joinScans(Self.group(connections, verdicts), connections, verdicts)
    Self.join(companionsOf: connections, to: &groups)
    var judged: [JudgedConnection] = []
    judged.reserveCapacity(connections.count)
    var attempts: [Attempt] = []
    attempts.reserveCapacity(groups.count)
    for (index, group) in groups.enumerated() {
      var members = group.map {
        JudgedConnection(
          connection: connections[$0],
          role: .only,
          verdict: verdicts[$0],
          attempt: index
        )
      }
      Self.assignRoles(&members)
      attempts.append(Self.conclude(&members))
      judged += members
    }
    self.connections = judged.sorted { $0.connection.stream < $1.connection.stream }
    self.udpConnections = Self.judge(udpConnections, of: self.connections, &attempts)
    self.attempts =
      isWithoutConnections
      ? Unreached(lookups: lookups, hosts: hosts, captureEnd: captureEnd, code: witness.code)
        .attempts()
      : attempts
  }

  private static func verdicts(
    of places: [Int],
    in connections: [Connection],
    _ udpConnections: [UDPConnection],
    hosts: HostTable,
    kerberos: [IPAddress: [KerberosExchange]],
    captureEnd: Moment,
    _ witness: Witness
  ) -> [Verdict] {
    let udp = Dictionary(grouping: udpConnections.filter { $0.session != nil }) {
      $0.session?.stream
    }
    // A way to a gateway is none of the connections that a server's behaviour is told by.
    let sessions = connections.indices.filter { connections[$0].facts.gateway == nil }
    let byServer = Dictionary(grouping: sessions) { connections[$0].server }
    var next = [Int?](repeating: nil, count: connections.count)
    var following: [Pair: Int] = [:]
    for index in sessions.reversed() {
      let pair = Pair(client: connections[index].client, server: connections[index].server)
      next[index] = following.updateValue(index, forKey: pair)
    }
    let referrals = Referrals(connections)
    let otherVersion = OtherVersion(connections)
    func verdict(_ index: Int) -> Verdict {
      guard connections[index].facts.gateway == nil else {
        return GatewayContext(connections[index], among: connections).verdict()
      }
      let siblings = (byServer[connections[index].server] ?? []).prefix(maximumSiblings)
        .filter { $0 != index }.map { connections[$0] }
      let context = Context(
        connection: connections[index],
        siblings: siblings,
        next: next[index].map { connections[$0] },
        referrer: referrals.referrer(of: connections[index]),
        otherVersion: otherVersion.companion(of: connections[index]),
        udp: udp[connections[index].stream] ?? [],
        hosts: hosts,
        kerberos: kerberos[connections[index].client.address] ?? [],
        captureEnd: captureEnd,
        droppedPackets: witness.droppedPackets,
        others: witness.otherEnd[connections[index].stream] ?? []
      )
      return Judge.judge(context.evidence(), code: witness.code)
    }
    guard worthAThread <= places.count else { return places.map(verdict) }
    let half = places.count / 2
    var (lower, upper): ([Verdict], [Verdict]) = ([], [])
    SideThread.both(
      { lower = places[..<half].map(verdict) },
      { upper = places[half...].map(verdict) }
    )
    return lower + upper
  }

  /// Connections from which on half of them are judged in a thread of their own.
  private static let worthAThread = 64

  /// Other connections to the same server that are compared: enough to know how it behaves.
  private static let maximumSiblings = 64

  /// Between whom attempts are made.
  struct Pair: Hashable {
    let client: IPAddress
    let server: Endpoint

    init(client: Endpoint, server: Endpoint) {
      self.client = client.address
      self.server = server
    }
  }

  /// Groups connections into attempts, in the order of their first connections.
  private static func group(_ connections: [Connection], _ verdicts: [Verdict]) -> [[Int]] {
    var groups: [[Int]] = []
    var open: [Pair: Int] = [:]
    for index in connections.indices where !isCompanion(index, in: connections) {
      let pair = Pair(client: connections[index].client, server: connections[index].server)
      if let group = open[pair], let last = groups[group].last,
        isRetry(connections[index], of: connections[last], verdicts[last])
      {
        groups[group].append(index)
      } else {
        open[pair] = groups.count
        groups.append([index])
      }
    }
    return groups
  }

  /// Seconds within which a scanner's next connection to the same port belongs to the same scan.
  private static let probePause = 5.0
  /// Probes in a row from which on they are one scan: a monitor's checks are few, and each is told.
  private static let manyProbes = 32

  /// Joins the probes of a scan, which is one thing that happened however many connections it took.
  private static func joinScans(
    _ groups: [[Int]],
    _ connections: [Connection],
    _ verdicts: [Verdict]
  ) -> [[Int]] {
    var runs: [[Int]] = []
    var open: [Pair: Int] = [:]
    for group in groups.indices {
      guard groups[group].allSatisfy({ verdicts[$0].cause.family == .probe }),
        let first = groups[group].first
      else { continue }
      let pair = Pair(client: connections[first].client, server: connections[first].server)
      if let run = open[pair], let before = runs[run].last.flatMap({ groups[$0].last }),
        connections[first].start.time.seconds(since: connections[before].tcp.last.time) < probePause
      {
        runs[run].append(group)
      } else {
        open[pair] = runs.count
        runs.append([group])
      }
    }
    var joined = groups
    for run in runs where manyProbes <= run.count {
      for group in run.dropFirst() {
        joined[run[0]] += groups[group]
        joined[group] = []
      }
    }
    return joined.filter { !$0.isEmpty }
  }

  /// Whether a connection tries again what an earlier one failed to do: to get into a session.
  ///
  /// One that got there was no failed try, however it ended.
  private static func isRetry(
    _ connection: Connection,
    of earlier: Connection,
    _ verdict: Verdict
  ) -> Bool {
    guard earlier.phase < .session else { return false }
    switch verdict.cause.family {
    case .healthy, .probe: return false
    case .cleanDisconnect where earlier.phase > .credssp: return false
    default: break
    }
    let pause = connection.start.time.seconds(since: earlier.ending.moment.time)
    let isPrompt =
      earlier.ending.actor == .client && [.tls, .credssp, .x224].contains(earlier.phase)
    return (-overlap < pause || !earlier.isEstablished)
      && pause < (isPrompt ? promptPause : retryPause)
  }

  private static func assignRoles(_ members: inout [JudgedConnection]) {
    let tries = members.indices.filter { members[$0].isTry(among: members) }
    guard tries.count > 1, let start = tries.first else { return }
    members[start].role = .first
    let first = members[start].connection.facts.request?.message.negotiation?.requestedProtocols
    for index in tries.dropFirst() {
      let request = members[index].connection.facts.request
      let offered = request?.message.negotiation?.requestedProtocols
      members[index].role =
        request != nil && members[start].connection.facts.request != nil && offered != first
        ? .fallback : .retry
    }
  }

  /// Judges the attempt, and softens what it made good, may still make good, or what only followed
  /// from its first failure.
  private static func conclude(_ members: inout [JudgedConnection]) -> Attempt {
    let deciding = members.indices.filter { members[$0].decidesAttempt(among: members) }
    let success = deciding.last {
      members[$0].verdict.severity == .none && members[$0].verdict.cause.family != .probe
    }
    // What kept earlier tries out of a session was overcome by the one that got into it.
    let arrival = deciding.first { .session <= members[$0].connection.phase }
    let tries = arrival.map { arrival in deciding.filter { arrival <= $0 } } ?? deciding
    let decisive =
      success ?? tries.first { members[$0].verdict.severity == .failure } ?? tries.first ?? 0
    // The last try goes on, in order, when the capture ends.
    let last = deciding.last.map { members[$0] }
    let isUndecided =
      deciding.count > 1 && last?.verdict.severity == .warning
      && last?.connection.ending.kind == .open
    for index in members.indices where members[index].verdict.severity == .failure {
      let isSoftened =
        success != nil || isUndecided || members[index].isOvercomeElsewhere
        || arrival.map { index < $0 } == true
        || members[index].role == .fallback && arrival != index
        || members[index].connection.isToKDCProxy
      if isSoftened {
        members[index].verdict = members[index].verdict.with(severity: .warning)
      }
    }
    let verdict = members[decisive].verdict
    return Attempt(
      streams: Set(members.map(\.connection.stream)).sorted(),
      client: members[0].connection.client.address,
      server: .endpoint(members[0].connection.server),
      start: members[0].connection.start.time,
      succeeded: success != nil || verdict.severity == .none,
      verdict: verdict
    )
  }
}

extension JudgedConnection {
  /// Whether the client got through by the other version of IP: what kept this connection from being
  /// made kept nobody out.
  fileprivate var isOvercomeElsewhere: Bool {
    verdict.observed.contains { $0.kind == .reachedByOtherVersion }
  }

  /// Whether the way it was closed is the normal end of what came before: of a session, or of a
  /// refusal, after which clients reset.
  package var endsNormally: Bool {
    switch connection.ending.kind {
    case .timeout, .icmp: return false
    case .open, .fin: return true
    case .reset:
      return verdict.severity == .none || connection.facts.refusal != nil
        || connection.facts.encrypted.credSSPError != nil || connection.facts.login.error != nil
    }
  }
}
