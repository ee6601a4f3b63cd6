import Wire

/// The packets of a pcapng file, parsed in place.
///
/// Several sections in either byte order, several interfaces with their own link types and clocks.
/// [draft-ietf-opsawg-pcapng]
final class PcapngSource: PacketSource, AnnotatedSource {
  var record = PacketRecord.none
  var tally = Tally(format: "pcapng")
  var onSecrets: ((DecryptionSecrets) -> Void)?
  /// Is shown every whole block, for copies, with its packet's record where it is one.
  private let onBlock: ((BlockType, Span<UInt8>, ByteOrder, PacketRecord?) -> Void)?
  let filter: PacketFilter?
  private let name: String
  private let buffer: BlockBuffer
  /// Length of the block at the window's start, passed over before the next one.
  private var blockLength = 0
  private var hasEnded = false
  /// Where the current packet's octets begin in the block.
  var packetStart = 0
  var frame = 0
  var order = ByteOrder.little
  /// The current section's interfaces are those from `sectionStart` on; `nil` for one whose
  /// description is unusable.
  var clocks: [Clock?] = []
  var sectionStart = 0

  /// What a packet needs to know of its interface.
  struct Clock {
    /// Its place in the metadata's interfaces.
    let index: Int
    let linkType: LinkType
    let snapLength: Int
    let scale: TimeScale
  }

  /// The current section's interface with that number, `nil` when it is not described.
  @inline(__always)
  func clock(_ interface: Int) -> Clock? {
    interface < clocks.count - sectionStart ? clocks[sectionStart + interface] : nil
  }

  var metadata: CaptureMetadata { tally.metadata }
  var noteCount: Int { tally.noteCount }

  /// Starts at the first interface.
  ///
  /// - Parameters:
  ///   - input: The file.
  ///   - filter: What packets must match.
  ///   - onBlock: Gets each block as it is read.
  /// - Throws: ``CaptureError`` if it is no capture, or the filter is wrong.
  init(
    _ input: Input,
    filter: PacketFilter?,
    onBlock: ((BlockType, Span<UInt8>, ByteOrder, PacketRecord?) -> Void)? = nil
  ) throws(CaptureError) {
    self.onBlock = onBlock
    name = input.name
    buffer = BlockBuffer(input)
    self.filter = filter
    // As far as the first interface, so that a filter that does not fit is refused here.
    while tally.notes.interfaces.isEmpty, let type = nextBlock() { _ = try handle(type) }
    if hasEnded, buffer.offset == 0, let warning = tally.notes.warnings.first,
      warning.code == "capture_broken"
    {
      throw CaptureError(
        .notACapture,
        "\(name) begins like a pcapng capture and is none (\(warning.message)): record it anew"
      )
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
    guard let record = try nextPacket() else {
      record.capturedLength = 0
      return false
    }
    self.record = record
    return true
  }

  func forEach(_ body: (borrowing PacketRecord, Span<UInt8>) -> Void) throws(CaptureError) {
    while let record = try nextPacket() {
      // Kept for a packet block without a time.
      self.record.timestamp = record.timestamp
      withOctets(record.capturedLength) { body(record, $0) }
    }
  }

  func withBytes(_ body: (Span<UInt8>) -> Void) { withOctets(record.capturedLength, body) }

  @inline(__always)
  private func withOctets(_ count: Int, _ body: (Span<UInt8>) -> Void) {
    let octets = unsafe UnsafeBufferPointer(start: buffer.base + packetStart, count: count)
    body(unsafe Span(_unsafeElements: octets))
  }

  /// Brings the next packet that the filter lets through to the window's start.
  @inline(__always)
  private func nextPacket() throws(CaptureError) -> PacketRecord? {
    while let type = nextBlock() {
      guard let record = try handle(type) else { continue }
      tally.count.add(record)
      if let filter, unsafe !filter.passes(record, buffer.base + packetStart) { continue }
      return record
    }
    return nil
  }

  /// Reads the block at the window's start; gives the record of a packet to count.
  private func handle(_ type: BlockType) throws(CaptureError) -> PacketRecord? {
    let block = unsafe Span(
      _unsafeElements: UnsafeBufferPointer(start: buffer.base, count: blockLength)
    )
    let packet = try read(type, block)
    if let onBlock { onBlock(type, block, order, packet) }
    return packet
  }

  private func read(
    _ type: BlockType,
    _ block: Span<UInt8>
  ) throws(CaptureError) -> PacketRecord? {
    switch type {
    case .enhancedPacket: return readEnhancedPacket(block)
    case .simplePacket: return readSimplePacket(block)
    case .obsoletePacket: return readObsoletePacket(block)
    case .interfaceDescription: try readInterface(block)
    case .interfaceStatistics: readStatistics(block)
    case .nameResolution: readNames(block)
    case .decryptionSecrets: readSecrets(block)
    case .sectionHeader:
      sectionStart = clocks.count
      readComments(block, from: 24, frame: nil)
    default: break
    }
    return nil
  }

  /// Brings the next whole block to the window's start; `nil` at the end, with a warning where due.
  private func nextBlock() -> BlockType? {
    guard !hasEnded else { return nil }
    buffer.consume(blockLength)
    blockLength = 0
    guard buffer.fill(12) else {
      if buffer.isStarved { return nil }
      end(buffer.available == 0 ? nil : "in the head of a block")
      return nil
    }
    let head = unsafe Span(_unsafeElements: UnsafeBufferPointer(start: buffer.base, count: 12))
    let isSection = head.uint32BigEndian(at: 0) == BlockType.sectionHeader.rawValue
    if isSection {
      switch head.uint32BigEndian(at: 8) {
      case 0x1a2b_3c4d: order = .big
      case 0x4d3c_2b1a: order = .little
      default:
        breakOff("a section header has no byte-order magic")
        return nil
      }
    }
    let type = BlockType(rawValue: head.uint32(at: 0, order))
    let length = Int(head.uint32(at: 4, order))
    guard length % 4 == 0, (isSection ? 28 : 12)...CaptureLimits.blockBytes ~= length else {
      breakOff("a block claims a length of \(length)")
      return nil
    }
    guard buffer.fill(length) else {
      if buffer.isStarved { return nil }
      end("in a block of \(length) octets of which \(buffer.available) are there")
      return nil
    }
    let block = unsafe Span(_unsafeElements: UnsafeBufferPointer(start: buffer.base, count: length))
    let trailer = Int(block.uint32(at: length - 4, order))
    guard trailer == length else {
      breakOff("a block's two lengths differ, \(length) and \(trailer)")
      return nil
    }
    blockLength = length
    buffer.approach(length)
    return type
  }

  /// The data ends, in the middle of something if `place` says where.
  private func end(_ place: String?) {
    if let code = buffer.readError {
      breakOff("reading stopped (\(errorText(code)))")
      return
    }
    if let place {
      tally.warn(
        "capture_truncated",
        "the capture breaks off at byte \(buffer.offset), after frame \(frame), \(place)",
        frame: frame + 1
      )
    }
    if let complaint = buffer.complaint() {
      tally.warn("capture_truncated", complaint, frame: frame == 0 ? nil : frame)
    }
    hasEnded = true
  }

  private func breakOff(_ reason: String) {
    tally.warn(
      "capture_broken",
      "the capture is broken at byte \(buffer.offset), after frame \(frame): \(reason)",
      frame: frame + 1
    )
    hasEnded = true
  }

  /// Where the current block lies in the file.
  var blockOffset: Int { buffer.offset }
}
