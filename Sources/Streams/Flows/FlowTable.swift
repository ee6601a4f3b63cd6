package import Packets
package import Wire

/// Every TCP conversation of the capture, numbered as Wireshark numbers `tcp.stream`.
package struct FlowTable {
  /// Conversations held.
  ///
  /// Beyond it, those that never got past their SYN are dropped, oldest first,
  /// and stream numbers are no longer promised to equal Wireshark's.
  package static let maximumFlows = 1_000_000

  /// From so many on the table has room for all of them.
  private static let reservedAt = 1 << 16

  package private(set) var flows: ContiguousArray<Flow> = []
  /// Conversations that were dropped at ``maximumFlows``.
  package private(set) var foldedCount = 0
  private var slots = SlotTable()
  private var nextStream = 0
  /// The conversation of the last segment, or the one opened since: most segments come in runs.
  ///
  /// Where its ends are those of the next segment, it is also the newest between them.
  private var latest = -1 {
    didSet { latestEnds = nil }
  }
  /// The ends of ``latest`` as a segment of its low end has them, once a plain one has named them.
  private var latestEnds: PlainEnds?

  private let limit: Int

  /// An empty table.
  ///
  /// - Parameter limit: Conversations held.
  package init(limit: Int = maximumFlows) { self.limit = limit }

  /// Where a segment belongs.
  package struct Hit {
    /// Index in ``FlowTable/flows``.
    package let index: Int
    /// Whether the segment's sender is the flow's low end.
    package let isFromLow: Bool
    /// Index of the sender's host.
    package let host: Int
    /// Index of the connection that follows the flow; `nil` for the rest of the traffic.
    package let connection: Int?
    /// Whether it is still to be decided if the flow is followed.
    package let isUndecided: Bool
  }

  /// Where a segment of a known conversation belongs: in registers, as it is asked for by every packet.
  package struct KnownHit {
    /// Index of the connection that follows the flow; negative for the rest of the traffic.
    package let connection: Int32
    /// Index of the sender's host.
    let host: Int32
    /// Whether the segment's sender is the flow's low end.
    package let isFromLow: Bool
  }

  /// Finds the conversation of a segment without SYN, and notes it there and of its host.
  ///
  /// - Parameters:
  ///   - ends: Its sender and receiver.
  ///   - timeToLive: How far it came; `nil` for a reset, which somebody on the way may have sent.
  ///   - moment: Its frame and time.
  ///   - hosts: Where its sender is.
  /// - Returns: Where the flow is; `nil`, with nothing noted, where it is for ``find(_:from:to:moment:host:)``,
  ///   because the flow is new, lacks a sequence number, or may yet be followed.
  package mutating func takeKnown(
    _ ends: PlainEnds,
    timeToLive: UInt8?,
    at moment: Moment,
    hosts: inout HostTable
  ) -> KnownHit? {
    guard let isFromLow = turn(to: ends),
      let hit = flows[latest].noteKnown(isFromLow: isFromLow, at: moment.time)
    else { return nil }
    hosts.note(
      0 <= hit.connection ? .rdp : .tcp,
      timeToLive: timeToLive,
      host: Int(hit.host),
      at: moment
    )
    return hit
  }

  /// Makes the conversation between two ends the latest.
  ///
  /// - Returns: Whether the first is its low end; `nil` where there is none.
  @inline(__always)
  private mutating func turn(to ends: PlainEnds) -> Bool? {
    if let latestEnds {
      // Who speaks to itself from one port is the high end.
      let isFromHigh = ends == latestEnds.reversed
      if isFromHigh || ends == latestEnds { return !isFromHigh }
    }
    return seek(ends)
  }

  /// ``turn(to:)`` by way of the slots.
  @inline(never)
  private mutating func seek(_ ends: PlainEnds) -> Bool? {
    let sender = Endpoint(address: IPAddress(ipv4: ends.source), port: ends.sourcePort)
    let receiver = Endpoint(address: IPAddress(ipv4: ends.destination), port: ends.destinationPort)
    guard let index = place(of: sender, receiver).index else { return nil }
    latest = index
    let isFromLow = !flows[index].isHigh(sender)
    latestEnds = isFromLow ? ends : ends.reversed
    return isFromLow
  }

  /// Finds or opens the conversation of a segment.
  ///
  /// - Parameters:
  ///   - segment: Its header.
  ///   - source: Its sender.
  ///   - destination: Its receiver.
  ///   - moment: Its frame and time.
  ///   - host: Gives the host index of an address, asked only for a new flow.
  /// - Returns: Where the flow is, and which of its ends sent the segment.
  package mutating func find(
    _ segment: TCPSegment,
    from source: IPAddress,
    to destination: IPAddress,
    moment: Moment,
    host: (IPAddress) -> Int
  ) -> Hit {
    let sender = Endpoint(address: source, port: segment.sourcePort)
    let receiver = Endpoint(address: destination, port: segment.destinationPort)
    if let hit = take(segment, from: sender, to: receiver, moment: moment, in: latest) {
      return hit
    }
    if let index = place(of: sender, receiver).index,
      let hit = take(segment, from: sender, to: receiver, moment: moment, in: index)
    {
      latest = index
      return hit
    }
    let isFromLow = open(sender, receiver, at: moment, host: host)
    flows[flows.count - 1].note(segment, isFromLow: isFromLow, moment: moment)
    return hit(flows.count - 1, isFromLow: isFromLow)
  }

  /// Finds the conversation of a segment that an ICMP error quotes; opens one where Wireshark
  /// does.
  ///
  /// The quoted sequence number tells a new conversation from a known one but is not remembered.
  ///
  /// - Parameters:
  ///   - quoted: The quoted header.
  ///   - canOpen: Whether the error is one of those whose quotes Wireshark counts.
  ///   - moment: The error's frame and time.
  ///   - host: Gives the host index of an address, asked only for a new flow.
  /// - Returns: Where the flow is, and which of its ends sent the quoted segment; `nil` when there
  ///   is none and none is opened, or when it is not TCP.
  package mutating func find(
    _ quoted: QuotedSegment,
    canOpen: Bool,
    moment: Moment,
    host: (IPAddress) -> Int
  ) -> Hit? {
    guard quoted.protocolNumber == 6, let sourcePort = quoted.sourcePort,
      let destinationPort = quoted.destinationPort
    else { return nil }
    let source = Endpoint(address: quoted.source, port: sourcePort)
    let destination = Endpoint(address: quoted.destination, port: destinationPort)
    if let index = place(of: source, destination).index {
      let isFromLow = !flows[index].isHigh(source)
      let isContinued = flows[index].isContinued(
        by: quoted.flags ?? [],
        sequence: quoted.sequence ?? 0,
        isFromLow: isFromLow
      )
      if isContinued || !canOpen {
        return hit(index, isFromLow: isFromLow)
      }
    }
    guard canOpen, quoted.flags != nil else { return nil }
    let isFromLow = open(source, destination, at: moment, host: host)
    return hit(flows.count - 1, isFromLow: isFromLow)
  }

  /// Notes a segment in a flow, where it belongs there: everything in one access to the flow.
  @inline(__always)
  private mutating func take(
    _ segment: TCPSegment,
    from sender: Endpoint,
    to receiver: Endpoint,
    moment: Moment,
    in index: Int
  ) -> Hit? {
    guard flows.indices.contains(index),
      let isFromLow = flows[index].take(segment, from: sender, to: receiver, moment: moment)
    else { return nil }
    return hit(index, isFromLow: isFromLow)
  }

  @inline(__always)
  private func hit(_ index: Int, isFromLow: Bool) -> Hit {
    let connection = flows[index].connection
    return Hit(
      index: index,
      isFromLow: isFromLow,
      host: isFromLow ? flows[index].lowHost : flows[index].highHost,
      connection: connection,
      isUndecided: connection == nil && !flows[index].isExamined
    )
  }

  /// Opens a conversation; says whether the sender is its low end.
  private mutating func open(
    _ sender: Endpoint,
    _ receiver: Endpoint,
    at moment: Moment,
    host: (IPAddress) -> Int
  ) -> Bool {
    let isFromLow = sender.precedes(receiver)
    let (low, high) = isFromLow ? (sender, receiver) : (receiver, sender)
    insert(
      Flow(
        low: low,
        high: high,
        stream: nextStream,
        lowHost: host(low.address),
        highHost: host(high.address),
        first: moment,
        last: moment.time
      )
    )
    nextStream += 1
    return isFromLow
  }

  /// A conversation by its index.
  package subscript(index: Int) -> Flow {
    get { flows[index] }
    _modify { yield &flows[index] }
  }

  private mutating func insert(_ flow: Flow) {
    if limit <= flows.count { fold(before: flow.first.time) }
    slots.set(flows.count, at: place(of: flow.low, flow.high))
    // Grown once and for all: doubling would hold the table twice.
    if flows.count == Self.reservedAt { flows.reserveCapacity(limit) }
    latest = flows.count
    flows.append(flow)
  }

  /// Where the newest flow between two ends is, or would go.
  @inline(__always)
  private func place(of one: Endpoint, _ other: Endpoint) -> SlotTable.Place {
    slots.place(of: one, other) { flows[$0].connects(one, other) }
  }

  /// Makes room: flows that nothing follows go first, the older half of them.
  private mutating func fold(before now: Timestamp) {
    let expendableCount = flows.reduce(0) { $0 + ($1.connection == nil ? 1 : 0) }
    var surplus = max(1, expendableCount / 2)
    var kept = 0
    for index in flows.indices {
      if 0 < surplus, flows[index].connection == nil {
        surplus -= 1
        foldedCount += 1
      } else {
        if kept < index { flows[kept] = flows[index] }
        kept += 1
      }
    }
    flows.removeLast(flows.count - kept)
    number()
  }

  private mutating func number() {
    latest = -1
    slots.removeAll()
    for index in flows.indices {
      slots.set(index, at: place(of: flows[index].low, flows[index].high))
    }
  }

  /// Forgets the conversations that nothing follows and that were last heard before a moment.
  ///
  /// - Parameters:
  ///   - cutoff: The moment.
  ///   - connection: The new index of each followed connection, by its old one; `nil` for one that
  ///     is followed no more.
  package mutating func forget(before cutoff: Timestamp, connection: [Int?]) {
    for index in flows.indices {
      guard let old = flows[index].connection else { continue }
      flows[index].connection = connection[old]
      // Its late segments open no new connection.
      if connection[old] == nil { flows[index].isExamined = true }
    }
    flows.removeAll { $0.connection == nil && $0.last < cutoff }
    number()
  }

  /// Gives the conversations' ends the new indices of their hosts, by their old ones.
  package mutating func renumberHosts(_ indices: [Int]) {
    for index in flows.indices {
      let (low, high) = (flows[index].lowHost, flows[index].highHost)
      flows[index].lowHost = low < 0 ? -1 : indices[low]
      flows[index].highHost = high < 0 ? -1 : indices[high]
    }
  }
}

extension Endpoint {
  fileprivate func precedes(_ other: Endpoint) -> Bool {
    address == other.address ? port < other.port : address < other.address
  }
}
