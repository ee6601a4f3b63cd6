package import Packets
import Wire

/// Every TCP conversation of the capture, numbered as Wireshark numbers `tcp.stream`.
package struct FlowTable {
  /// Conversations held.
  ///
  /// Beyond it, those that never got past their SYN are dropped, oldest first,
  /// and stream numbers are no longer promised to equal Wireshark's.
  package static let maximumFlows = 1_000_000

  package private(set) var flows: ContiguousArray<Flow> = []
  /// Conversations that were dropped at ``maximumFlows``.
  package private(set) var foldedCount = 0
  private var slots = SlotTable()
  private var nextStream = 0

  /// An empty table.
  package init() {}

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

    init(_ flow: Flow, index: Int, isFromLow: Bool) {
      self.index = index
      self.isFromLow = isFromLow
      host = isFromLow ? flow.lowHost : flow.highHost
      connection = flow.connection
      isUndecided = flow.connection == nil && !flow.isExamined
    }
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
    let isFromLow = sender.precedes(receiver)
    let (low, high) = isFromLow ? (sender, receiver) : (receiver, sender)
    if let index = place(of: low, high).index,
      flows[index].isContinued(by: segment, isFromLow: isFromLow)
    {
      flows[index].note(segment, isFromLow: isFromLow, moment: moment)
      return Hit(flows[index], index: index, isFromLow: isFromLow)
    }
    var flow = Flow(
      low: low,
      high: high,
      stream: nextStream,
      lowHost: host(low.address),
      highHost: host(high.address),
      first: moment,
      last: moment.time
    )
    nextStream += 1
    flow.note(segment, isFromLow: isFromLow, moment: moment)
    insert(flow)
    return Hit(flow, index: flows.count - 1, isFromLow: isFromLow)
  }

  /// The conversation between two ends, without opening one; `nil` when there is none.
  package func find(_ one: Endpoint, _ other: Endpoint) -> Hit? {
    let isFromLow = one.precedes(other)
    let (low, high) = isFromLow ? (one, other) : (other, one)
    guard let index = place(of: low, high).index else { return nil }
    return Hit(flows[index], index: index, isFromLow: isFromLow)
  }

  /// Opens a conversation that only an ICMP error speaks of; its sequence numbers count for
  /// nothing, as in Wireshark.
  package mutating func open(
    _ source: Endpoint,
    _ destination: Endpoint,
    at moment: Moment,
    host: (IPAddress) -> Int
  ) {
    let isFromLow = source.precedes(destination)
    let (low, high) = isFromLow ? (source, destination) : (destination, source)
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
  }

  /// A conversation by its index.
  package subscript(index: Int) -> Flow {
    get { flows[index] }
    _modify { yield &flows[index] }
  }

  private mutating func insert(_ flow: Flow) {
    if flows.count == Self.maximumFlows { fold(before: flow.first.time) }
    slots.set(flows.count, at: place(of: flow.low, flow.high))
    flows.append(flow)
  }

  /// Where the newest flow between two ends is, or would go.
  @inline(__always)
  private func place(of low: Endpoint, _ high: Endpoint) -> SlotTable.Place {
    slots.place(of: low, high) { flows[$0].low == low && flows[$0].high == high }
  }

  /// Makes room: flows that nothing follows go first, the older half of them.
  private mutating func fold(before now: Timestamp) {
    let expendable = flows.indices.filter { flows[$0].connection == nil }
    let dropped = Set(expendable.prefix(max(1, expendable.count / 2)))
    foldedCount += dropped.count
    flows = ContiguousArray(flows.indices.filter { !dropped.contains($0) }.map { flows[$0] })
    slots.removeAll()
    for index in flows.indices {
      slots.set(index, at: place(of: flows[index].low, flows[index].high))
    }
  }
}

extension Endpoint {
  fileprivate func precedes(_ other: Endpoint) -> Bool {
    address == other.address ? port < other.port : address < other.address
  }
}
