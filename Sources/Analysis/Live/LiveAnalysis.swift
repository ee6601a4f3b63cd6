package import Capture
package import ChainValidation
package import Decryption
import Diagnosis
import Packets
package import Reports
import Streams
import TLSMessages
package import Timeline
package import Wire

/// The path of ``CaptureAnalysis`` for packets without an end: connections are judged as they end or
/// fall silent, judged anew when more comes, and then forgotten.
///
/// The verdicts are those of the same ``Diagnosis`` over the same ``CaptureTimeline``; only when
/// they are given is decided here. It reads no clock: whoever calls it says how late it is.
///
/// Not copyable: whoever reads one of its properties for each packet shall not copy all of it.
package struct LiveAnalysis: ~Copyable {
  /// Connections that have ended and are kept for what may still be learned of them; beyond it the
  /// oldest are final at once.
  package static let maximumEnded = 2000
  /// TCP conversations known at a time, RDP or not; of more, the oldest that nothing follows go.
  static let maximumFlows = 1 << 18
  /// A step back of the packets' clock, in seconds, beyond what packets of several interfaces
  /// overtake each other by.
  static let clockStep = 5.0
  /// Seconds between two clearings of what is forgotten.
  private static let clearingInterval = 30.0
  /// Connections with a final verdict that are not kept until then.
  private static let clearingCount = 512
  /// Losses of packets remembered, each with its time.
  private static let maximumLosses = 256

  /// What is known of the connections.
  package internal(set) var timeline: CaptureTimeline
  /// What was counted since the beginning.
  package internal(set) var statistics = LiveStatistics()
  /// Whether ``take(_:_:isActivity:)`` says what a packet is to a recorder; without, always `none`.
  package var classifies = false
  private let keys: KeyRing
  let deadlines: Deadlines
  private var decoder = PacketDecoder()
  private let packet = Packet()
  var ledger: VerdictLedger
  private var losses: [Loss] = []
  /// Until when it is known what was lost.
  private var lossesKnownUntil: Timestamp?
  private var notices: [CaptureReport.Warning] = []
  /// Nanoseconds added to packet time, so that a clock that steps back does not take time back.
  private var correction: Int64 = 0
  private var last = Moment(frame: 0, time: Timestamp(nanoseconds: .min))
  private var lastClearing: Timestamp?
  /// Connections with a final verdict that are not forgotten yet.
  var finished: Set<Int> = []
  /// When what was said was last looked at anew.
  var lastReview: Timestamp?
  /// When it was last said that connections were only counted.
  private var lastUnlisted: Timestamp?

  private struct Loss {
    let from: Timestamp
    let to: Timestamp
    let count: Int
  }

  /// Starts an analysis.
  ///
  /// - Parameters:
  ///   - ports: Server ports that are followed even without a beginning.
  ///   - keys: What decrypts.
  ///   - deadlines: When connections are judged.
  ///   - folds: Whether floods of equal verdicts are counted instead of said one by one.
  package init(
    ports: Set<UInt16>,
    keys: KeyRing = KeyRing(),
    deadlines: Deadlines = Deadlines(),
    folds: Bool = true
  ) {
    self.keys = KeyRing(keys)
    self.deadlines = deadlines
    timeline = CaptureTimeline(ports: ports, keys: self.keys, maximumFlows: Self.maximumFlows)
    ledger = VerdictLedger(folds: folds)
  }

  /// Adds decryption secrets that came with the packets.
  package func add(_ secrets: DecryptionSecrets) { keys.add(secrets) }

  // MARK: - Packets

  /// Takes the next packet.
  ///
  /// - Parameters:
  ///   - record: What is known of it; frames count from 1.
  ///   - bytes: Its octets.
  ///   - isActivity: Whether it only shows that its sender is alive.
  /// - Returns: What the packet is to the flight recorder.
  @discardableResult
  package mutating func take(
    _ record: PacketRecord,
    _ bytes: Span<UInt8>,
    isActivity: Bool = false
  ) -> PacketInterest {
    var time = record.timestamp.nanoseconds.addingReportingOverflow(correction).partialValue
    if 0 < last.frame, Timestamp(nanoseconds: time).seconds(since: last.time) < -Self.clockStep {
      noteStep(back: -Timestamp(nanoseconds: time).seconds(since: last.time), at: record)
      time = last.time.nanoseconds
    }
    let moment = Moment(frame: record.frame, time: Timestamp(nanoseconds: time))
    last = moment
    statistics.packets += 1
    statistics.octets &+= record.originalLength
    var interest = PacketInterest.none
    decoder.decode(
      bytes,
      linkType: record.linkType,
      originalLength: record.originalLength,
      timestamp: moment.time,
      into: packet
    ) { packet, octets in
      if isActivity {
        timeline.observe(activityOf: packet, at: moment)
        if classifies { interest = .activity(packet.source) }
      } else {
        timeline.observe(packet, in: octets, at: moment)
        if classifies { interest = PacketInterest(packet, timeline) }
      }
    }
    if packet.problem != nil { statistics.malformed += 1 }
    return interest
  }

  private mutating func noteStep(back seconds: Double, at record: PacketRecord) {
    correction &+= Int64(clamping: Int(seconds * 1e9))
    notices.append(
      CaptureReport.Warning(
        code: "clock_stepped_back",
        message: "the packets' clock stepped back by \(Int(seconds)) s; times go on from before it",
        frame: record.frame
      )
    )
  }

  /// The last packet's time, as verdicts count it; before the first, the beginning of time.
  package var time: Timestamp { last.time }
  /// Whether there was a packet yet.
  package var hasBegun: Bool { 0 < last.frame }

  /// Notes how many packets were lost since the last call.
  ///
  /// - Parameters:
  ///   - count: Packets lost before they could be seen.
  ///   - clock: How late it is on the clock that stamps packets, which waiting packets are behind;
  ///     `nil` where that is not known.
  package mutating func noteLoss(_ count: Int, at clock: Timestamp?) {
    let corrected = clock.map {
      Timestamp(nanoseconds: $0.nanoseconds.addingReportingOverflow(correction).partialValue)
    }
    let now = max(last.time, corrected ?? last.time)
    let from = lossesKnownUntil ?? timeline.first?.time ?? now
    lossesKnownUntil = last.time
    guard 0 < count else { return }
    statistics.dropped += count
    losses.append(Loss(from: from, to: now, count: count))
    if Self.maximumLosses < losses.count { losses.removeFirst() }
  }

  /// How every followed connection stands.
  package func states(at now: Timestamp) -> [ConnectionState] {
    timeline.states(until: Moment(frame: last.frame, time: max(now, last.time)))
  }

  // MARK: - Verdicts

  /// How late it is for the connections, when nothing came for a while.
  ///
  /// - Parameter idle: Seconds on the clock since the last packet.
  /// - Returns: The packets' time, gone on since the last of them.
  package func now(idle: Double) -> Timestamp {
    let nanoseconds = Int64(clamping: Int(max(0, min(idle, 1e6)) * 1e9))
    return Timestamp(nanoseconds: last.time.nanoseconds.addingReportingOverflow(nanoseconds).0)
  }

  /// Judges what is due.
  ///
  /// - Parameters:
  ///   - now: How late it is.
  ///   - validator: Follows certificates to its roots; `nil` without roots.
  ///   - isEnd: Whether no packet follows: everything is judged, and finally.
  /// - Returns: What is to be said.
  package mutating func evaluate(
    at now: Timestamp,
    validator: inout ChainValidator?,
    isEnd: Bool = false
  ) async -> [LiveEvent] {
    var events = notices.map { LiveEvent.notice($0, at: now) }
    notices = []
    guard 0 < last.frame else { return events }
    let end = Moment(frame: last.frame, time: max(now, last.time))
    let states = timeline.states(until: end)
    statistics.open = states.count { $0.ending.kind == .open }
    statistics.held = (states.count, timeline.flows.flows.count, timeline.hosts.hosts.count)
    if let wanted = wanted(states, at: end.time, isEnd: isEnd) {
      events += await judge(wanted, among: states, until: end, &validator, isEnd: isEnd)
    }
    events += ledger.folded(at: end.time, isEnd: isEnd).map(LiveEvent.folded)
    events += onlyCounted(at: end.time, isEnd: isEnd).map { .notice($0, at: end.time) }
    if !isEnd { clear(at: end.time) }
    return events
  }

  /// Says how many connections were only counted, as often as floods of verdicts are told.
  private mutating func onlyCounted(at now: Timestamp, isEnd: Bool) -> [CaptureReport.Warning] {
    let count = timeline.unlistedCount - statistics.unlisted
    guard 0 < count,
      isEnd || lastUnlisted.map({ VerdictLedger.foldSeconds <= now.seconds(since: $0) }) ?? true
    else { return [] }
    lastUnlisted = now
    statistics.unlisted += count
    return [
      CaptureReport.Warning(
        code: "connections_not_followed",
        message: "\(count) more connections without a single octet were only counted: "
          + "\(CaptureTimeline.maximumConnectionsWithoutOctets) are followed at a time",
        frame: nil
      )
    ]
  }

  /// The verdict, less sure where packets were lost while the connection lasted.
  func touched(_ judged: JudgedConnection, until now: Timestamp) -> JudgedConnection {
    let connection = judged.connection
    let lost = losses.filter {
      connection.start.time <= $0.to
        && $0.from.seconds(since: connection.tcp.last.time) <= deadlines.afterEnd
    }
    guard !lost.isEmpty else { return judged }
    let count = lost.reduce(0) { $0 + $1.count }
    let loss = Evidence(
      .packetsDropped,
      frames: [],
      "the capturing host dropped \(count) packets meanwhile: some may have been of this connection"
    )
    return judged.with(judged.verdict.lowered(by: loss))
  }

  // MARK: - Forgetting

  private mutating func clear(at now: Timestamp) {
    if let lastClearing, now.seconds(since: lastClearing) < Self.clearingInterval,
      finished.count < Self.clearingCount
    {
      return
    }
    lastClearing = now
    for stream in finished { ledger.forget(stream) }
    timeline.forget(finished, before: cutoff(at: now))
    finished = []
    losses.removeAll { deadlines.abandonment < now.seconds(since: $0.to) }
  }

  private func cutoff(at now: Timestamp) -> Timestamp {
    let memory = Int64(deadlines.memory * 1e9)
    return Timestamp(nanoseconds: now.nanoseconds.subtractingReportingOverflow(memory).partialValue)
  }
}
