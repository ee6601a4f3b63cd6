import Diagnosis
import Timeline

/// One finding in the form that code hosts show: beside a file, with a level and a rule.
struct Annotation {
  /// How bad it is; the words are SARIF's (SARIF 2.1.0 §3.27.10).
  enum Level: String {
    case error, warning, note
  }

  /// The rule that found it.
  let rule: Rule
  let level: Level
  /// The finding in one sentence; text from the wire is not encoded yet.
  let title: String
  /// All that is to be said, a fact a line.
  let lines: [String]
  /// The file it is about.
  let path: String
  /// Its line; `nil` in files that have none.
  let line: Int?
  /// What inside the file it is about: `stream 0`.
  let subject: String?
  /// What makes it the same finding in another run.
  let fingerprint: String

  /// What finds something: a cause of the catalogue, or a kind of difference.
  struct Rule: Hashable {
    let id: String
    let title: String
    let explanation: String
    /// What to do about it.
    let help: String
  }
}

extension Annotation.Rule {
  init(_ cause: Cause) {
    self.init(
      id: cause.id,
      title: cause.title,
      explanation: cause.explanation,
      help: cause.remedies.map { remedy in
        "\(remedy.place): \(remedy.text)" + (remedy.command.map { " (\($0))" } ?? "")
      }.joined(separator: "\n")
    )
  }
}

extension AnalysisReport {
  /// The attempts that did not go well, worst first within each capture's order.
  var annotations: [Annotation] {
    captures.flatMap { capture in
      zip(capture.diagnosis.attempts, capture.diagnosis.connectionNames)
        .compactMap { attempt, names -> Annotation? in
          let severity = capture.severity(of: attempt)
          guard severity != .none else { return nil }
          let verdict = attempt.verdict
          return Annotation(
            rule: Annotation.Rule(verdict.cause),
            level: severity == .failure ? .error : .warning,
            title: verdict.cause.title,
            lines: [
              "\(attempt.client) -> \(attempt.server) at \(attempt.start): "
                + "\(verdict.cause.title) (\(verdict.certainty))"
            ] + verdict.evidence.map(\.line),
            path: capture.path,
            line: nil,
            subject: names.isEmpty ? nil : names.words,
            fingerprint: "\(verdict.cause.id)/\(attempt.client)/\(attempt.server)/\(attempt.start)"
          )
        }
    }
  }
}

extension Evidence {
  /// The fact with its frames, in a line.
  var line: String {
    guard !frames.isEmpty else { return text }
    let numbers = frames.map(String.init).joined(separator: ", ")
    return (frames.count == 1 ? "frame " : "frames ") + numbers + ": " + text
  }
}

extension CheckReport {
  /// What the check fails for, and known issues as notes.
  var annotations: [Annotation] { cases.flatMap(\.annotations) }
}

extension CheckedCase {
  fileprivate var annotations: [Annotation] {
    switch outcome {
    case .matches, .unchanged, .recorded: return []
    case .differs(let differences):
      return differences.map { annotation($0, .error, title: "\(path), \($0.subject), differs") }
    case .known(let reason, let differences):
      return differences.map {
        annotation($0, .note, title: "\(path), \($0.subject), is a known issue: \(reason)")
      }
    case .invalid(let problems):
      return problems.map { annotation($0.message, file: expectation, line: $0.line) }
    case .fixed(_, let line):
      return [annotation(headline, file: expectation, line: line)]
    case .missing, .orphaned:
      return [annotation(headline, file: path, line: nil)]
    case .unreadable(let message, _):
      return [annotation(message, file: path, line: nil)]
    }
  }

  private func annotation(
    _ difference: SubjectDifference,
    _ level: Annotation.Level,
    title: String
  ) -> Annotation {
    Annotation(
      rule: CheckWords.rule(outcome.name),
      level: level,
      title: title,
      lines: CheckWords.lines(difference),
      path: expectation,
      line: difference.facts.first?.line,
      subject: difference.subject,
      fingerprint: "\(outcome.name.rawValue)/\(path)/\(difference.subject)"
    )
  }

  private func annotation(_ message: String, file: String, line: Int?) -> Annotation {
    Annotation(
      rule: CheckWords.rule(outcome.name),
      level: .error,
      title: message,
      lines: [message],
      path: file,
      line: line,
      subject: nil,
      fingerprint: "\(outcome.name.rawValue)/\(path)/\(message)"
    )
  }

  /// The outcome in one sentence.
  var headline: String {
    switch outcome {
    case .matches, .unchanged: "\(path) is as expected"
    case .differs(let differences):
      "\(path) differs: " + differences.map(\.brief).joined(separator: "; ")
    case .known(let reason, _): "\(path) is a known issue: \(reason)"
    case .fixed(let reason, _):
      "\(path) is as expected now: remove \"knownIssue\" (\(reason)) from \(expectation)"
    case .missing:
      "\(path) has no expectation: write \(expectation) with rdpscope check --record"
    case .orphaned: "\(path) has no capture: put it beside, or remove the expectation"
    case .invalid(let problems):
      "the expectation of \(path) cannot be used: "
        + problems.map { "line \($0.line): \($0.message)" }.joined(separator: "; ")
    case .unreadable(let message, _): message
    case .recorded(let changes): "\(expectation): " + changes.joined(separator: "; ")
    }
  }
}

extension SubjectDifference {
  /// The facts in a line.
  var brief: String {
    subject + " "
      + facts.map { "\($0.key) is \($0.found), not \($0.expected)" }.joined(separator: ", ")
  }
}
