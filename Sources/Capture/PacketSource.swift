package import Wire

/// What a capture says about one packet, besides its octets.
package struct PacketRecord: Sendable, Hashable {
  /// When the packet was captured.
  package var timestamp: Timestamp
  /// Number of the packet in its capture, from 1, counting those that a filter holds back.
  package var frame: Int
  /// Octets of the packet that the capture holds.
  package var capturedLength: Int
  /// Octets the packet had; more than `capturedLength` where the capture cut it.
  package var originalLength: Int
  /// What the packet begins with.
  package var linkType: LinkType
  /// Index into the interfaces of the capture's metadata.
  package var interface: Int

  /// Creates a record from its fields.
  package init(
    timestamp: Timestamp,
    frame: Int,
    capturedLength: Int,
    originalLength: Int,
    linkType: LinkType,
    interface: Int
  ) {
    self.timestamp = timestamp
    self.frame = frame
    self.capturedLength = capturedLength
    self.originalLength = originalLength
    self.linkType = linkType
    self.interface = interface
  }

  /// What a source holds before its first packet.
  static let none = PacketRecord(
    timestamp: Timestamp(nanoseconds: 0),
    frame: 0,
    capturedLength: 0,
    originalLength: 0,
    linkType: LinkType(rawValue: 0),
    interface: 0
  )
}

/// A sequence of packets that is read once: a file, a pipe, or several of them merged.
///
/// A class, because it owns an open file and, for a compressed one, a child process.
package protocol PacketSource: AnyObject {
  /// What is known of the capture so far; complete once `advance()` has returned false.
  var metadata: CaptureMetadata { get }
  /// The current packet's record. Frame 0 before the first `advance()`.
  var record: PacketRecord { get }
  /// Called with decryption secrets as they are read; those read before it is set are among the
  /// metadata.
  var onSecrets: ((DecryptionSecrets) -> Void)? { get set }

  /// Moves to the next packet that the filter lets through.
  ///
  /// Broken framing and a cut end are content: they end the packets with a warning.
  /// - Returns: Whether there is one.
  /// - Throws: ``CaptureError`` if the capture cannot be read any further.
  func advance() throws(CaptureError) -> Bool

  /// Milliseconds that ``advance()`` waits for the next packet of a pipe; `nil`, as long as it takes.
  ///
  /// Only sources that can give up waiting keep what is set.
  var patience: Int32? { get set }

  /// Whether the last ``advance()`` gave up waiting: there may be more, and it may be called again.
  var isWaiting: Bool { get }

  /// Whether ``onWindowLeft`` is called.
  var keepsWindows: Bool { get }

  /// Called now and then by ``advance()``: octets that were lent before a call stay where they are
  /// until the call after the next returns.
  var onWindowLeft: (() -> Void)? { get set }

  /// Lends the current packet's octets, valid until `body` returns; none before the first packet.
  func withBytes(_ body: (Span<UInt8>) -> Void)

  /// Reads to the end: ``advance()``, ``record`` and ``withBytes(_:)`` in one call for each packet.
  ///
  /// - Parameter body: Gets each packet's record and octets, which it may not keep.
  /// - Throws: ``CaptureError`` as ``advance()``.
  func forEach(_ body: (borrowing PacketRecord, Span<UInt8>) -> Void) throws(CaptureError)
}

extension PacketSource {
  // Generic here, but each source's own for those who call it through the protocol.
  package func forEach(
    _ body: (borrowing PacketRecord, Span<UInt8>) -> Void
  ) throws(CaptureError) {
    while try advance() { withBytes { body(record, $0) } }
  }

  /// Waits as long as it takes.
  package var patience: Int32? {
    get { nil }
    set {}
  }

  /// Each packet's octets are gone with the next.
  package var keepsWindows: Bool { false }

  /// Is not called.
  package var onWindowLeft: (() -> Void)? {
    get { nil }
    set {}
  }

  /// Never gives up.
  package var isWaiting: Bool { false }

  /// No secrets come where the format has none.
  package var onSecrets: ((DecryptionSecrets) -> Void)? {
    get { nil }
    set {}
  }
}
