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
  /// Source 2, destination 2.
  private let ports: UInt32
  /// Control bits 16, window 16.
  private let control: UInt32
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
    ports = UInt32(segment.sourcePort) << 16 | UInt32(segment.destinationPort)
    control = UInt32(segment.flags.rawValue) << 16 | UInt32(segment.window)
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
        sourcePort: UInt16(truncatingIfNeeded: ports >> 16),
        destinationPort: UInt16(truncatingIfNeeded: ports),
        sequence: sequence,
        acknowledgment: acknowledgment,
        flags: TCPFlags(rawValue: UInt16(truncatingIfNeeded: control >> 16)),
        window: UInt16(truncatingIfNeeded: control),
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

  /// What of its connection a segment touches.
  struct Touch: Equatable {
    let connection: Int32
    let isFromClient: Bool
    let hasOctets: Bool
  }

  /// What of its connection it touches.
  @inline(__always)
  var touch: Touch {
    Touch(
      connection: connection,
      isFromClient: marks.contains(.isFromClient),
      hasOctets: hasOctets
    )
  }

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
