/// Text on its way into Markdown (CommonMark 0.31, with GitHub's and GitLab's additions).
enum MarkdownText {
  /// Characters of a piece of text from the wire: more helps nobody in a summary.
  static let maximumCount = 300
  /// What begins a mention, a reference to an issue, a label: it must not notify anybody.
  private static let references: Set<Unicode.Scalar> = ["@", "#", "!", "~", "%", "$"]

  /// Encodes text for one line of a paragraph, a list or a table.
  static func encode(_ text: String) -> String {
    let visible = TerminalText.safe(text)
    let clipped =
      visible.count <= maximumCount ? visible : String(visible.prefix(maximumCount)) + "..."
    var result = ""
    for scalar in clipped.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\\", "`", "*", "_", "[", "]", "|":
        result += "\\"
        result.unicodeScalars.append(scalar)
      case _ where references.contains(scalar):
        // The comment shows nowhere and stands between the mark and the name.
        result += "\\"
        result.unicodeScalars.append(scalar)
        result += "<!-- -->"
      case "+", "-", "=":
        // At the beginning they would make a list or a heading.
        if result.isEmpty { result += "\\" }
        result.unicodeScalars.append(scalar)
      default: result.unicodeScalars.append(scalar)
      }
    }
    // No address becomes a link by itself.
    return result.replacing("://", with: ":<!-- -->//").replacing("www.", with: "www<!-- -->.")
  }

  /// A block of code that its text cannot end.
  static func code(_ text: String) -> [String] {
    var longest = 0
    var run = 0
    for character in text.unicodeScalars {
      run = character == "`" ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: max(3, longest + 1))
    return [fence] + text.split(separator: "\n").map { TerminalText.safe(String($0)) } + [fence]
  }
}
