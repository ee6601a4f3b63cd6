package import RDPMessages

/// A code that a user reads on the screen when a connection broke.
///
/// It names the layer that gave up and not the cause; most codes have several.
package struct ClientCode: Hashable, Sendable {
  /// The number, however it was written.
  package let value: UInt32
  /// Whose number it is.
  package let vocabulary: Vocabulary

  /// Whose numbers a code is one of.
  package enum Vocabulary: Hashable, Sendable {
    /// Microsoft's clients, on every system.
    case remoteDesktop
    /// FreeRDP and what is built on it: `ERRCONNECT_…`, class 2.
    case freeRDP
    /// The operating system's socket errors.
    case system
  }

  struct Entry {
    let symptom: Symptom
    let meaning: String
    /// Whether it is in the maker's own list; otherwise it is known from the field only.
    let isOfficial: Bool

    init(_ symptom: Symptom, _ meaning: String, isOfficial: Bool) {
      self.symptom = symptom
      self.meaning = meaning
      self.isOfficial = isOfficial
    }
  }

  /// Reads a code as people write it: `0x204`, `204h`, `516`, `ERRCONNECT_DNS_ERROR`, `0x0002000D`,
  /// `os error 54`, `ECONNRESET`, `connection reset by peer`, `10054`.
  ///
  /// - Parameter text: The code; `nil` results for anything else.
  package init?(_ text: String) {
    let lower = text.lowercased()
    if let error = SystemError(lower) {
      self.init(value: error.rawValue, vocabulary: .system)
    } else if let value = Self.freeRDPValue(named: lower) {
      self.init(value: value, vocabulary: .freeRDP)
    } else if let value = Self.number(lower) {
      let isFreeRDP = Self.freeRDP[value] != nil
      self.init(value: value, vocabulary: isFreeRDP ? .freeRDP : .remoteDesktop)
    } else {
      return nil
    }
  }

  private init(value: UInt32, vocabulary: Vocabulary) {
    self.value = value
    self.vocabulary = vocabulary
  }

  private static func number(_ text: String) -> UInt32? {
    if text.hasPrefix("0x") { return UInt32(text.dropFirst(2), radix: 16) }
    if text.hasSuffix("h") { return UInt32(text.dropLast(), radix: 16) }
    return UInt32(text)
  }

  /// The code as hexadecimal and decimal, `0x204 (516)`, or by its name.
  package var text: String {
    let number = "0x\(String(value, radix: 16, uppercase: true))"
    return switch vocabulary {
    case .remoteDesktop: "\(number) (\(value))"
    case .freeRDP: "\(Self.freeRDP[value]?.name ?? "FreeRDP") (\(number))"
    case .system: SystemError(rawValue: value)?.name ?? number
    }
  }

  private var entry: Entry? {
    switch vocabulary {
    case .remoteDesktop: Self.known[value]
    case .freeRDP: Self.freeRDP[value].map { Entry($0.symptom, $0.meaning, isOfficial: true) }
    case .system:
      SystemError(rawValue: value).map { Entry($0.symptom, $0.meaning, isOfficial: true) }
    }
  }

  /// What the client means by it; `nil` for one that no list has.
  package var meaning: String? {
    entry.map { $0.isOfficial ? $0.meaning : $0.meaning + " (known from the field)" }
  }

  /// What gave up; `nil` for a code that no list has.
  package var symptom: Symptom? { entry?.symptom ?? errorInfo.map { _ in .endedByServer } }

  /// What it means as an extended reason, which repeats the server's Set Error Info.
  package var errorInfo: ErrorInfo? {
    guard vocabulary == .remoteDesktop else { return nil }
    let info = ErrorInfo(rawValue: value)
    return info.kind == .unknown ? nil : info
  }

  /// The causes after which users see it, in the order of the catalogue: those that name it, or,
  /// for a code that none names, those of the families that its layer can fail by.
  package var causes: [Cause] {
    let naming = Catalogue.causes.filter(isNamed)
    guard naming.isEmpty, let families = symptom?.families else { return naming }
    return Catalogue.causes.filter { families.contains($0.family) }
  }

  private func isNamed(by cause: Cause) -> Bool {
    cause.clientCodes.contains { Self($0) == self }
  }

  /// Whether users see the code after a cause; `nil` where the code says nothing about it.
  package func fits(_ cause: Cause) -> Bool? {
    // What nothing explains, a code does not explain either.
    guard cause.family != .unknown, cause.family != .captureTruncated else { return nil }
    if isNamed(by: cause) { return true }
    if case let info? = errorInfo, cause.necessary.joined().contains(.said(info.kind)) {
      return true
    }
    guard let families = symptom?.families, !families.isEmpty else { return nil }
    return families.contains(cause.family)
  }
}
