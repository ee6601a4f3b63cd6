package import Packets
import Wire

/// What one side of a TCP connection sent, and what its peer acknowledged of it.
package struct TCPHalf: Sendable {
  /// Distinct retransmitted ranges kept for one side; more tell nothing new.
  package static let maximumRetransmissions = 32
  /// Repeats kept for one range: more than any stack makes before it gives up.
  package static let maximumRepeats = 20

  // What nearly every segment touches comes first: side by side it takes fewer cache lines.

  /// Puts its octets in order.
  var stream = StreamAssembler()
  var copies = CopyFilter()
  /// The unwrapped sequence space; `nil` until the side, or an acknowledgment of it, was seen.
  package internal(set) var sequence: SequenceSpace?
  /// Offset up to which the peer acknowledged.
  package internal(set) var acknowledged = 0
  /// Segments, repeats and resets included.
  package internal(set) var segmentCount = 0
  /// New octets sent: repeats do not count.
  package internal(set) var byteCount = 0
  /// Payload of the largest segment, in octets: above the MSS where the host's card cuts it.
  package internal(set) var largestPayload = 0
  /// Largest payload that the peer acknowledged.
  package internal(set) var largestAcknowledgedPayload = 0
  /// The last ranges sent.
  var recentSends = RecentSends()
  /// Ranges that were sent again.
  package internal(set) var retransmissions: [Retransmission] = []
  /// Probes since the peer was last heard.
  package internal(set) var unansweredKeepAlives: [Moment] = []
  /// Last advertised window, not scaled.
  package internal(set) var window: UInt16 = 0
  /// Identification of the last segment that was not a reset.
  package internal(set) var lastIdentification: UInt16?
  /// Smallest and largest time to live on segments other than resets.
  package internal(set) var timeToLive: ClosedRange<UInt8>?
  /// What was seen so far of what is seen once: the moments themselves are further on.
  var seen: Seen = []
  private var lastSegment = Moment.never
  private var lastDataSegment = Moment.never

  /// The last segment.
  package internal(set) var last: Moment? {
    get { lastSegment.ifSeen }
    set { lastSegment = newValue ?? .never }
  }
  /// The last segment with octets that were new.
  package internal(set) var lastData: Moment? {
    get { lastDataSegment.ifSeen }
    set { lastDataSegment = newValue ?? .never }
  }
  /// The first segment.
  package internal(set) var first: Moment?
  /// The first segment without SYN: the peer had answered, seen or not.
  package internal(set) var firstAfterSYN: Moment?
  /// The first segment with octets that were new.
  package internal(set) var firstData: Moment?
  /// Since when the window is closed; `nil` while it is open.
  package internal(set) var zeroWindowSince: Moment?
  /// The first FIN.
  package internal(set) var finish: Moment?
  /// The acknowledgment of one number more than was captured: a FIN that the capture lacks.
  package internal(set) var unseenFinish: Moment?

  /// The side's address and port.
  package internal(set) var endpoint: Endpoint
  /// The SYN's or SYN-ACK's options; `nil` when it was not seen.
  package internal(set) var options: TCPOptions?
  /// The first SYN or SYN-ACK.
  package internal(set) var synchronization: Moment?
  /// Segments that repeated octets.
  package internal(set) var retransmissionCount = 0
  /// Segments that came late but were not repeats.
  package internal(set) var outOfOrderCount = 0
  /// Probes of an idle connection.
  package internal(set) var keepAliveCount = 0
  /// Times the side closed its receive window.
  package internal(set) var zeroWindowCount = 0
  /// Longest time that the window stayed closed, in seconds, ended or not.
  package internal(set) var longestZeroWindow = 0.0

  /// Things that are noted the first time.
  struct Seen: OptionSet {
    let rawValue: UInt8

    /// ``TCPHalf/first`` and ``TCPHalf/firstAfterSYN``.
    static var beginning: Seen { Seen(rawValue: 1) }
    /// ``TCPHalf/firstData``.
    static var data: Seen { Seen(rawValue: 2) }
    /// ``TCPHalf/zeroWindowSince``.
    static var zeroWindow: Seen { Seen(rawValue: 4) }
    /// ``TCPHalf/unseenFinish``.
    static var unseenFinish: Seen { Seen(rawValue: 8) }
    /// One of ``TCPHalf/retransmissions`` that is not acknowledged.
    static var lostRange: Seen { Seen(rawValue: 16) }
  }

  package init(endpoint: Endpoint) { self.endpoint = endpoint }

  /// Octets that the peer has not acknowledged.
  package var unacknowledgedCount: Int { max(0, (sequence?.end ?? 0) - acknowledged) }

  /// The last repeat of anything.
  package var lastRepeat: Moment? {
    retransmissions.compactMap(\.repeats.last).max { $0.frame < $1.frame }
  }

  /// Ranges sent again and never acknowledged.
  package var lostRanges: [Retransmission] {
    // Nearly every connection has none, though it may have sent many again.
    seen.contains(.lostRange) ? retransmissions.filter { !$0.isAcknowledged } : []
  }

  @inline(__always)
  mutating func noteSender(_ observed: ObservedSegment) {
    if !seen.contains(.beginning) { noteBeginning(observed) }
    last = observed.moment
    segmentCount += 1
    guard !observed.segment.flags.contains(.rst) else { return }
    let ttl = observed.timeToLive
    if let range = timeToLive {
      if !range.contains(ttl) {
        timeToLive = min(range.lowerBound, ttl)...max(range.upperBound, ttl)
      }
    } else {
      timeToLive = ttl...ttl
    }
    lastIdentification = observed.identification
    noteWindow(observed)
  }

  private mutating func noteBeginning(_ observed: ObservedSegment) {
    if first == nil { first = observed.moment }
    guard !observed.segment.flags.contains(.syn) else { return }
    firstAfterSYN = observed.moment
    seen.insert(.beginning)
  }

  private mutating func noteWindow(_ observed: ObservedSegment) {
    window = observed.segment.window
    guard window == 0 || seen.contains(.zeroWindow) else { return }
    noteClosedWindow(observed)
  }

  private mutating func noteClosedWindow(_ observed: ObservedSegment) {
    guard !observed.segment.flags.contains(.syn) else { return }
    if window == 0 {
      if zeroWindowSince == nil {
        zeroWindowSince = observed.moment
        seen.insert(.zeroWindow)
        zeroWindowCount += 1
      }
    }
    if let since = zeroWindowSince {
      longestZeroWindow = max(longestZeroWindow, observed.moment.time.seconds(since: since.time))
      if window != 0 {
        zeroWindowSince = nil
        seen.remove(.zeroWindow)
      }
    }
  }

  /// Records that the peer was heard, and so has answered the probes sent to it.
  mutating func notePeerHeard() {
    // Emptying an empty array costs as much as the rest of a segment.
    if !unansweredKeepAlives.isEmpty { unansweredKeepAlives.removeAll(keepingCapacity: true) }
  }

  /// Records that the peer acknowledged everything before `offset`.
  @inline(__always)
  mutating func noteAcknowledged(upTo offset: Int) {
    guard acknowledged < offset else { return }
    acknowledged = offset
    if largestAcknowledgedPayload < largestPayload {
      largestAcknowledgedPayload = max(
        largestAcknowledgedPayload,
        recentSends.largest(endingBy: offset)
      )
    }
    if seen.contains(.lostRange) { settleRetransmissions(upTo: offset) }
  }

  private mutating func settleRetransmissions(upTo offset: Int) {
    seen.remove(.lostRange)
    for index in retransmissions.indices where !retransmissions[index].isAcknowledged {
      let range = retransmissions[index]
      if range.offset + range.byteCount <= offset {
        retransmissions[index].isAcknowledged = true
      } else {
        seen.insert(.lostRange)
      }
    }
  }

  mutating func noteRetransmission(offset: Int, byteCount: Int, moment: Moment) {
    retransmissionCount += 1
    if let index = retransmissions.lastIndex(where: {
      $0.offset <= offset && offset < $0.offset + max(1, $0.byteCount)
    }) {
      guard retransmissions[index].repeats.count < Self.maximumRepeats else { return }
      retransmissions[index].repeats.append(moment)
      return
    }
    let isSpurious = 0 <= offset && offset + byteCount <= acknowledged
    if retransmissions.count == Self.maximumRetransmissions {
      guard let settled = retransmissions.firstIndex(where: \.isAcknowledged) else { return }
      retransmissions.remove(at: settled)
    }
    retransmissions.append(
      Retransmission(
        offset: offset,
        byteCount: byteCount,
        original: offset < 0 ? synchronization : recentSends.moment(of: offset),
        repeats: [moment],
        isSpurious: isSpurious,
        isAcknowledged: isSpurious
      )
    )
    if !isSpurious { seen.insert(.lostRange) }
  }
}
