import Packets
import Streams
import Wire

/// A segment of a followed connection, and where its octets are.
///
/// One line of the processor's cache, for these are written by the million in one thread and read in
/// another: nothing is kept that the rest tells.
struct FollowedSegment {
  // INVARIANT: its stride is 64 octets.
  /// What its offsets refer to.
  private let octets: LentOctets
  private let moment: Moment
  /// The connection's number, in the order in which connections were followed.
  let connection: Int32
  private let sequence: UInt32
  private let acknowledgment: UInt32
  private let payloadOffset: UInt32
  private let payloadLength: UInt32
  private let capturedPayloadLength: UInt32
  private let sourcePort: UInt16
  private let destinationPort: UInt16
  private let window: UInt16
  private let flags: TCPFlags
  private let identification: UInt16
  private let timeToLive: UInt8
  /// Options end where the payload begins, and have 40 octets at most.
  private let optionsLength: UInt8
  private let marks: Marks

  private struct Marks: OptionSet {
    let rawValue: UInt8

    static var isFromClient: Marks { Marks(rawValue: 1) }
    static var hasIdentification: Marks { Marks(rawValue: 2) }
    static var isHeaderWhole: Marks { Marks(rawValue: 4) }
  }

  /// Keeps a segment.
  ///
  /// - Parameters:
  ///   - observed: What was seen of it.
  ///   - octets: What its offsets refer to.
  ///   - connection: The number of its connection.
  @inline(__always)
  init(_ observed: ObservedSegment, in octets: Span<UInt8>, of connection: Int) {
    let segment = observed.segment
    self.octets = LentOctets(octets)
    moment = observed.moment
    self.connection = Int32(truncatingIfNeeded: connection)
    sequence = segment.sequence
    acknowledgment = segment.acknowledgment
    payloadOffset = UInt32(truncatingIfNeeded: segment.payloadOffset)
    payloadLength = UInt32(truncatingIfNeeded: segment.payloadLength)
    capturedPayloadLength = UInt32(truncatingIfNeeded: segment.capturedPayloadLength)
    sourcePort = segment.sourcePort
    destinationPort = segment.destinationPort
    window = segment.window
    flags = segment.flags
    identification = observed.identification ?? 0
    timeToLive = observed.timeToLive
    optionsLength = UInt8(truncatingIfNeeded: segment.optionsLength)
    marks = Marks(
      rawValue: (observed.side == .client ? Marks.isFromClient.rawValue : 0)
        | (observed.identification == nil ? 0 : Marks.hasIdentification.rawValue)
        | (segment.isHeaderWhole ? Marks.isHeaderWhole.rawValue : 0)
    )
  }

  /// What was seen of the segment.
  @inline(__always)
  private var observed: ObservedSegment {
    ObservedSegment(
      segment: TCPSegment(
        sourcePort: sourcePort,
        destinationPort: destinationPort,
        sequence: sequence,
        acknowledgment: acknowledgment,
        flags: flags,
        window: window,
        optionsOffset: Int(payloadOffset) - Int(optionsLength),
        optionsLength: Int(optionsLength),
        payloadOffset: Int(payloadOffset),
        payloadLength: Int(payloadLength),
        capturedPayloadLength: Int(capturedPayloadLength),
        isHeaderWhole: marks.contains(.isHeaderWhole)
      ),
      side: side,
      moment: moment,
      timeToLive: timeToLive,
      identification: marks.contains(.hasIdentification) ? identification : nil
    )
  }

  /// Who sent it.
  @inline(__always)
  var side: Side { marks.contains(.isFromClient) ? .client : .server }

  /// Whether it brought octets.
  @inline(__always)
  var hasOctets: Bool { 0 < capturedPayloadLength }

  /// Has the memory fetched in which its payload begins.
  @inline(__always)
  func approachPayload() { octets.approach(Int(payloadOffset)) }

  /// Hands the segment on, with its packet's octets up to the end of its payload.
  @inline(__always)
  func withOctets(_ body: (ObservedSegment, Span<UInt8>) -> Void) {
    octets.withSpan(of: Int(payloadOffset) + Int(capturedPayloadLength)) { body(observed, $0) }
  }
}
