/// The kinds of some evidence, hashed into a few words: what it says is missing is missing, and what
/// it says is there may be.
///
/// Most causes lack what they need; this tells without looking up each of their kinds.
struct EvidenceSieve: Sendable {
  private var words = InlineArray<4, UInt64>(repeating: 0)

  init() {}

  init(_ kinds: some Sequence<EvidenceKind>) {
    for kind in kinds { insert(kind) }
  }

  private mutating func insert(_ kind: EvidenceKind) {
    let bit = kind.hashValue & (words.count * UInt64.bitWidth - 1)
    words[bit / UInt64.bitWidth] |= 1 << UInt64(bit % UInt64.bitWidth)
  }

  /// Whether both may hold the same kind.
  func mayMeet(_ other: EvidenceSieve) -> Bool {
    for index in words.indices where words[index] & other.words[index] != 0 { return true }
    return false
  }
}
