import Capture
import Wire

/// A source that hands out packets from memory.
///
/// A class, because a source is read once.
final class PacketListSource: PacketSource {
  struct Packet {
    var time: Timestamp
    var originalLength: Int
    var bytes: [UInt8]
  }

  private let packets: [Packet]
  private var index = -1
  private(set) var metadata = CaptureMetadata(format: "list")

  init(_ packets: [Packet]) { self.packets = packets }

  var record: PacketRecord {
    let packet = packets.indices.contains(index) ? packets[index] : nil
    return PacketRecord(
      timestamp: packet?.time ?? Timestamp(nanoseconds: 0),
      frame: index + 1,
      capturedLength: packet?.bytes.count ?? 0,
      originalLength: packet?.originalLength ?? 0,
      linkType: .ethernet,
      interface: 0
    )
  }

  func advance() -> Bool {
    guard index + 1 < packets.count else { return false }
    index += 1
    metadata.packets += 1
    return true
  }

  func withBytes(_ body: (Span<UInt8>) -> Void) {
    guard packets.indices.contains(index) else { return }
    let bytes = packets[index].bytes
    body(bytes.span)
  }
}
