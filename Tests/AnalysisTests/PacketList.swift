import Analysis
import Capture
import Decryption
import Foundation
import Reports
import Wire

/// The packets of a capture in memory, so that tests can take some away.
struct PacketList {
  struct Packet {
    var record: PacketRecord
    var bytes: [UInt8]
  }

  var packets: [Packet] = []
  /// The keys embedded in the capture, which are handed out only where they are asked for.
  private var secrets: [DecryptionSecrets] = []

  /// A list without packets.
  init() {}

  /// Reads every packet of a capture.
  init(contentsOf path: String) throws {
    let source = try CaptureFile.open(path, filter: nil)
    while try source.advance() {
      let record = source.record
      var bytes: [UInt8] = []
      source.withBytes { span in
        bytes.reserveCapacity(span.count)
        for index in span.indices { bytes.append(span[index]) }
      }
      packets.append(Packet(record: record, bytes: bytes))
    }
    secrets = source.metadata.secrets
  }

  /// The list with each packet cut to `count` octets, as a short snap length does.
  func cut(to count: Int) -> PacketList {
    var list = self
    for index in packets.indices {
      list.packets[index].bytes = Array(packets[index].bytes.prefix(count))
      list.packets[index].record.capturedLength = list.packets[index].bytes.count
    }
    return list
  }

  /// The key logs that the capture holds.
  var keyLogs: [[UInt8]] { secrets.map(\.bytes) }

  /// The keys that the capture holds.
  var ring: KeyRing {
    let ring = KeyRing()
    for log in keyLogs { ring.add(keyLog: log) }
    return ring
  }

  /// The list as a source of packets.
  var source: any PacketSource { ListSource(self) }

  /// Analyses the list as a capture of its own, with keys beside it or those embedded in it.
  func analyse(
    keys: KeyRing = KeyRing(),
    withKeys: Bool = false,
    ports: Set<UInt16> = CaptureAnalysis.defaultPorts
  ) throws -> CaptureReport {
    let source = ListSource(self)
    if withKeys { source.metadata.secrets = secrets }
    return try CaptureAnalysis(ports: ports, keys: keys).run(source, path: "list")
  }
}

/// A source that hands out a list.
private final class ListSource: PacketSource {
  private let list: PacketList
  private var index = -1
  fileprivate(set) var metadata = CaptureMetadata(format: "list")
  private(set) var record: PacketRecord

  init(_ list: PacketList) {
    self.list = list
    record = PacketRecord(
      timestamp: Timestamp(nanoseconds: 0),
      frame: 0,
      capturedLength: 0,
      originalLength: 0,
      linkType: LinkType(rawValue: 0),
      interface: 0
    )
  }

  func advance() -> Bool {
    guard index + 1 < list.packets.count else { return false }
    index += 1
    record = list.packets[index].record
    record.frame = index + 1
    metadata.packets += 1
    return true
  }

  func withBytes(_ body: (Span<UInt8>) -> Void) {
    guard list.packets.indices.contains(index) else { return }
    let bytes = list.packets[index].bytes
    body(bytes.span)
  }
}
