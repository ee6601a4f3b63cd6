package import Packets
import Wire

/// Every TCP conversation of the capture, numbered as Wireshark numbers `tcp.stream`.
///
/// Open addressing over an array of flows: a look-up costs one hash and, nearly always, one
/// comparison.
package struct FlowTable {
  /// Conversations held.
  ///
  /// Beyond it, those that never got past their SYN are dropped, oldest first,
  /// and stream numbers are no longer promised to equal Wireshark's.
  package static let maximumFlows = 1_000_000

  /// From so many on the table has room for all of them.
  private static let reservedAt = 1 << 16

  package private(set) var flows: [Flow] = []
  /// Conversations that were dropped at ``maximumFlows``.
  package private(set) var foldedCount = 0
  private var slots: [Int32]
  private var nextStream = 0
  private let seed: UInt64

  /// An empty table.
  package init() {
    slots = Array(repeating: -1, count: 1 << 12)
    var generator = SystemRandomNumberGenerator()
    // Chosen anew in each run, so that nobody can make all keys of a capture collide.
    seed = generator.next()
  }

  /// Where a segment belongs.
  package struct Hit {
    /// Index in ``FlowTable/flows``.
    package let index: Int
    /// Whether the segment's sender is the flow's low end.
    package let isFromLow: Bool
    /// Whether the segment opened the flow.
    package let isNew: Bool
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
    if let slot = slot(of: low, high), slots[slot] >= 0 {
      let index = Int(slots[slot])
      if flows[index].isContinued(
        by: segment.flags,
        sequence: segment.sequence,
        isFromLow: isFromLow
      ) {
        flows[index].note(segment, isFromLow: isFromLow, moment: moment)
        return Hit(index: index, isFromLow: isFromLow, isNew: false)
      }
    }
    open(low, high, at: moment, host: host)
    flows[flows.count - 1].note(segment, isFromLow: isFromLow, moment: moment)
    return Hit(index: flows.count - 1, isFromLow: isFromLow, isNew: true)
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
    let isFromLow = source.precedes(destination)
    let (low, high) = isFromLow ? (source, destination) : (destination, source)
    if let slot = slot(of: low, high), slots[slot] >= 0 {
      let index = Int(slots[slot])
      let isContinued = flows[index].isContinued(
        by: quoted.flags ?? [],
        sequence: quoted.sequence ?? 0,
        isFromLow: isFromLow
      )
      if isContinued || !canOpen {
        return Hit(index: index, isFromLow: isFromLow, isNew: false)
      }
    }
    guard canOpen, quoted.flags != nil else { return nil }
    open(low, high, at: moment, host: host)
    return Hit(index: flows.count - 1, isFromLow: isFromLow, isNew: true)
  }

  private mutating func open(
    _ low: Endpoint,
    _ high: Endpoint,
    at moment: Moment,
    host: (IPAddress) -> Int
  ) {
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
    if slots.count < (flows.count + 1) * 2 { rebuild(capacity: slots.count * 2) }
    // Grown once and for all: doubling would hold the table twice.
    if flows.count == Self.reservedAt { flows.reserveCapacity(Self.maximumFlows) }
    flows.append(flow)
    guard let slot = slot(of: flow.low, flow.high) else { return }
    slots[slot] = Int32(truncatingIfNeeded: flows.count - 1)
  }

  /// The slot that holds the newest flow between two ends, or the free one where it would go.
  private func slot(of low: Endpoint, _ high: Endpoint) -> Int? {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash(low, high)) & mask
    for _ in 0...mask {
      let index = slots[slot]
      if index < 0 { return slot }
      if flows[Int(index)].low == low, flows[Int(index)].high == high { return slot }
      slot = (slot + 1) & mask
    }
    return nil
  }

  private func hash(_ low: Endpoint, _ high: Endpoint) -> UInt64 {
    var hash = seed
    for word in [
      low.address.low, low.address.high ^ UInt64(low.port), high.address.low,
      high.address.high ^ UInt64(high.port) << 16,
    ] {
      let product = (hash ^ word).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
      hash = product.high ^ product.low
    }
    return hash
  }

  private mutating func rebuild(capacity: Int) {
    slots = Array(repeating: -1, count: capacity)
    for index in flows.indices {
      guard let slot = slot(of: flows[index].low, flows[index].high) else { continue }
      slots[slot] = Int32(truncatingIfNeeded: index)
    }
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
    rebuild(capacity: slots.count)
  }
}

extension Endpoint {
  fileprivate func precedes(_ other: Endpoint) -> Bool {
    address == other.address ? port < other.port : address < other.address
  }
}
