extension EvidenceKind {
  /// The kind's name in expectations: `refused_hybrid_required`, `said.idle_limit`.
  package var name: String {
    switch self {
    case .said(let kind): "said." + snakeCase("\(kind)")
    case .loginRefused(let kind): "login_refused." + snakeCase("\(kind)")
    case .kdcRefused(let kind): "kdc_refused." + snakeCase("\(kind)")
    default: snakeCase("\(self)")
    }
  }

  /// The names of every kind that a cause reads or a report tells, sorted.
  package static let names: [String] = {
    var kinds: [EvidenceKind] = []
    for cause in Catalogue.causes {
      for group in cause.necessary + cause.given { kinds += group }
      kinds += cause.supporting
      kinds += cause.contradicting
      kinds += cause.excluding
    }
    let notes: [EvidenceKind] = [
      .udpCarries, .udpUnanswered, .udpRefused, .udpOutlived, .kdcProxyRefuses, .refusalOfUnseen,
      .reachedByOtherVersion,
    ]
    return Set((kinds + notes).map(\.name)).sorted()
  }()
}

/// A Swift name as the catalogue writes names: `refusedNLAFollows` becomes `refused_nla_follows`.
private func snakeCase(_ name: String) -> String {
  let characters = Array(name)
  var result = ""
  for (index, character) in characters.enumerated() {
    if character.isUppercase, 0 < index {
      let startsWord = !characters[index - 1].isUppercase
      let endsAcronym = index + 1 < characters.count && characters[index + 1].isLowercase
      if startsWord || endsAcronym { result += "_" }
    }
    result += character.lowercased()
  }
  return result
}
