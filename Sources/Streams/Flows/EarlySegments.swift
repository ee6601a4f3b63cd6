package import Packets
import Wire

/// The segments of flows whose first octets are still to come: handshakes, mostly.
///
/// RDP on a port that nobody named shows itself with its first octets only; what TCP said before
/// is then taken from here. One ring for all flows, so that nothing is allocated for a flow and a
/// flood costs no more than the ring.
package struct EarlySegments {
  /// Segments held, of all flows together; the oldest are overwritten.
  ///
  /// Enough for the handshakes of twenty thousand connections that wait for their first octets.
  package static let capacity = 1 << 16
  /// Segments held of one flow; later ones are not kept.
  ///
  /// Enough for a handshake with every repeat that stacks make.
  package static let maximumPerFlow: UInt8 = 16
  /// Octets of options in a TCP header at most.
  private static let maximumOptionsLength = 40

  /// Flows that were recognised after their handshake had been overwritten.
  package private(set) var lostCount = 0
  private var entries: [Entry] = []
  private var nextSerial: UInt32 = 0

  fileprivate struct Entry {
    /// The flow's own number, and this entry's: together they tell an overwritten entry.
    var stream: Int
    var serial: UInt32
    /// The flow's entry before this one.
    var previous: UInt32
    var moment: Moment
    var sequence: UInt32
    var acknowledgment: UInt32
    var payloadLength: Int32
    var flags: UInt16
    var window: UInt16
    var identification: UInt16
    var hasIdentification: Bool
    var isFromLow: Bool
    var timeToLive: UInt8
    var optionsLength: UInt8 = 0
    var options = InlineArray<40, UInt8>(repeating: 0)
  }

  /// An empty ring.
  package init() {}

  /// Keeps a segment without octets.
  ///
  /// - Parameters:
  ///   - segment: Its header.
  ///   - packet: The packet that carries it.
  ///   - bytes: What the header's offsets refer to.
  ///   - isFromLow: Whether the flow's low end sent it.
  ///   - moment: Its frame and time.
  ///   - flow: Its flow, which remembers where the segment is kept.
  package mutating func keep(
    _ segment: TCPSegment,
    of packet: Packet,
    in bytes: Span<UInt8>,
    isFromLow: Bool,
    at moment: Moment,
    for flow: inout Flow
  ) {
    guard flow.earlyCount < Self.maximumPerFlow else { return }
    var entry = Entry(
      stream: flow.stream,
      serial: nextSerial,
      previous: flow.lastEarly,
      moment: moment,
      sequence: segment.sequence,
      acknowledgment: segment.acknowledgment,
      payloadLength: Int32(truncatingIfNeeded: segment.payloadLength),
      flags: segment.flags.rawValue,
      window: segment.window,
      identification: UInt16(truncatingIfNeeded: packet.identification),
      hasIdentification: packet.hasIdentification,
      isFromLow: isFromLow,
      timeToLive: packet.timeToLive
    )
    if segment.flags.contains(.syn) {
      let count = min(segment.optionsLength, Self.maximumOptionsLength)
      for index in 0..<count { entry.options[index] = bytes[segment.optionsOffset + index] }
      entry.optionsLength = UInt8(truncatingIfNeeded: count)
    }
    flow.earlyCount += 1
    flow.lastEarly = nextSerial
    if entries.count < Self.capacity {
      entries.append(entry)
    } else {
      entries[Self.slot(nextSerial)] = entry
    }
    nextSerial &+= 1
  }

  /// What a flow's segments were.
  ///
  /// - Parameters:
  ///   - flow: The flow.
  ///   - lowIsClient: Which end is the client.
  /// - Returns: Each segment in its order, with the octets that its header's offsets refer to: its
  ///   options, where it is a SYN.
  package mutating func segments(
    of flow: Flow,
    lowIsClient: Bool
  ) -> [(observed: ObservedSegment, options: [UInt8])] {
    var found: [(ObservedSegment, [UInt8])] = []
    var serial = flow.lastEarly
    for _ in 0..<flow.earlyCount {
      let slot = Self.slot(serial)
      guard slot < entries.count, entries[slot].serial == serial,
        entries[slot].stream == flow.stream
      else {
        lostCount += 1
        break
      }
      let entry = entries[slot]
      let options = (0..<Int(entry.optionsLength)).map { entry.options[$0] }
      found.append((entry.observed(flow, lowIsClient: lowIsClient), options))
      serial = entry.previous
    }
    return found.reversed()
  }

  private static func slot(_ serial: UInt32) -> Int { Int(serial) & (capacity - 1) }
}

extension EarlySegments.Entry {
  fileprivate func observed(_ flow: Flow, lowIsClient: Bool) -> ObservedSegment {
    let (sender, receiver) = isFromLow ? (flow.low, flow.high) : (flow.high, flow.low)
    return ObservedSegment(
      segment: TCPSegment(
        sourcePort: sender.port,
        destinationPort: receiver.port,
        sequence: sequence,
        acknowledgment: acknowledgment,
        flags: TCPFlags(rawValue: flags),
        window: window,
        optionsOffset: 0,
        optionsLength: Int(optionsLength),
        payloadOffset: Int(optionsLength),
        payloadLength: Int(payloadLength),
        capturedPayloadLength: 0,
        isHeaderWhole: true
      ),
      side: isFromLow == lowIsClient ? .client : .server,
      moment: moment,
      timeToLive: timeToLive,
      identification: hasIdentification ? identification : nil
    )
  }
}
