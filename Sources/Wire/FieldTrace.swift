import Synchronization

/// The fields that readers read while it is current: what a hex dump shows beside the octets.
///
/// Decoders name each field when they read it, so that a dump needs no second description of any
/// message.
package final class FieldTrace: Sendable {
  /// One field read.
  package struct Field: Hashable, Sendable {
    /// The field's name in its specification.
    package let name: String
    /// Where it stands, as readers count.
    package let range: Range<Int>
    /// Whether its octets are a password, a key or what one is made of: no output shows them.
    package let isSecret: Bool

    /// Creates a field.
    package init(name: String, range: Range<Int>, isSecret: Bool = false) {
      self.name = name
      self.range = range
      self.isSecret = isSecret
    }
  }

  /// The trace that readers created now report to; `nil` almost always.
  @TaskLocal package static var current: FieldTrace?

  private let state = Mutex<[Field]>([])

  /// Creates an empty trace.
  package init() {}

  /// What was read, in the order of reading.
  package var fields: [Field] { state.withLock { $0 } }

  @usableFromInline
  func note(_ field: StaticString, at offset: Int, count: Int, isSecret: Bool = false) {
    let entry = Field(name: "\(field)", range: offset..<offset + count, isSecret: isSecret)
    state.withLock { $0.append(entry) }
  }
}
