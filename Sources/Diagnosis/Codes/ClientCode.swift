package import RDPMessages

/// A code that a user reads on the screen when a connection broke.
///
/// It names the layer that gave up and not the cause; most codes have several.
package struct ClientCode: Hashable, Sendable {
  /// The number, however it was written.
  package let value: UInt32

  struct Entry {
    let meaning: String
    /// Whether it is in Microsoft's own list; otherwise it is known from the field only.
    let isOfficial: Bool

    init(_ meaning: String, isOfficial: Bool) {
      self.meaning = meaning
      self.isOfficial = isOfficial
    }
  }

  /// Reads a code as people write it: `0x204`, `204h`, `516`.
  ///
  /// - Parameter text: The code; `nil` results for anything else.
  package init?(_ text: String) {
    let lower = text.lowercased()
    let parsed =
      if lower.hasPrefix("0x") {
        UInt32(lower.dropFirst(2), radix: 16)
      } else if lower.hasSuffix("h") {
        UInt32(lower.dropLast(), radix: 16)
      } else {
        UInt32(lower)
      }
    guard let parsed else { return nil }
    value = parsed
  }

  /// The code as hexadecimal and decimal: `0x204 (516)`.
  package var text: String { "0x\(String(value, radix: 16, uppercase: true)) (\(value))" }

  /// What the client means by it; `nil` for one that no list has.
  package var meaning: String? {
    Self.known[value].map { $0.isOfficial ? $0.meaning : $0.meaning + " (known from the field)" }
  }

  /// What it means as an extended reason, which repeats the server's Set Error Info.
  package var errorInfo: ErrorInfo? {
    let info = ErrorInfo(rawValue: value)
    return info.kind == .unknown ? nil : info
  }

  /// The causes after which users see it, in the order of the catalogue.
  package var causes: [Cause] {
    Catalogue.causes.filter { cause in
      cause.clientCodes.contains { Self($0)?.value == value }
    }
  }
}
