import Diagnosis
import Reports

/// Reads an expectation from JSON; what is wrong is collected, so that one run names all of it.
struct ExpectationReader {
  private(set) var problems: [ExpectationProblem] = []

  mutating func expectation(_ root: JSONNode) -> Expectation {
    var result = Expectation()
    let fields = object(
      root,
      keys: [
        "note", "knownIssue", "tolerance", "connectionCount", "connections", "attempts",
      ]
    )
    result.note = string(fields["note"])?.value
    result.knownIssue = string(fields["knownIssue"])
    if let node = fields["tolerance"] { result.tolerance = tolerance(node) }
    result.connectionCount = count(fields["connectionCount"])
    result.connections = list(fields["connections"]).compactMap { connection($0) }
    result.attempts = list(fields["attempts"]).map { attempt($0) }
    var streams: Set<Int> = []
    for stream in result.connections.map(\.stream) where !streams.insert(stream.value).inserted {
      report(stream.line, "stream \(stream.value) is described twice")
    }
    return result
  }

  private mutating func connection(_ node: JSONNode) -> ExpectedConnection? {
    let fields = object(
      node,
      keys: [
        "stream", "note", "role", "family", "familyAlternatives", "cause", "severity",
        "minimumConfidence", "phase", "ending", "codes", "evidence", "evidenceFrames",
      ]
    )
    guard let stream = count(fields["stream"]) else {
      if fields["stream"] == nil, case .object = node.value {
        report(node.line, "a connection needs its \"stream\", the number that Wireshark gives it")
      }
      return nil
    }
    var result = ExpectedConnection(stream: stream)
    result.note = string(fields["note"])?.value
    result.role = word(fields["role"], "role", Words.roles)
    result.family = word(fields["family"], "family", Words.families)
    result.familyAlternatives = list(fields["familyAlternatives"]).compactMap {
      word($0, "family", Words.families)?.value
    }
    result.cause = word(fields["cause"], "cause", Words.causes)
    result.severity = word(fields["severity"], "severity", Words.severities)
    result.minimumConfidence = confidence(fields["minimumConfidence"])
    result.phase = word(fields["phase"], "phase", Words.phases)
    result.ending = fields["ending"].map { ending($0) }
    result.codes = fields["codes"].map { codes($0) }
    result.evidence = fields["evidence"].map { node in
      let kinds = list(node).compactMap { word($0, "kind of evidence", EvidenceKind.names)?.value }
      return Stated(value: kinds, line: node.line)
    }
    result.evidenceFrames = counts(fields["evidenceFrames"])
    return result
  }

  private mutating func ending(_ node: JSONNode) -> ExpectedEnding {
    let fields = object(node, keys: ["kind", "by", "frame", "seconds"])
    return ExpectedEnding(
      kind: word(fields["kind"], "kind of ending", Words.endings),
      actor: word(fields["by"], "one who ends a connection", Words.actors),
      frame: count(fields["frame"]),
      seconds: number(fields["seconds"])
    )
  }

  private mutating func codes(_ node: JSONNode) -> ExpectedCodes {
    let fields = object(node, keys: ["failureCode", "errorInfo", "alerts"])
    return ExpectedCodes(
      failureCode: code(fields["failureCode"]),
      errorInfo: code(fields["errorInfo"]),
      alerts: list(fields["alerts"]).compactMap { code($0) }
    )
  }

  private mutating func attempt(_ node: JSONNode) -> ExpectedAttempt {
    let fields = object(
      node,
      keys: ["streams", "note", "outcome", "family", "cause", "minimumConfidence"]
    )
    return ExpectedAttempt(
      line: node.line,
      note: string(fields["note"])?.value,
      streams: counts(fields["streams"]),
      outcome: word(fields["outcome"], "outcome", Words.outcomes),
      family: word(fields["family"], "family", Words.families),
      cause: word(fields["cause"], "cause", Words.causes),
      minimumConfidence: confidence(fields["minimumConfidence"])
    )
  }

  private mutating func tolerance(_ node: JSONNode) -> Tolerance {
    let fields = object(node, keys: ["frames", "seconds"])
    var result = Tolerance()
    result.isStated = true
    if let frames = count(fields["frames"]) { result.frames = frames.value }
    if let seconds = number(fields["seconds"]) { result.seconds = seconds.value }
    return result
  }

  private mutating func report(_ line: Int, _ message: String) {
    problems.append(ExpectationProblem(line: line, message: message))
  }
}

// Values, each checked for its type; an absent or null value is `nil`.
extension ExpectationReader {
  private mutating func object(_ node: JSONNode, keys: [String]) -> [String: JSONNode] {
    guard case .object(let members) = node.value else {
      report(node.line, "expected an object, found \(node.kind)")
      return [:]
    }
    var fields: [String: JSONNode] = [:]
    for member in members {
      if !keys.contains(member.key) {
        report(member.line, "unknown key \"\(member.key)\"" + hint(member.key, keys))
      } else if fields[member.key] != nil {
        report(member.line, "the key \"\(member.key)\" comes twice")
      } else if member.node.value != .null {
        fields[member.key] = member.node
      }
    }
    return fields
  }

  private func hint(_ word: String, _ words: [String]) -> String {
    if let nearest = Words.nearest(to: word, among: words) {
      return ": did you mean \"\(nearest)\"?"
    }
    return words.count <= 16 ? ": it may be " + words.joined(separator: ", ") : ""
  }

  private mutating func list(_ node: JSONNode?) -> [JSONNode] {
    guard let node else { return [] }
    guard case .array(let elements) = node.value else {
      report(node.line, "expected a list, found \(node.kind)")
      return []
    }
    return elements
  }

  private mutating func string(_ node: JSONNode?) -> Stated<String>? {
    guard let node else { return nil }
    guard let text = node.string else {
      report(node.line, "expected a string, found \(node.kind)")
      return nil
    }
    return Stated(value: text, line: node.line)
  }

  private mutating func word(
    _ node: JSONNode?,
    _ what: String,
    _ words: [String]
  ) -> Stated<String>? {
    guard let stated = string(node) else { return nil }
    guard words.contains(stated.value) else {
      report(stated.line, "there is no \(what) \"\(stated.value)\"" + hint(stated.value, words))
      return nil
    }
    return stated
  }

  private mutating func number(_ node: JSONNode?) -> Stated<Double>? {
    guard let node else { return nil }
    guard case .number(let value) = node.value, 0 <= value else {
      report(node.line, "expected a number from 0, found \(node.kind)")
      return nil
    }
    return Stated(value: value, line: node.line)
  }

  private mutating func confidence(_ node: JSONNode?) -> Stated<Double>? {
    guard let stated = number(node) else { return nil }
    guard stated.value <= 1 else {
      report(stated.line, "a confidence is from 0 to 1, found \(stated.value)")
      return nil
    }
    return stated
  }

  private mutating func count(_ node: JSONNode?) -> Stated<Int>? {
    guard let node else { return nil }
    guard let value = node.integer, 0 <= value else {
      report(node.line, "expected a whole number from 0, found \(node.kind)")
      return nil
    }
    return Stated(value: value, line: node.line)
  }

  private mutating func counts(_ node: JSONNode?) -> Stated<[Int]>? {
    guard let node else { return nil }
    let elements = list(node)
    return Stated(value: elements.compactMap { count($0)?.value }, line: node.line)
  }

  private mutating func code(_ node: JSONNode?) -> Stated<Code>? {
    guard let node else { return nil }
    if let number = node.integer { return Stated(value: .number(number), line: node.line) }
    guard let text = node.string, !text.isEmpty else {
      report(node.line, "expected a code by number or name, found \(node.kind)")
      return nil
    }
    return Stated(value: Code(text), line: node.line)
  }
}
