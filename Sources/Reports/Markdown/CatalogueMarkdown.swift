import Diagnosis

/// The catalogue of causes as a page: what `Docs/causes.md` holds.
package enum CatalogueMarkdown {
  /// The page, with a final line break.
  package static func text() -> String {
    var lines = [
      "# Causes", "",
      "What a verdict may name, by family; `rdpscope causes ID` says the same of one. The evidence that "
        + "speaks for and against each is in `Sources/Diagnosis/Causes`.",
    ]
    for family in Family.allCases {
      let causes = Catalogue.all.filter { $0.family == family }
      guard !causes.isEmpty else { continue }
      lines += [
        "", "## \(family.rawValue)", "", "Severity by itself: \(family.severity.rawValue).",
      ]
      for cause in causes { lines += section(cause) }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func section(_ cause: Cause) -> [String] {
    var lines = ["", "### \(cause.id)", "", "**\(cause.title)**", "", cause.explanation]
    if !cause.remedies.isEmpty { lines.append("") }
    for remedy in cause.remedies {
      lines.append("- \(remedy.place): \(remedy.text)")
      if let command = remedy.command { lines += ["", "  ```", "  \(command)", "  ```", ""] }
    }
    if lines.last == "" { lines.removeLast() }
    if !cause.clientCodes.isEmpty {
      lines += ["", "Users see: \(cause.clientCodes.joined(separator: ", "))"]
    }
    if !cause.wouldSettle.isEmpty {
      lines += ["", "Would settle it: \(cause.wouldSettle.joined(separator: "; "))"]
    }
    return lines
  }
}
