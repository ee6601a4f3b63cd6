import Wire

/// Copies a capture as pcapng, with comments on it and on some of its packets.
///
/// Of a pcapng every block is kept as it is, secrets and those unknown to us too; a classic pcap
/// gets the blocks that say the same. Simple Packet Blocks have no place for a comment.
package struct CaptureAnnotator {
  /// What is said of packets, by frame.
  private let comments: [Int: String]
  /// What is said of the capture.
  private let summary: String
  /// The program named as the writer of a file that was no pcapng.
  private let application: String

  /// Creates an annotator.
  package init(comments: [Int: String], summary: String, application: String) {
    self.comments = comments
    self.summary = summary
    self.application = application
  }

  /// Octets handed over at a time.
  private static let pieceLength = 1 << 18

  /// Copies a capture.
  ///
  /// - Parameters:
  ///   - path: The file; not stdin, which cannot be read again.
  ///   - write: Takes the copy, piece by piece.
  /// - Throws: ``CaptureError`` if it cannot be opened; one that breaks off is copied up to there.
  package func copy(_ path: String, to write: @escaping ([UInt8]) -> Void) throws(CaptureError) {
    let (input, format) = try Input.open(path)
    var pending: [UInt8] = []
    func pass(_ octets: [UInt8]) {
      pending += octets
      guard Self.pieceLength <= pending.count else { return }
      write(pending)
      pending.removeAll(keepingCapacity: true)
    }
    if format == .pcapng {
      try copyBlocks(input, to: pass)
    } else {
      try encode(CaptureFile.open(path, filter: nil), to: pass)
    }
    write(pending)
  }

  private func copyBlocks(
    _ input: Input,
    to pass: @escaping ([UInt8]) -> Void
  ) throws(CaptureError) {
    var hasSummary = false
    let source = try PcapngSource(input, filter: nil) {
      type,
      block,
      order,
      record in
      let comment = BlockComment(order: order)
      if type == .sectionHeader, !hasSummary {
        hasSummary = true
        pass(comment.insertedIntoSection(block, summary))
      } else if let record, let text = comments[record.frame] {
        pass(annotated(type, block, record, comment, text))
      } else {
        pass(block.array(0..<block.count))
      }
    }
    while try source.advance() {}
  }

  /// A packet's block with a comment; a Simple Packet Block has no place for one.
  private func annotated(
    _ type: BlockType,
    _ block: Span<UInt8>,
    _ record: PacketRecord,
    _ comment: BlockComment,
    _ text: String
  ) -> [UInt8] {
    // Type 4, length 4, then 20 octets of fields in both kinds that have options.
    let options = 28 + (record.capturedLength + 3) & ~3
    guard type != .simplePacket, options <= block.count - 4 else {
      return block.array(0..<block.count)
    }
    return comment.inserted(into: block, at: options, text)
  }

  private func encode(
    _ source: any PacketSource,
    to pass: ([UInt8]) -> Void
  ) throws(CaptureError) {
    pass(PcapngEncoder.section(comment: summary, application: application))
    var described = 0
    while try source.advance() {
      while described < source.metadata.interfaces.count {
        pass(PcapngEncoder.interface(source.metadata.interfaces[described]))
        described += 1
      }
      let record = source.record
      source.withBytes { octets in
        pass(
          PcapngEncoder.packet(
            record,
            interface: record.interface,
            octets: octets,
            comment: comments[record.frame]
          )
        )
      }
    }
  }
}
