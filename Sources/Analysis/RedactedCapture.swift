package import Capture
import Packets
package import Redaction
import Wire

/// Copies a capture's headers under pseudonyms, with comments.
///
/// The copy is a pcapng of its own making: no block of the original is kept, and so no secrets, no
/// names, no comments and no word about the machine that captured.
package struct RedactedCapture {
  private let comments: [Int: String]
  private let summary: String
  private let application: String
  private let redactor: Redactor

  /// Creates a copier; the comments are to be made of a report under the same pseudonyms.
  package init(
    comments: [Int: String],
    summary: String,
    application: String,
    redactor: Redactor
  ) {
    self.comments = comments
    self.summary = summary
    self.application = application
    self.redactor = redactor
  }

  /// Octets handed over at a time.
  private static let pieceLength = 1 << 18

  /// Copies a source to its end.
  ///
  /// - Parameters:
  ///   - source: The capture, unfiltered: every packet keeps its number.
  ///   - write: Takes the copy, piece by piece.
  /// - Throws: ``CaptureError`` when the source itself fails.
  package func copy(
    _ source: any PacketSource,
    to write: ([UInt8]) -> Void
  ) throws(CaptureError) {
    var decoder = PacketDecoder()
    let packet = Packet()
    var pending = PcapngEncoder.section(comment: summary, application: application)
    let interface = CaptureInterface(linkType: .ethernet, snapLength: 0)
    pending += PcapngEncoder.interface(interface)
    while try source.advance() {
      let record = source.record
      var redacted: RedactedPacket?
      source.withBytes { bytes in
        decoder.decode(
          bytes,
          linkType: record.linkType,
          originalLength: record.originalLength,
          timestamp: record.timestamp,
          into: packet
        ) { packet, octets in
          redacted = redactor.packet(packet, in: octets)
        }
      }
      guard let redacted else { continue }
      var shown = record
      shown.originalLength = redacted.originalLength
      shown.linkType = .ethernet
      pending += PcapngEncoder.packet(
        shown,
        interface: 0,
        octets: redacted.octets.span,
        comment: comments[record.frame]
      )
      if Self.pieceLength <= pending.count {
        write(pending)
        pending.removeAll(keepingCapacity: true)
      }
    }
    write(pending)
  }
}
