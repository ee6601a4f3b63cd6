import Wire

/// Puts fragmented IP datagrams together, within named limits.
///
/// Of overlapping fragments the octets that came first stay; later ones that say something else are
/// reported, and the datagram is given up, so that nobody is shown what no host may have seen
/// (RFC 5722, "teardrop").
package struct FragmentReassembler: Sendable {
  /// Datagrams held at once; beyond it the oldest is given up.
  package static let maximumDatagrams = 1024
  /// Octets held at once; beyond it the oldest datagrams are given up.
  package static let maximumOctets = 4 << 20
  /// Seconds of packet time that a datagram may take, as Linux does it (`ipfrag_time`).
  package static let maximumAge: Double = 30
  /// Separate runs of octets within one datagram; a full one of 64 KB has 45 fragments or so.
  package static let maximumPieces = 256
  /// The largest payload an IP datagram can have.
  package static let maximumPayload = 65_535

  /// What became of a fragment.
  enum Outcome {
    case held
    /// The payload of the datagram that this fragment completed.
    case complete([UInt8])
    /// The fragment would end past the largest datagram, at this octet.
    case tooLong(end: Int)
    /// The fragment contradicts an earlier one; the datagram was given up.
    case contradiction
    /// The datagram is in too many pieces and was given up.
    case tooManyPieces
  }

  /// Datagrams given up since the start.
  private(set) var abandonedCount = 0

  private var held: [FragmentKey: HeldDatagram] = [:]
  /// Keys in order of arrival, with the serial number by which a reused key is told apart.
  private var arrivals: [(key: FragmentKey, serial: UInt64)] = []
  private var firstArrival = 0
  private var serial: UInt64 = 0
  private(set) var heldOctets = 0

  /// Datagrams held now.
  var heldCount: Int { held.count }

  /// Adds the fragment whose payload is at `offset` of `bytes`, all of it captured.
  mutating func insert(
    _ fragment: IPFragment,
    of key: FragmentKey,
    _ bytes: Span<UInt8>,
    at offset: Int,
    _ now: Timestamp
  ) -> Outcome {
    dropExpired(now)
    let end = fragment.offset + fragment.length
    guard end <= Self.maximumPayload else { return .tooLong(end: end) }
    if held[key] == nil { begin(key, now) }
    guard var datagram = held.removeValue(forKey: key) else { return .held }
    heldOctets -= datagram.octetCount
    // Dropped where this ends without putting it back.
    switch datagram.insert(fragment, bytes, at: offset) {
    case .held:
      heldOctets += datagram.octetCount
      held[key] = datagram
      dropExcess()
      return .held
    case .complete(let payload):
      return .complete(payload)
    case let failure:
      abandonedCount += 1
      return failure
    }
  }

  private mutating func begin(_ key: FragmentKey, _ now: Timestamp) {
    serial += 1
    arrivals.append((key, serial))
    held[key] = HeldDatagram(serial: serial, since: now)
  }

  private mutating func dropExpired(_ now: Timestamp) {
    while firstArrival < arrivals.count {
      let (key, serial) = arrivals[firstArrival]
      if let datagram = held[key], datagram.serial == serial {
        guard now.seconds(since: datagram.since) > Self.maximumAge else { break }
        drop(key, datagram)
      }
      firstArrival += 1
    }
    compactArrivals()
  }

  private mutating func dropExcess() {
    while held.count > Self.maximumDatagrams || heldOctets > Self.maximumOctets,
      firstArrival < arrivals.count
    {
      let (key, serial) = arrivals[firstArrival]
      if let datagram = held[key], datagram.serial == serial { drop(key, datagram) }
      firstArrival += 1
    }
  }

  private mutating func drop(_ key: FragmentKey, _ datagram: HeldDatagram) {
    heldOctets -= datagram.octetCount
    held[key] = nil
    abandonedCount += 1
  }

  /// Frees the arrivals already passed, and those of completed datagrams behind a slow one.
  private mutating func compactArrivals() {
    guard arrivals.count > 4 * Self.maximumDatagrams else { return }
    arrivals = arrivals[firstArrival...].filter { held[$0.key]?.serial == $0.serial }
    firstArrival = 0
  }
}

/// The fragments at hand of one datagram.
struct HeldDatagram: Sendable {
  let serial: UInt64
  /// Packet time of the first fragment.
  let since: Timestamp
  /// The payload up to the last octet seen; octets outside of `pieces` are zero.
  private var payload: [UInt8] = []
  /// The runs of octets at hand, in order, none touching the next.
  private var pieces: [Range<Int>] = []
  /// The payload's length, once the last fragment is there.
  private var totalLength: Int?

  init(serial: UInt64, since: Timestamp) {
    self.serial = serial
    self.since = since
  }

  /// Octets that the datagram takes.
  var octetCount: Int { payload.count }

  mutating func insert(
    _ fragment: IPFragment,
    _ bytes: Span<UInt8>,
    at offset: Int
  ) -> FragmentReassembler.Outcome {
    let range = fragment.offset..<fragment.offset + fragment.length
    if fragment.isLast {
      guard totalLength ?? range.upperBound == range.upperBound,
        payload.count <= range.upperBound
      else { return .contradiction }
      totalLength = range.upperBound
    } else if let totalLength, range.upperBound > totalLength {
      return .contradiction
    }
    if payload.count < range.upperBound {
      payload += Array(repeating: 0, count: range.upperBound - payload.count)
    }
    guard agrees(range, bytes, at: offset) else { return .contradiction }
    for index in range { payload[index] = bytes[offset + index - range.lowerBound] }
    merge(range)
    guard pieces.count <= FragmentReassembler.maximumPieces else { return .tooManyPieces }
    guard let totalLength, pieces == [0..<totalLength] else { return .held }
    return .complete(payload)
  }

  /// Whether the octets that are at hand already equal those of the fragment.
  private func agrees(_ range: Range<Int>, _ bytes: Span<UInt8>, at offset: Int) -> Bool {
    for piece in pieces {
      for index in piece.clamped(to: range)
      where payload[index] != bytes[offset + index - range.lowerBound] {
        return false
      }
    }
    return true
  }

  private mutating func merge(_ range: Range<Int>) {
    guard !range.isEmpty else { return }
    var merged = range
    pieces.removeAll { piece in
      guard piece.lowerBound <= merged.upperBound, merged.lowerBound <= piece.upperBound else {
        return false
      }
      merged =
        min(merged.lowerBound, piece.lowerBound)..<max(merged.upperBound, piece.upperBound)
      return true
    }
    let place = pieces.firstIndex { $0.lowerBound > merged.lowerBound } ?? pieces.endIndex
    pieces.insert(merged, at: place)
  }
}
