import Foundation
import Reports
import Testing

/// Checks a value against the part of JSON Schema that the schemas of `Docs/` use: type, enum, const,
/// required, properties and items.
func violations(of value: Any, _ schema: [String: Any], at path: String = "$") -> [String] {
  var found: [String] = []
  if let constant = schema["const"] as? String, constant != value as? String {
    found.append("\(path): not \(constant)")
  }
  if let allowed = schema["enum"] as? [String], !allowed.contains(value as? String ?? "") {
    found.append("\(path): \(value) is not one of \(allowed)")
  }
  let types = schema["type"] as? [String] ?? (schema["type"] as? String).map { [$0] } ?? []
  if !types.isEmpty, !types.contains(where: { matches(value, $0) }) {
    found.append("\(path): \(value) is not \(types)")
  }
  if let object = value as? [String: Any] {
    for key in schema["required"] as? [String] ?? [] where object[key] == nil {
      found.append("\(path): \(key) is missing")
    }
    for (key, inner) in schema["properties"] as? [String: [String: Any]] ?? [:] {
      if let member = object[key] { found += violations(of: member, inner, at: "\(path).\(key)") }
    }
  }
  if let list = value as? [Any], let items = schema["items"] as? [String: Any] {
    for (index, item) in list.enumerated() {
      found += violations(of: item, items, at: "\(path)[\(index)]")
    }
  }
  return found
}

private func matches(_ value: Any, _ type: String) -> Bool {
  switch type {
  case "null": value is NSNull
  case "object": value is [String: Any]
  case "array": value is [Any]
  case "string": value is String
  case "boolean": (value as? NSNumber).map { $0 == 0 || $0 == 1 } ?? false
  case "integer": (value as? NSNumber).map { $0.doubleValue == $0.doubleValue.rounded() } ?? false
  case "number": value is NSNumber
  default: false
  }
}

@Suite struct SchemaTests {
  private static var schema: [String: Any] { named("report.schema.json") }

  /// A schema of `Docs/`; empty when it cannot be read.
  static func named(_ name: String) -> [String: Any] {
    let url = capturesFolder.deletingLastPathComponent().appending(path: "Docs/\(name)")
    let data = (try? Data(contentsOf: url)) ?? Data()
    return (try? JSONSerialization.jsonObject(with: data)) as? [String: Any] ?? [:]
  }

  @Test(arguments: GoldenCase.all)
  func reportFollowsTheSchema(_ golden: GoldenCase) throws {
    #expect(Self.schema["properties"] != nil)
    let report = AnalysisReport(captures: [try analyse(golden.capture.path)])
    let text = JSONReport.text(report, version: "test")
    let value = try JSONSerialization.jsonObject(with: Data(text))
    #expect(violations(of: value, Self.schema) == [])
  }

  /// Every key that `Docs/decoding.md` names in its column on the report is one of the report's.
  @Test func documentedKeysExist() throws {
    let url = capturesFolder.deletingLastPathComponent().appending(path: "Docs/decoding.md")
    let connections = (Self.schema["properties"] as? [String: Any])?["connections"]
    let connection = try #require((connections as? [String: Any])?["items"] as? [String: Any])
    var count = 0
    for line in try String(contentsOf: url, encoding: .utf8).split(separator: "\n") {
      guard line.hasPrefix("|"), let column = line.split(separator: "|").last else { continue }
      var base = ""
      for word in column.split(separator: "`").map(String.init) where word.contains(".") {
        let path = (word.hasPrefix(".") ? base + word : word).replacing("[]", with: "")
        guard !path.contains(" ") else { continue }
        base = String(path.prefix { $0 != "." })
        #expect(has(path.split(separator: ".").map(String.init)[...], connection), "\(path)")
        count += 1
      }
    }
    #expect(60 < count)
  }

  private func has(_ path: ArraySlice<String>, _ schema: [String: Any]) -> Bool {
    guard let key = path.first else { return true }
    var object = schema
    while let items = object["items"] as? [String: Any] { object = items }
    guard let next = (object["properties"] as? [String: Any])?[key] as? [String: Any] else {
      return false
    }
    return has(path.dropFirst(), next)
  }

  @Test func aWrongReportIsNoticed() {
    #expect(!violations(of: ["schema": "rdpscope.report/2"], Self.schema).isEmpty)
  }

  @Test func hostileTextIsEscaped() {
    var writer = JSONWriter(isPretty: false)
    writer.value("a\"\\\u{1B}[31m\u{85}\u{2028}")
    #expect(String(decoding: writer.text, as: UTF8.self) == #""a\"\\\u001b[31m\u0085\u2028""#)
    #expect(TerminalText.safe("a\u{1B}[31m\u{202E}b") == #"a\u{1b}[31m\u{202e}b"#)
  }
}
