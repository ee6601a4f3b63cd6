/// Workflow commands that GitHub Actions shows beside files.
package enum GitHubAnnotations {
  /// Characters of a message: GitHub cuts longer ones anyway, without saying so.
  static let maximumMessageCount = 4000

  /// The attempts that did not go well.
  package static func text(_ report: AnalysisReport) -> [UInt8] {
    text(report.annotations)
  }

  /// What a check fails for, then the counts.
  package static func text(_ report: CheckReport) -> [UInt8] {
    text(report.annotations) + Array((CheckWords.summary(report) + "\n").utf8)
  }

  private static func text(_ annotations: [Annotation]) -> [UInt8] {
    Array(annotations.map { line($0) + "\n" }.joined().utf8)
  }

  private static func line(_ annotation: Annotation) -> String {
    let command = annotation.level == .note ? "notice" : annotation.level.rawValue
    let place = annotation.line.map { ",line=\(max(1, $0))" } ?? ""
    let message = annotation.lines.map(TerminalText.safe).joined(separator: "\n")
    return "::\(command) file=\(property(annotation.path))\(place),"
      + "title=\(property(clipped(annotation.title, 200)))::"
      + data(clipped(message, maximumMessageCount))
  }

  private static func clipped(_ text: String, _ count: Int) -> String {
    text.count <= count ? text : String(text.prefix(count)) + "..."
  }

  /// Encodes a message: a line end would begin another command.
  private static func data(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "%": result += "%25"
      case "\r": result += "%0D"
      case "\n": result += "%0A"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Encodes a property's value, which colon and comma end.
  private static func property(_ text: String) -> String {
    var result = ""
    for scalar in data(TerminalText.safe(text)).unicodeScalars {
      switch scalar {
      case ":": result += "%3A"
      case ",": result += "%2C"
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }
}
