/// Text from the wire on its way into HTML.
enum HTMLText {
  /// What HTML acts on.
  private static let markup: Set<Unicode.Scalar> = ["<", ">", "&", "\"", "'"]

  /// Makes text harmless that a template will escape.
  ///
  /// Besides what a terminal obeys, marks that join a quote or a bracket become visible escapes: the
  /// template library escapes characters as Swift counts them, and for Swift a quote with a mark on
  /// it is another character, while for HTML it is a quote.
  static func safe(_ text: String) -> String {
    var result = ""
    for character in TerminalText.safe(text) {
      let scalars = character.unicodeScalars
      guard scalars.count > 1, scalars.contains(where: markup.contains) else {
        result.append(character)
        continue
      }
      for scalar in scalars {
        if markup.contains(scalar) {
          result.unicodeScalars.append(scalar)
        } else {
          result += "\\u{" + String(scalar.value, radix: 16) + "}"
        }
      }
    }
    return result
  }

  /// The same, cut to so many characters.
  static func safe(_ text: String, limit: Int) -> String {
    let visible = safe(text.count <= limit * 2 ? text : String(text.prefix(limit * 2)))
    return visible.count <= limit ? visible : visible.prefix(limit - 1) + "…"
  }
}
