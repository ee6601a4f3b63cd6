package import Reports

/// What a capture's analysis is expected to say: only the facts that matter, written by hand or
/// recorded.
package struct Expectation: Sendable {
  /// Something for the people who read the file.
  var note: String?
  /// Why the analysis does not say this yet; the difference is then shown and fails nothing.
  package internal(set) var knownIssue: Stated<String>?
  /// How far frames and seconds may be off.
  var tolerance = Tolerance()
  /// How many connections there are.
  var connectionCount: Stated<Int>?
  package internal(set) var connections: [ExpectedConnection] = []
  package internal(set) var attempts: [ExpectedAttempt] = []

  /// Reads an expectation.
  ///
  /// - Parameter text: JSON, UTF-8.
  /// - Throws: ``ExpectationError`` with every problem found, each with its line.
  package init(reading text: [UInt8]) throws(ExpectationError) {
    let root: JSONNode
    do throws(JSONError) {
      root = try JSONParser.parse(text)
    } catch {
      throw ExpectationError([ExpectationProblem(line: error.line, message: error.message)])
    }
    var reader = ExpectationReader()
    self = reader.expectation(root)
    guard reader.problems.isEmpty else { throw ExpectationError(reader.problems) }
  }

  init() {}
}

/// Every problem of an expectation that cannot be used.
package struct ExpectationError: Error, Hashable {
  package let problems: [ExpectationProblem]

  init(_ problems: [ExpectationProblem]) { self.problems = problems }
}

/// A value that an expectation states, with its line.
package struct Stated<Value: Sendable & Hashable>: Sendable, Hashable {
  package let value: Value
  /// The line, from 1.
  package let line: Int
}

/// How far measured values may be off.
struct Tolerance: Sendable, Hashable {
  /// Frames by which evidence and endings may be off.
  var frames = 0
  /// Seconds by which an ending may be off.
  var seconds = 0.5
  /// Whether the expectation says so, or these are the defaults.
  var isStated = false
}

/// What is expected of one connection.
package struct ExpectedConnection: Sendable {
  /// The stream's number, as Wireshark gives it.
  package internal(set) var stream: Stated<Int>
  var note: String?
  var role: Stated<String>?
  package internal(set) var family: Stated<String>?
  var familyAlternatives: [String] = []
  var cause: Stated<String>?
  var severity: Stated<String>?
  var minimumConfidence: Stated<Double>?
  var phase: Stated<String>?
  var ending: ExpectedEnding?
  var codes: ExpectedCodes?
  /// Kinds of evidence that must be among the verdict's.
  var evidence: Stated<[String]>?
  /// Frames of which at least one must be among the evidence's.
  var evidenceFrames: Stated<[Int]>?
}

/// How a connection is expected to end.
struct ExpectedEnding: Sendable {
  var kind: Stated<String>?
  var actor: Stated<String>?
  var frame: Stated<Int>?
  /// Seconds from the connection's start.
  var seconds: Stated<Double>?
}

/// Codes that a connection is expected to show.
struct ExpectedCodes: Sendable {
  /// Of the RDP Negotiation Failure: number or name.
  var failureCode: Stated<Code>?
  /// Of the Set Error Info PDU: number or name.
  var errorInfo: Stated<Code>?
  /// TLS alerts that must be among those seen: number or name.
  var alerts: [Stated<Code>] = []
}

/// A code as an expectation states it.
enum Code: Sendable, Hashable, CustomStringConvertible {
  case number(Int)
  case name(String)

  /// Reads `5`, `"5"`, `"0x5"` or a name.
  init(_ text: String) {
    if let number = Int(text) {
      self = .number(number)
    } else if text.hasPrefix("0x"), let number = Int(text.dropFirst(2), radix: 16) {
      self = .number(number)
    } else {
      self = .name(text)
    }
  }

  var description: String {
    switch self {
    case .number(let number): "\(number)"
    case .name(let name): name
    }
  }

  /// Whether a code seen is this one.
  func matches(_ number: Int, _ name: String) -> Bool {
    switch self {
    case .number(let expected): expected == number
    case .name(let expected): expected == name
    }
  }
}

/// What is expected of one attempt.
package struct ExpectedAttempt: Sendable {
  /// The attempt's line.
  var line: Int
  var note: String?
  /// The streams that tell which attempt is meant; `nil` for the capture's first.
  package internal(set) var streams: Stated<[Int]>?
  var outcome: Stated<String>?
  var family: Stated<String>?
  var cause: Stated<String>?
  var minimumConfidence: Stated<Double>?
}
