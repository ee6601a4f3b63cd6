import Packets
package import Wire

/// What is kept of every TCP conversation of the capture, RDP or not: enough to number it as
/// Wireshark does, to see RDP begin in it, and no more.
package struct Flow: Sendable {
  // There may be a million of these: the widths are chosen so that one takes 96 octets, and what
  // nearly every segment touches comes first, so that it takes fewer cache lines.
  private let lowAddress: IPAddress
  private let highAddress: IPAddress
  private let lowPort: UInt16
  private let highPort: UInt16
  private var connectionIndex: Int32 = -1
  /// Time of the last packet.
  package private(set) var last: Timestamp
  private var lowHostIndex: Int32
  private var highHostIndex: Int32
  private var marks: Marks = []
  package internal(set) var earlyCount: UInt8 = 0
  /// The flow's segments in ``EarlySegments``, and the newest of them.
  var lastEarly: UInt32 = 0
  private var lowBase: UInt32 = 0
  private var highBase: UInt32 = 0
  /// The number that Wireshark gives as `tcp.stream`.
  package let stream: Int
  /// First packet.
  package let first: Moment

  private struct Marks: OptionSet {
    let rawValue: UInt8

    static let lowIsClient = Marks(rawValue: 0x02)
    static let highIsClient = Marks(rawValue: 0x04)
    /// The first octets were looked at: whether the flow is followed is decided.
    static let examined = Marks(rawValue: 0x08)
    static let hasLowBase = Marks(rawValue: 0x10)
    static let hasHighBase = Marks(rawValue: 0x20)
    static let hasBases = Marks(rawValue: 0x30)
  }

  init(
    low: Endpoint,
    high: Endpoint,
    stream: Int,
    lowHost: Int,
    highHost: Int,
    first: Moment,
    last: Timestamp
  ) {
    lowAddress = low.address
    highAddress = high.address
    lowPort = low.port
    highPort = high.port
    self.stream = stream
    lowHostIndex = Int32(truncatingIfNeeded: lowHost)
    highHostIndex = Int32(truncatingIfNeeded: highHost)
    self.first = first
    self.last = last
  }

  /// The end with the smaller address and port.
  package var low: Endpoint { Endpoint(address: lowAddress, port: lowPort) }
  /// The other end.
  package var high: Endpoint { Endpoint(address: highAddress, port: highPort) }
  /// Whether the conversation is between two ends, whichever is named first.
  @inline(__always)
  func connects(_ one: Endpoint, _ other: Endpoint) -> Bool {
    isHigh(one) ? isLow(other) : isLow(one) && isHigh(other)
  }

  /// Whether an end is the one with the larger address and port.
  @inline(__always)
  func isHigh(_ end: Endpoint) -> Bool { end.port == highPort && end.address == highAddress }

  @inline(__always)
  private func isLow(_ end: Endpoint) -> Bool { end.port == lowPort && end.address == lowAddress }

  /// Index of the low end's host, so that a packet's activity is noted without a look-up.
  package internal(set) var lowHost: Int {
    get { Int(lowHostIndex) }
    set { lowHostIndex = Int32(truncatingIfNeeded: newValue) }
  }
  /// Index of the high end's host.
  package internal(set) var highHost: Int {
    get { Int(highHostIndex) }
    set { highHostIndex = Int32(truncatingIfNeeded: newValue) }
  }

  /// Index of the connection that follows this flow; `nil` for the rest of the traffic.
  package var connection: Int? {
    get { connectionIndex < 0 ? nil : Int(connectionIndex) }
    set { connectionIndex = newValue.map { Int32(truncatingIfNeeded: $0) } ?? -1 }
  }

  /// Whether the low end sent the SYN; `nil` when the capture did not see who did.
  package var lowIsClient: Bool? {
    if marks.contains(.lowIsClient) { return true }
    return marks.contains(.highIsClient) ? false : nil
  }

  /// Whether the first octets were looked at.
  package var isExamined: Bool {
    get { marks.contains(.examined) }
    set { if newValue { marks.insert(.examined) } else { marks.remove(.examined) } }
  }

  /// Whether a segment belongs to this conversation, by Wireshark 4.0's rule: a SYN with another
  /// initial sequence number opens a new one, and nothing else does.
  @inline(__always)
  func isContinued(by flags: TCPFlags, sequence: UInt32, isFromLow: Bool) -> Bool {
    guard flags.contains(.syn), !flags.contains(.ack) else { return true }
    guard hasBase(ofLow: isFromLow) else { return true }
    return (isFromLow ? lowBase : highBase) == sequence
  }

  /// Takes a segment that belongs to this conversation.
  ///
  /// - Returns: Whether its sender is the low end; `nil` when it does not belong here, and nothing is
  ///   noted.
  @inline(__always)
  mutating func take(
    _ segment: TCPSegment,
    from sender: Endpoint,
    to receiver: Endpoint,
    moment: Moment
  ) -> Bool? {
    let isFromLow = !isHigh(sender)
    guard connects(sender, receiver),
      isContinued(by: segment.flags, sequence: segment.sequence, isFromLow: isFromLow)
    else { return nil }
    note(segment, isFromLow: isFromLow, moment: moment)
    return isFromLow
  }

  /// Notes a segment without SYN of this conversation, where all is known that a first one tells.
  ///
  /// - Returns: Where it belongs; `nil`, with nothing noted, where not all is known.
  @inline(__always)
  mutating func noteKnown(isFromLow: Bool, at time: Timestamp) -> FlowTable.KnownHit? {
    guard marks.isSuperset(of: .hasBases), 0 <= connectionIndex || isExamined else { return nil }
    last = time
    return FlowTable.KnownHit(
      connection: connectionIndex,
      host: isFromLow ? lowHostIndex : highHostIndex,
      isFromLow: isFromLow
    )
  }

  @inline(__always)
  mutating func note(_ segment: TCPSegment, isFromLow: Bool, moment: Moment) {
    last = moment.time
    guard segment.flags.contains(.syn) || !marks.contains(.hasBases) else { return }
    noteBeginning(segment, isFromLow: isFromLow)
  }

  private mutating func noteBeginning(_ segment: TCPSegment, isFromLow: Bool) {
    if segment.flags.contains(.syn) {
      let senderIsClient = !segment.flags.contains(.ack)
      if lowIsClient == nil {
        marks.insert(senderIsClient == isFromLow ? .lowIsClient : .highIsClient)
      }
    }
    guard segment.isHeaderWhole else { return }
    if segment.flags.contains(.syn) {
      setBase(segment.sequence, ofLow: isFromLow)
    } else if !hasBase(ofLow: isFromLow) {
      setBase(segment.sequence &- 1, ofLow: isFromLow)
    }
    if segment.flags.contains(.ack), !hasBase(ofLow: !isFromLow) {
      setBase(segment.acknowledgment &- 1, ofLow: !isFromLow)
    }
  }

  private func hasBase(ofLow: Bool) -> Bool {
    marks.contains(ofLow ? .hasLowBase : .hasHighBase)
  }

  private mutating func setBase(_ base: UInt32, ofLow: Bool) {
    marks.insert(ofLow ? .hasLowBase : .hasHighBase)
    if ofLow { lowBase = base } else { highBase = base }
  }
}
