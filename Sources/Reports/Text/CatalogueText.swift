package import Diagnosis
import RDPMessages

/// The catalogue of causes and the codes of clients, for a person at a terminal.
package struct CatalogueText {
  private static let width = 96
  private let style: TextStyle

  /// Creates a writer.
  package init(isColored: Bool) { style = TextStyle(isColored: isColored) }

  /// Every cause, by family.
  package func list() -> String {
    var lines: [String] = []
    for family in Family.allCases {
      let causes = Catalogue.all.filter { $0.family == family }
      guard !causes.isEmpty else { continue }
      lines.append(style.bold(family.rawValue))
      lines += causes.map { cause in
        "  \(cause.id)" + String(repeating: " ", count: max(1, 32 - cause.id.count)) + cause.title
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// One cause in full.
  package func cause(_ cause: Cause) -> String {
    var lines = [style.bold("\(cause.id): \(cause.title)"), "family \(cause.family.rawValue)", ""]
    lines += TerminalText.wrap(cause.explanation, width: Self.width)
    if !cause.remedies.isEmpty {
      lines += ["", style.bold("Do this")]
      for remedy in cause.remedies {
        lines.append("  \(remedy.place): \(remedy.text)")
        if let command = remedy.command { lines.append("      \(command)") }
      }
    }
    if !cause.clientCodes.isEmpty {
      lines += ["", style.bold("Users see"), "  " + cause.clientCodes.joined(separator: ", ")]
    }
    if !cause.wouldSettle.isEmpty {
      lines += ["", style.bold("This would settle it")] + cause.wouldSettle.map { "  " + $0 }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// What a client's code means and which causes give it.
  package func code(_ code: ClientCode) -> String {
    var lines = [style.bold(code.text)]
    if let meaning = code.meaning { lines.append("the client says: \(meaning)") }
    if let info = code.errorInfo {
      lines.append("as an extended reason: \(info.name), \(info.meaning)")
    }
    if code.meaning == nil, code.errorInfo == nil { lines.append("no list has this code") }
    if code.causes.isEmpty {
      lines.append("no cause of the catalogue names it; the packets may tell more")
    } else {
      lines += ["", style.bold("Causes that give it")]
      lines += code.causes.map { "  \($0.id): \($0.title)" }
      lines += ["", "A code names what gave up, not why. A capture tells these causes apart."]
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
