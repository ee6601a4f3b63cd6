import Wire

extension PcapngSource {
  /// Enhanced Packet Block.
  ///
  /// Layout: type 4, length 4, interface 4, time high 4, time low 4, captured length 4, original
  /// length 4, data padded to 4, options, length 4. [draft-ietf-opsawg-pcapng] 4.3
  func readEnhancedPacket(_ block: Span<UInt8>) -> PacketRecord? {
    frame += 1
    guard block.count >= 32 else {
      warn("is too short for its fields")
      return nil
    }
    return readPacket(block, interface: Int(block.uint32(at: 8, order)))
  }

  /// Packet Block, obsolete: as the enhanced one, with interface 2 and drops 2 in place of 4.
  func readObsoletePacket(_ block: Span<UInt8>) -> PacketRecord? {
    frame += 1
    guard block.count >= 32 else {
      warn("is too short for its fields")
      return nil
    }
    return readPacket(block, interface: Int(block.uint16(at: 8, order)))
  }

  /// Simple Packet Block: type 4, length 4, original length 4, data padded to 4, length 4.
  ///
  /// It belongs to the section's first interface, whose snap length says what was cut, and has no
  /// time: the packet before lends its own. [draft-ietf-opsawg-pcapng] 4.4
  func readSimplePacket(_ block: Span<UInt8>) -> PacketRecord? {
    frame += 1
    guard block.count >= 16, let clock = clock(0) else {
      warn(block.count < 16 ? "is too short for its fields" : "comes before any interface")
      return nil
    }
    let original = Int(block.uint32(at: 8, order))
    let limit = clock.snapLength == 0 ? original : min(original, clock.snapLength)
    packetStart = 12
    return PacketRecord(
      timestamp: record.timestamp,
      frame: frame,
      capturedLength: min(limit, block.count - 16),
      originalLength: original,
      linkType: clock.linkType,
      interface: clock.index
    )
  }

  @inline(__always)
  private func readPacket(_ block: Span<UInt8>, interface: Int) -> PacketRecord? {
    let captured = Int(block.uint32(at: 20, order))
    guard captured <= block.count - 32 else {  // Fields 28, trailing length 4.
      warn("claims \(captured) octets in a block of \(block.count)")
      return nil
    }
    guard let clock = clock(interface) else {
      warn("names interface \(interface), which is not described")
      return nil
    }
    let ticks = UInt64(block.uint32(at: 12, order)) << 32 | UInt64(block.uint32(at: 16, order))
    packetStart = 28
    let options = 28 + (captured + 3) & ~3
    if options < block.count - 4 { readComments(block, from: options, frame: frame) }
    return PacketRecord(
      timestamp: clock.scale.timestamp(ticks),
      frame: frame,
      capturedLength: captured,
      originalLength: Int(block.uint32(at: 24, order)),
      linkType: clock.linkType,
      interface: clock.index
    )
  }

  /// Keeps the comments among a block's options.
  func readComments(_ block: Span<UInt8>, from start: Int, frame: Int?) {
    var options = OptionCursor(from: start, to: block.count - 4, order)
    while let (code, value) = options.next(in: block) {
      if code == OptionCursor.comment { tally.addComment(block.text(value), frame: frame) }
    }
  }

  private func warn(_ problem: String) {
    tally.warn(
      "packet_skipped",
      "the packet block at byte \(blockOffset), frame \(frame), \(problem)",
      frame: frame
    )
  }
}
