import Wire

/// Puts a comment into a block of a pcapng file that is kept as it is otherwise.
///
/// [draft-ietf-opsawg-pcapng] §3.5, opt_comment
struct BlockComment {
  /// The section's byte order, which the block keeps.
  let order: ByteOrder

  /// The block with a comment before the options that it has.
  ///
  /// - Parameters:
  ///   - block: A whole block whose two lengths agree.
  ///   - offset: Where its options begin; within the block, before its last length.
  ///   - text: The comment.
  /// - Returns: The new block.
  func inserted(into block: Span<UInt8>, at offset: Int, _ text: String) -> [UInt8] {
    let value = PcapngEncoder.commentOctets(text)
    var option = octets(OptionCursor.comment) + octets(UInt16(clamping: value.count)) + value
    while option.count % 4 != 0 { option.append(0) }
    if offset == block.count - 4 { option += [0, 0, 0, 0] }  // There were none: the end of them.
    let length = octets(UInt32(clamping: block.count + option.count))
    return block.array(0..<4) + length + block.array(8..<offset) + option
      + block.array(offset..<block.count - 4) + length
  }

  /// A Section Header Block with a comment, of unknown section length: that has changed.
  func insertedIntoSection(_ block: Span<UInt8>, _ text: String) -> [UInt8] {
    var section = inserted(into: block, at: 24, text)
    section.replaceSubrange(16..<24, with: [UInt8](repeating: 0xFF, count: 8))
    return section
  }

  private func octets(_ value: some FixedWidthInteger) -> [UInt8] {
    let count = value.bitWidth / 8
    return (0..<count).map { index in
      let shift = order == .little ? index : count - 1 - index
      return UInt8(truncatingIfNeeded: value >> (shift * 8))
    }
  }
}
