package import Capture
import Packets
import Streams
import Wire

/// The last packets, as many as a named number of octets holds.
///
/// The first packets of each connection are kept apart from the rest: a session that moves much data
/// would push out its own beginning, without which nobody can judge it.
package struct PacketRing {
  /// Octets of one chunk; memory is taken and given up by the chunk.
  static let chunkByteCount = 1 << 20
  /// Packets of a connection that count as its beginning: beyond every login.
  static let beginningCount = 256
  /// Octets kept of a packet that only shows that somebody is alive.
  static let activityByteCount = 96
  private static let tableCount = 1 << 13

  private var beginnings: Chunks
  private var recent: Chunks
  /// How many packets of a connection were seen, by a hash of it; a collision costs a beginning.
  private var counts = [Count](repeating: Count(), count: tableCount)
  /// The second in which a host was last kept as alive, by a hash of it.
  private var seconds = [Int64](repeating: .min, count: tableCount)
  private var nextSerial = 0

  private struct Count {
    var hash = 0
    var count = 0
  }

  /// A packet that was kept.
  package struct Kept {
    package let record: PacketRecord
    let interest: PacketInterest
    let serial: Int
    /// Its octets in the chunk.
    let range: Range<Int>
  }

  /// An empty ring.
  ///
  /// - Parameter byteCount: The octets it may hold, and so its memory; a quarter is for beginnings.
  package init(byteCount: Int) {
    beginnings = Chunks(limit: max(1, byteCount / 4 / Self.chunkByteCount))
    recent = Chunks(limit: max(1, byteCount * 3 / 4 / Self.chunkByteCount))
  }

  /// Octets held.
  package var byteCount: Int { beginnings.byteCount + recent.byteCount }

  /// Keeps a packet, if it is one to keep.
  package mutating func keep(
    _ record: PacketRecord,
    _ bytes: Span<UInt8>,
    _ interest: PacketInterest
  ) {
    switch interest {
    case .none: return
    case .activity(let host):
      guard isFirstThisSecond(host, record.timestamp) else { return }
      add(record, bytes, interest, isBeginning: false, limit: Self.activityByteCount)
    case .context: add(record, bytes, interest, isBeginning: false, limit: .max)
    case .segment(let one, let other, let isOpening):
      add(
        record,
        bytes,
        interest,
        isBeginning: isBeginning(one, other, isOpening: isOpening),
        limit: .max
      )
    }
  }

  private mutating func add(
    _ record: PacketRecord,
    _ bytes: Span<UInt8>,
    _ interest: PacketInterest,
    isBeginning: Bool,
    limit: Int
  ) {
    var record = record
    let count = min(bytes.count, limit)
    record.capturedLength = count
    if isBeginning {
      beginnings.add(record, bytes.extracting(0..<count), interest, nextSerial)
    } else {
      recent.add(record, bytes.extracting(0..<count), interest, nextSerial)
    }
    nextSerial += 1
  }

  private mutating func isFirstThisSecond(_ host: IPAddress, _ time: Timestamp) -> Bool {
    let second = time.nanoseconds / 1_000_000_000
    let hash = host.hashValue
    let slot = hash & (Self.tableCount - 1)
    let mark = second &* 8192 &+ Int64(hash >> 48 & 8191)
    guard seconds[slot] != mark else { return false }
    seconds[slot] = mark
    return true
  }

  private mutating func isBeginning(_ one: Endpoint, _ other: Endpoint, isOpening: Bool) -> Bool {
    let hash = one.hashValue ^ other.hashValue
    let slot = hash & (Self.tableCount - 1)
    if isOpening || counts[slot].hash != hash { counts[slot] = Count(hash: hash) }
    counts[slot].count += 1
    return counts[slot].count <= Self.beginningCount
  }

  /// Hands over the packets that matter to an attempt, in their order.
  ///
  /// - Parameters:
  ///   - scope: What matters.
  ///   - body: Takes each packet.
  package func forEach(in scope: RecordingScope, _ body: (PacketRecord, Span<UInt8>) -> Void) {
    var found = beginnings.select(scope) + recent.select(scope)
    found.sort { $0.kept.serial < $1.kept.serial }
    for (chunk, kept) in found { body(kept.record, chunk.octets.span.extracting(kept.range)) }
  }

  // MARK: - Memory

  /// Packets in chunks, the oldest of which is given up for a new one.
  fileprivate struct Chunks {
    let limit: Int
    private var chunks: [Chunk] = []

    init(limit: Int) { self.limit = limit }

    var byteCount: Int { chunks.reduce(0) { $0 + $1.octets.count } }

    mutating func add(
      _ record: PacketRecord,
      _ bytes: Span<UInt8>,
      _ interest: PacketInterest,
      _ serial: Int
    ) {
      if chunks.last.map({ !$0.hasRoom(for: bytes.count) }) ?? true {
        var fresh = Chunk()
        if limit <= chunks.count { fresh = chunks.removeFirst() }
        fresh.clear()
        chunks.append(fresh)
      }
      chunks[chunks.count - 1].add(record, bytes, interest, serial)
    }

    func select(_ scope: RecordingScope) -> [(chunk: Chunk, kept: Kept)] {
      chunks.flatMap { chunk in
        chunk.packets.filter { scope.contains($0.record.timestamp, $0.interest) }
          .map { (chunk, $0) }
      }
    }
  }

  fileprivate struct Chunk {
    /// Packets of a chunk at most: small ones cost more than their octets.
    static let maximumPackets = 8192
    var octets: [UInt8] = []
    var packets: [Kept] = []

    func hasRoom(for count: Int) -> Bool {
      packets.count < Self.maximumPackets && octets.count + count <= PacketRing.chunkByteCount
    }

    mutating func clear() {
      octets.removeAll(keepingCapacity: true)
      packets.removeAll(keepingCapacity: true)
      octets.reserveCapacity(PacketRing.chunkByteCount)
    }

    mutating func add(
      _ record: PacketRecord,
      _ bytes: Span<UInt8>,
      _ interest: PacketInterest,
      _ serial: Int
    ) {
      let start = octets.count
      octets.append(contentsOf: bytes)
      packets.append(
        Kept(record: record, interest: interest, serial: serial, range: start..<octets.count)
      )
    }
  }
}
