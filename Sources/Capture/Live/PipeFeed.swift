package import Wire

/// A capture that arrives on stdin while it is being made.
package final class PipeFeed: LiveFeed {
  private let source: any PacketSource
  private var warningCount = 0
  private var secrets: [DecryptionSecrets]
  package var record: PacketRecord { source.record }
  package var interfaces: [CaptureInterface] { source.metadata.interfaces }

  /// Opens a capture, and waits for its first octets.
  ///
  /// - Parameters:
  ///   - path: `-` for stdin, or a named pipe.
  ///   - filter: A BPF expression that packets must match; `nil` for all.
  /// - Throws: ``CaptureError`` if it is no capture.
  package init(_ path: String, filter: String?) throws(CaptureError) {
    source = try CaptureFile.open(path, filter: filter)
    secrets = source.metadata.secrets
    source.onSecrets = { [weak self] in self?.secrets.append($0) }
  }

  package var clock: Timestamp? { nil }
  package var opener: SideThread? { nil }

  package var dropped: DropCounts {
    var counts = DropCounts()
    counts.kernel = source.metadata.interfaces.compactMap(\.dropped).reduce(0) {
      $0.addingReportingOverflow($1).partialValue
    }
    return counts
  }

  package func takeWarnings() -> [CaptureWarning] {
    let warnings = source.metadata.warnings
    defer { warningCount = warnings.count }
    return Array(warnings.dropFirst(warningCount))
  }

  package func takeSecrets() -> [DecryptionSecrets] {
    defer { secrets = [] }
    return secrets
  }

  package func next(milliseconds: Int32) throws(CaptureError) -> Arrival {
    source.patience = milliseconds
    if try source.advance() { return .packet }
    return source.isWaiting ? .idle : .end
  }

  package func withBytes(_ body: (Span<UInt8>) -> Void) { source.withBytes(body) }
}
