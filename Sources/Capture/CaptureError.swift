/// Why a capture cannot be opened or read: a matter of the environment, not of the packets.
package struct CaptureError: Error, Sendable, Hashable {
  /// The kinds that a caller tells apart, for instance by exit status.
  package enum Kind: Sendable, Hashable {
    case notFound, unreadable, notPermitted, notACapture, needsConverting, missingDecompressor
    case badFilter
    case noSuchInterface, interfaceDown, mayNotCapture
  }

  /// What went wrong.
  package let kind: Kind
  /// One sentence that says what to do.
  package let message: String

  /// Creates an error from its kind and its sentence.
  package init(_ kind: Kind, _ message: String) {
    self.kind = kind
    self.message = message
  }
}
