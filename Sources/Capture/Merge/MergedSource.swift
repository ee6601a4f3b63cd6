import Wire

/// A source that can say cheaply whether it has noted something new.
protocol AnnotatedSource: PacketSource {
  /// Comments, secrets and warnings so far.
  var noteCount: Int { get }
}

/// Several captures as one: packets in time order, frames counted through.
///
/// Each source is in its own order; where times are equal the earlier source comes first. Packets
/// that a filter held back count just before the next one of their source.
package final class MergedSource: PacketSource {
  /// The current packet's record, its frame and interface in the whole.
  package private(set) var record = PacketRecord.none
  /// Every part's secrets, with the frames of that part.
  package var onSecrets: ((DecryptionSecrets) -> Void)? {
    didSet { for part in parts { part.source.onSecrets = onSecrets } }
  }
  private var parts: [Part] = []
  /// Parts that have a packet, the one with the earliest first.
  private var queue: [Int] = []
  private var hasStarted = false
  private var frame = 0
  private var interfaces: [(part: Int, index: Int)] = []
  private var notes = CaptureMetadata(format: "")

  private struct Part {
    let source: any PacketSource
    let annotated: (any AnnotatedSource)?
    var timestamp = Timestamp(nanoseconds: 0)
    /// Own frame and frame in the whole of its last packet.
    var frame = 0
    var mergedFrame = 0
    /// Index in the whole of each interface.
    var interfaces: [Int] = []
    var seenNotes = 0
    var comments = 0
    var secrets = 0
    var warnings = 0
  }

  /// Merges the sources, reading the first packet of each.
  ///
  /// - Throws: ``CaptureError`` if one cannot be read.
  package init(_ sources: [any PacketSource]) throws(CaptureError) {
    parts = sources.map { Part(source: $0, annotated: $0 as? any AnnotatedSource) }
    for index in parts.indices { try advance(part: index) }
    queue.sort { precedes($0, $1) }
  }

  /// What is known of all captures so far; `packets` counts those read ahead, too.
  package var metadata: CaptureMetadata {
    for index in parts.indices { collect(index) }
    var metadata = notes
    let all = parts.map { $0.source.metadata }
    let formats = Set(all.map(\.format))
    metadata.format = formats.count == 1 ? all[0].format : formats.sorted().joined(separator: "+")
    for part in all {
      for linkType in part.linkTypes where !metadata.linkTypes.contains(linkType) {
        metadata.linkTypes.append(linkType)
      }
      metadata.names += part.names.prefix(CaptureLimits.names - metadata.names.count)
      metadata.packets += part.packets
      metadata.bytes &+= part.bytes
    }
    metadata.start = all.compactMap(\.start).min()
    metadata.end = all.compactMap(\.end).max()
    metadata.interfaces = interfaces.map { all[$0.part].interfaces[$0.index] }
    return metadata
  }

  package func advance() throws(CaptureError) -> Bool {
    if hasStarted, let current = queue.first {
      queue.removeFirst()
      try advance(part: current)
      if queue.last == current { settle() }
    }
    hasStarted = true
    guard let current = queue.first else { return false }
    record = parts[current].source.record
    // Held-back packets of this source count, too.
    frame += record.frame - parts[current].frame
    parts[current].frame = record.frame
    parts[current].mergedFrame = frame
    record.frame = frame
    if record.interface >= parts[current].interfaces.count { mapInterfaces(current) }
    if record.interface < parts[current].interfaces.count {
      record.interface = parts[current].interfaces[record.interface]
    }
    if let count = parts[current].annotated?.noteCount, count != parts[current].seenNotes {
      collect(current)
    }
    return true
  }

  package func withBytes(_ body: (Span<UInt8>) -> Void) {
    guard hasStarted, let current = queue.first else { return body(Span()) }
    parts[current].source.withBytes(body)
  }

  /// Reads the part's next packet and puts the part at the queue's end, if there is one.
  private func advance(part index: Int) throws(CaptureError) {
    guard try parts[index].source.advance() else { return }
    parts[index].timestamp = parts[index].source.record.timestamp
    queue.append(index)
  }

  /// Moves the queue's last part to its place; the parts of a ring buffer stay where they are.
  private func settle() {
    let moved = queue.removeLast()
    let place = queue.firstIndex { precedes(moved, $0) } ?? queue.count
    queue.insert(moved, at: place)
  }

  private func precedes(_ left: Int, _ right: Int) -> Bool {
    (parts[left].timestamp, left) < (parts[right].timestamp, right)
  }

  private func mapInterfaces(_ index: Int) {
    let count = parts[index].source.metadata.interfaces.count
    for own in parts[index].interfaces.count..<count {
      parts[index].interfaces.append(interfaces.count)
      interfaces.append((index, own))
    }
  }

  /// Takes over what a part has newly noted, with frames of the whole.
  private func collect(_ index: Int) {
    mapInterfaces(index)
    let metadata = parts[index].source.metadata
    let part = parts[index]
    func whole(_ own: Int) -> Int { max(1, part.mergedFrame + own - part.frame) }
    for comment in metadata.comments.dropFirst(part.comments)
    where notes.comments.count < CaptureLimits.comments {
      notes.comments.append(CaptureComment(frame: comment.frame.map(whole), text: comment.text))
    }
    for secret in metadata.secrets.dropFirst(part.secrets) {
      notes.secrets.append(
        DecryptionSecrets(
          type: secret.type,
          bytes: secret.bytes,
          beforeFrame: whole(secret.beforeFrame)
        )
      )
    }
    for warning in metadata.warnings.dropFirst(part.warnings)
    where notes.warnings.count < CaptureLimits.warnings {
      notes.warnings.append(
        CaptureWarning(
          code: warning.code,
          message: warning.message,
          frame: warning.frame.map(whole)
        )
      )
    }
    parts[index].comments = metadata.comments.count
    parts[index].secrets = metadata.secrets.count
    parts[index].warnings = metadata.warnings.count
    parts[index].seenNotes =
      metadata.comments.count + metadata.secrets.count + metadata.warnings.count
  }
}
