package import Wire

/// Packets as they come: from interfaces or through a pipe.
///
/// A class, because it owns open handles.
package protocol LiveFeed: AnyObject {
  /// The current packet's record; frames count through all interfaces.
  var record: PacketRecord { get }
  /// Where packets come from so far.
  var interfaces: [CaptureInterface] { get }
  /// Packets lost so far, where that is known.
  var dropped: DropCounts { get }
  /// How late it is on the clock that stamps packets; `nil` where that is elsewhere.
  var clock: Timestamp? { get }
  /// The thread that opens interfaces, and needs the right to it; `nil` where none are opened.
  var opener: SideThread? { get }
  /// What was wrong, each once.
  func takeWarnings() -> [CaptureWarning]
  /// Decryption secrets that came with the packets, each once.
  func takeSecrets() -> [DecryptionSecrets]
  /// Waits for the next packet.
  ///
  /// - Parameter milliseconds: How long; a signal ends the wait earlier.
  /// - Returns: What came.
  /// - Throws: ``CaptureError`` if nothing can come any more.
  func next(milliseconds: Int32) throws(CaptureError) -> Arrival
  /// Lends the current packet's octets.
  func withBytes(_ body: (Span<UInt8>) -> Void)
}

/// What a ``LiveFeed`` has.
package enum Arrival: Hashable, Sendable {
  /// A packet to look into.
  case packet
  /// Of a packet that nobody asked for the headers: its sender is alive.
  case activity
  /// Nothing for now.
  case idle
  /// Nothing any more.
  case end
}

/// Packets lost on the way to us.
package struct DropCounts: Hashable, Sendable {
  /// By the kernel, because its buffer was full.
  package var kernel = 0
  /// By the interface or its driver.
  package var interface = 0
  /// Headers of other traffic that were passed over under load: no loss.
  package var thinned = 0

  /// Nothing lost.
  package init() {}

  /// Packets that a verdict may miss.
  package var total: Int { kernel + interface }
}
