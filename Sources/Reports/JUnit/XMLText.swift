/// Text on its way into XML.
enum XMLText {
  /// Encodes text for an element or an attribute in quotes.
  ///
  /// Control characters, of which XML 1.0 §2.2 allows three and not even as references, and the
  /// marks that reorder or hide text become visible escapes.
  static func encode(_ text: String) -> String {
    var result = ""
    for scalar in TerminalText.safe(text).unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Encodes lines for an element.
  static func encode(lines: [String]) -> String {
    lines.map(encode).joined(separator: "\n")
  }
}
