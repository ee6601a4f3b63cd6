import Wire

/// The packets of a usual classic pcap file, parsed in place.
///
/// Usual is what nearly every file is: little-endian, version 2.4, and of a link type whose octets
/// libpcap hands out as they are. It costs a third of what libpcap does, which copies each packet
/// twice; what is unusual is left to ``PcapSource``, and both say the same of the same file.
///
/// Layout, file: magic 4, versions 2 + 2, zone 4, accuracy 4, snap length 4, link type 4; packet:
/// seconds 4, fraction 4, captured length 4, original length 4, octets. [draft-ietf-opsawg-pcap]
final class PlainPcapSource: PacketSource, AnnotatedSource {
  private(set) var record = PacketRecord.none
  private var tally = Tally(format: "pcap")
  private let filter: PacketFilter?
  private let buffer: BlockBuffer
  private let nanosecondsPerFraction: Int64
  private let linkType: LinkType
  /// The current packet's number.
  private var frame = 0
  /// Octets of the packet at the window's start, header included, passed over before the next one.
  private var packetLength = 0
  private var hasEnded = false

  private static let fileHeaderLength = 24
  private static let packetHeaderLength = 16
  /// Longest packet believed, as in libpcap.
  private static let maximumCapturedLength = 262_144
  private static let usualLinkTypes: Set<LinkType> = [.ethernet, .raw, .linuxSLL, .linuxSLL2]

  var metadata: CaptureMetadata { tally.metadata }
  var noteCount: Int { tally.noteCount }

  /// Starts after the file header; `nil` if the file is not a usual one, of which nothing is read.
  ///
  /// - Parameters:
  ///   - input: The file.
  ///   - filter: What packets must match.
  /// - Throws: ``CaptureError`` if the filter is wrong.
  init?(_ input: Input, filter: PacketFilter?) throws(CaptureError) {
    guard let header = FileHeader(input.head) else { return nil }
    nanosecondsPerFraction = header.nanosecondsPerFraction
    self.filter = filter
    buffer = BlockBuffer(input)
    buffer.consume(Self.fileHeaderLength)
    linkType = header.linkType
    _ = tally.add(CaptureInterface(linkType: header.linkType, snapLength: header.snapLength))
    try filter?.prepare(for: header.linkType)
  }

  /// The header of a usual file.
  private struct FileHeader {
    let nanosecondsPerFraction: Int64
    let snapLength: Int
    let linkType: LinkType

    init?(_ octets: [UInt8]) {
      let head = octets.span
      guard head.count == PlainPcapSource.fileHeaderLength else { return nil }
      switch (head.uint32LittleEndian(at: 0), head.uint32BigEndian(at: 4)) {
      case (0xa1b2_c3d4, 0x0200_0400): nanosecondsPerFraction = 1000
      case (0xa1b2_3c4d, 0x0200_0400): nanosecondsPerFraction = 1
      default: return nil
      }
      snapLength = Int(head.uint32LittleEndian(at: 16))
      linkType = LinkType(rawValue: Int(head.uint32LittleEndian(at: 20)))
      guard PlainPcapSource.usualLinkTypes.contains(linkType) else { return nil }
    }
  }

  var patience: Int32? {
    get { buffer.patience }
    set { buffer.patience = newValue }
  }
  var isWaiting: Bool { buffer.isStarved }
  var keepsWindows: Bool { true }
  var onWindowLeft: (() -> Void)? {
    get { buffer.onLeave }
    set { buffer.onLeave = newValue }
  }

  func advance() throws(CaptureError) -> Bool {
    guard let record = nextPacket() else { return false }
    self.record = record
    return true
  }

  func forEach(_ body: (borrowing PacketRecord, Span<UInt8>) -> Void) throws(CaptureError) {
    repeat { passWindow(body) } while passNext(body)
  }

  /// Passes on the packets that lie whole in the window.
  ///
  /// What counts them stays in registers meanwhile, and each record is passed on as it is made: one
  /// that is read back from memory comes only when all that was written before has reached the cache.
  private func passWindow(_ body: (borrowing PacketRecord, Span<UInt8>) -> Void) {
    // A filter wants to see each packet in its place.
    guard filter == nil, !hasEnded else { return }
    buffer.consume(packetLength)
    packetLength = 0
    var count = tally.count
    var frame = frame
    buffer.pass { window in
      var cursor = 0
      while let captured = Self.wholePacket(in: window, at: cursor) {
        let start = cursor &+ Self.packetHeaderLength
        let end = start &+ captured
        buffer.approach(end)
        frame += 1
        let record = record(window, at: cursor, captured, frame: frame)
        count.add(record)
        body(record, window.extracting(start..<end))
        cursor = end
      }
      return cursor
    }
    self.frame = frame
    tally.count = count
  }

  /// Passes on the next packet, wherever it lies; false at the end.
  private func passNext(_ body: (borrowing PacketRecord, Span<UInt8>) -> Void) -> Bool {
    guard let record = nextPacket() else { return false }
    withOctets(record.capturedLength) { body(record, $0) }
    return true
  }

  /// Octets of the packet at an offset of the window; `nil` where it is not whole, or no packet.
  @inline(__always)
  private static func wholePacket(in window: Span<UInt8>, at offset: Int) -> Int? {
    let rest = window.count &- offset &- packetHeaderLength
    guard 0 <= rest else { return nil }
    let captured = Int(window.uint32LittleEndian(at: offset &+ 8))
    return captured <= rest && captured <= maximumCapturedLength ? captured : nil
  }

  func withBytes(_ body: (Span<UInt8>) -> Void) {
    withOctets(hasEnded ? 0 : record.capturedLength, body)
  }

  @inline(__always)
  private func withOctets(_ count: Int, _ body: (Span<UInt8>) -> Void) {
    let start = unsafe buffer.base + Self.packetHeaderLength
    let octets = unsafe UnsafeBufferPointer(start: start, count: count)
    body(unsafe Span(_unsafeElements: octets))
  }

  /// Brings the next packet that the filter lets through to the window's start; `nil` at the end.
  @inline(__always)
  private func nextPacket() -> PacketRecord? {
    while let captured = nextLength() {
      frame += 1
      let header = unsafe UnsafeBufferPointer(start: buffer.base, count: Self.packetHeaderLength)
      let record = record(unsafe Span(_unsafeElements: header), at: 0, captured, frame: frame)
      tally.count.add(record)
      if let filter, unsafe !filter.passes(record, buffer.base + Self.packetHeaderLength) {
        continue
      }
      return record
    }
    return nil
  }

  /// Brings the next whole packet to the window's start and gives the number of its octets; `nil` at
  /// the end, with a warning where due.
  private func nextLength() -> Int? {
    guard !hasEnded else { return nil }
    buffer.consume(packetLength)
    packetLength = 0
    guard buffer.fill(Self.packetHeaderLength) else {
      if buffer.isStarved { return nil }
      end(reading: "\(Self.packetHeaderLength) header bytes", got: buffer.available)
      return nil
    }
    let header = unsafe Span(
      _unsafeElements: UnsafeBufferPointer(start: buffer.base, count: Self.packetHeaderLength)
    )
    let captured = Int(header.uint32LittleEndian(at: 8))
    guard captured <= Self.maximumCapturedLength else {
      breakOff(
        "invalid packet capture length \(captured), bigger than snaplen of "
          + "\(Self.maximumCapturedLength)"
      )
      return nil
    }
    guard buffer.fill(Self.packetHeaderLength + captured) else {
      if buffer.isStarved { return nil }
      end(
        reading: "\(captured) captured bytes",
        got: buffer.available - Self.packetHeaderLength
      )
      return nil
    }
    packetLength = Self.packetHeaderLength + captured
    buffer.approach(packetLength)
    return captured
  }

  /// The record of the packet whose header lies at an offset.
  @inline(__always)
  private func record(
    _ octets: Span<UInt8>,
    at offset: Int,
    _ captured: Int,
    frame: Int
  ) -> PacketRecord {
    let time = octets.uint64LittleEndian(at: offset)
    let seconds = Int64(time & 0xFFFF_FFFF)
    let fraction = Int64(bitPattern: time) >> 32
    return PacketRecord(
      timestamp: Timestamp(
        nanoseconds: seconds &* 1_000_000_000 &+ fraction &* nanosecondsPerFraction
      ),
      frame: frame,
      capturedLength: captured,
      originalLength: Int(octets.uint64LittleEndian(at: offset &+ 8) >> 32),
      linkType: linkType,
      interface: 0
    )
  }

  /// The data ends, in the middle of a packet if some of it is there.
  private func end(reading what: String, got count: Int) {
    if let code = buffer.readError {
      breakOff("error reading dump file: \(errorText(code))")
      return
    }
    if buffer.available > 0 {
      warn(
        "capture_truncated",
        "breaks off",
        "truncated dump file; tried to read \(what), only got \(count)"
      )
    }
    // Only at the end of the data: before it the decompressor waits for us to read on.
    if let complaint = buffer.complaint() {
      tally.warn(
        "capture_truncated",
        complaint,
        frame: frame == 0 ? nil : frame
      )
    }
    hasEnded = true
  }

  private func breakOff(_ reason: String) {
    warn("capture_broken", "is broken", reason)
    hasEnded = true
  }

  private func warn(_ code: String, _ what: String, _ reason: String) {
    let frame = frame + 1
    tally.warn(
      code,
      "the capture \(what) in the packet at byte \(buffer.offset), frame \(frame): \(reason)",
      frame: frame
    )
  }
}
