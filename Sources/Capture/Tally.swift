import Wire

/// What a source has counted and collected so far.
struct Tally {
  /// Everything but the counts.
  private(set) var notes: CaptureMetadata
  /// How many packets, and how long.
  var count = Count()
  private var textBytes = 0
  private var secretBytes = 0

  init(format: String) { notes = CaptureMetadata(format: format) }

  /// Comments, secrets and warnings so far, to notice new ones cheaply.
  var noteCount: Int { notes.comments.count + notes.secrets.count + notes.warnings.count }

  /// The metadata of what was read so far.
  var metadata: CaptureMetadata {
    var metadata = notes
    metadata.packets = count.packets
    metadata.bytes = count.bytes
    if count.packets > 0 {
      metadata.start = Timestamp(nanoseconds: count.earliest)
      metadata.end = Timestamp(nanoseconds: count.latest)
    }
    return metadata
  }

  /// What is counted of every packet.
  struct Count {
    fileprivate var packets = 0
    fileprivate var bytes = 0
    fileprivate var earliest = Int64.max
    fileprivate var latest = Int64.min

    @inline(__always)
    mutating func add(_ record: borrowing PacketRecord) {
      packets += 1
      bytes &+= record.originalLength
      let time = record.timestamp.nanoseconds
      if time < earliest { earliest = time }
      if time > latest { latest = time }
    }
  }

  mutating func warn(_ code: String, _ message: String, frame: Int?) {
    guard notes.warnings.count < CaptureLimits.warnings - 1 else {
      if notes.warnings.count == CaptureLimits.warnings - 1 {
        notes.warnings.append(
          CaptureWarning(
            code: "capture_warnings_folded",
            message: "there are more warnings on this capture than are kept",
            frame: frame
          )
        )
      }
      return
    }
    notes.warnings.append(CaptureWarning(code: code, message: message, frame: frame))
  }

  /// Adds an interface and gives its index, `nil` when there are too many.
  mutating func add(_ interface: CaptureInterface) -> Int? {
    guard notes.interfaces.count < CaptureLimits.interfaces else { return nil }
    notes.interfaces.append(interface)
    if !notes.linkTypes.contains(interface.linkType) { notes.linkTypes.append(interface.linkType) }
    return notes.interfaces.count - 1
  }

  /// Sets the counters of the interface at `index`; a later report replaces an earlier one.
  mutating func setCounters(interface index: Int, received: Int?, dropped: Int?) {
    guard notes.interfaces.indices.contains(index) else { return }
    if let received { notes.interfaces[index].received = received }
    if let dropped { notes.interfaces[index].dropped = dropped }
  }

  mutating func addComment(_ text: String, frame: Int?) {
    guard notes.comments.count < CaptureLimits.comments, keep(text) else { return }
    notes.comments.append(CaptureComment(frame: frame, text: text))
  }

  mutating func addName(_ name: String, address: String) {
    guard notes.names.count < CaptureLimits.names, keep(name) else { return }
    notes.names.append(CaptureName(address: address, name: name))
  }

  /// Keeps secrets, unless there are too many.
  mutating func addSecrets(_ secrets: DecryptionSecrets) -> Bool {
    guard secrets.bytes.count <= CaptureLimits.secretBytes - secretBytes else { return false }
    secretBytes += secrets.bytes.count
    notes.secrets.append(secrets)
    return true
  }

  private mutating func keep(_ text: String) -> Bool {
    guard text.utf8.count <= CaptureLimits.allTextBytes - textBytes else { return false }
    textBytes += text.utf8.count
    return true
  }
}
