/// SARIF 2.1.0 (OASIS), as code hosts take it for their lists of alerts.
package enum SARIFReport {
  static let schema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

  /// The attempts that did not go well; the rules are the causes.
  package static func text(_ report: AnalysisReport, version: String) -> [UInt8] {
    text(report.annotations, version: version)
  }

  /// What a check fails for; the rules are the kinds of failure.
  package static func text(_ report: CheckReport, version: String) -> [UInt8] {
    text(report.annotations, version: version)
  }

  private static func text(_ annotations: [Annotation], version: String) -> [UInt8] {
    var rules: [Annotation.Rule] = []
    var indexes: [String: Int] = [:]
    for rule in annotations.map(\.rule) where indexes[rule.id] == nil {
      indexes[rule.id] = rules.count
      rules.append(rule)
    }
    var writer = JSONWriter(isPretty: true)
    writer.object { json in
      json.key("$schema")
      json.value(schema)
      json.key("version")
      json.value("2.1.0")
      json.key("runs")
      json.array([0]) { json, _ in
        json.object { json in
          writeTool(rules, version, &json)
          json.key("columnKind")
          json.value("unicodeCodePoints")
          json.key("results")
          json.array(annotations) { writeResult($1, indexes[$1.rule.id] ?? 0, &$0) }
        }
      }
    }
    return writer.text + [UInt8(ascii: "\n")]
  }

  private static func writeTool(
    _ rules: [Annotation.Rule],
    _ version: String,
    _ json: inout JSONWriter
  ) {
    json.key("tool")
    json.object { json in
      json.key("driver")
      json.object { json in
        json.key("name")
        json.value("rdpscope")
        json.key("version")
        json.value(version)
        json.key("rules")
        json.array(rules) { json, rule in
          json.object { json in
            json.key("id")
            json.value(rule.id)
            json.text("shortDescription", rule.title)
            json.text("fullDescription", rule.explanation)
            if !rule.help.isEmpty { json.text("help", rule.help) }
          }
        }
      }
    }
  }

  private static func writeResult(
    _ annotation: Annotation,
    _ ruleIndex: Int,
    _ json: inout JSONWriter
  ) {
    json.object { json in
      json.key("ruleId")
      json.value(annotation.rule.id)
      json.key("ruleIndex")
      json.value(ruleIndex)
      json.key("level")
      json.value(annotation.level.rawValue)
      json.text("message", annotation.lines.map(TerminalText.safe).joined(separator: "\n"))
      json.key("locations")
      json.array([annotation]) { writeLocation($1, &$0) }
      json.key("partialFingerprints")
      json.object {
        $0.key("rdpscope/v1")
        $0.value(TerminalText.safe(annotation.fingerprint))
      }
    }
  }

  private static func writeLocation(_ annotation: Annotation, _ json: inout JSONWriter) {
    json.object { json in
      json.key("physicalLocation")
      json.object { json in
        json.key("artifactLocation")
        json.object {
          $0.key("uri")
          $0.value(URIText.path(annotation.path))
        }
        // Code hosts want a place; a capture's is its beginning.
        json.key("region")
        json.object {
          $0.key("startLine")
          $0.value(max(1, annotation.line ?? 1))
        }
      }
      if let subject = annotation.subject {
        json.key("logicalLocations")
        json.array([subject]) { json, subject in
          json.object {
            $0.key("name")
            $0.value(TerminalText.safe(subject))
          }
        }
      }
    }
  }
}

extension JSONWriter {
  /// Writes a SARIF message object.
  fileprivate mutating func text(_ name: StaticString, _ text: String) {
    key(name)
    object {
      $0.key("text")
      $0.value(text)
    }
  }
}

/// Paths as relative references or file URIs (RFC 3986).
enum URIText {
  /// Percent-encodes a path.
  static func path(_ path: String) -> String {
    var result = path.hasPrefix("/") ? "file://" : ""
    // A first segment with a colon would be read as a scheme.
    if !path.hasPrefix("/"), path.prefix(while: { $0 != "/" }).contains(":") { result = "./" }
    for octet in path.utf8 {
      switch octet {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "/"), UInt8(ascii: ":"):
        result.unicodeScalars.append(Unicode.Scalar(octet))
      default:
        let digits = String(octet, radix: 16, uppercase: true)
        result += "%" + (digits.count == 1 ? "0" : "") + digits
      }
    }
    return result
  }
}
