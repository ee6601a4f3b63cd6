/// What a regression check found: captures compared with their recorded expectations.
package struct CheckReport: Sendable {
  /// One for each capture and each stray expectation, in the order in which they were named.
  package var cases: [CheckedCase]

  /// Creates a report.
  package init(cases: [CheckedCase]) { self.cases = cases }

  /// Whether every capture is as expected, known trouble aside.
  package var isClean: Bool { cases.allSatisfy { !$0.outcome.isFailure } }

  /// How many cases have an outcome of this name.
  package func count(_ name: CheckedCase.Outcome.Name) -> Int {
    cases.count { $0.outcome.name == name }
  }
}

/// One capture with its expectation.
package struct CheckedCase: Sendable {
  /// The capture; for an orphaned expectation the expectation itself.
  package let path: String
  /// The expectation's file, whether it is there or not.
  package let expectation: String
  /// How the comparison came out.
  package let outcome: Outcome

  /// Creates a case.
  package init(path: String, expectation: String, outcome: Outcome) {
    self.path = path
    self.expectation = expectation
    self.outcome = outcome
  }

  /// How a comparison came out.
  package enum Outcome: Sendable {
    /// As expected.
    case matches
    /// Not as expected.
    case differs([SubjectDifference])
    /// Not as expected, which the expectation's `knownIssue` says beforehand.
    case known(reason: String, [SubjectDifference])
    /// As expected, although the expectation still calls it a known issue.
    case fixed(reason: String, line: Int)
    /// The capture has no expectation.
    case missing
    /// The expectation has no capture.
    case orphaned
    /// The expectation cannot be used.
    case invalid([ExpectationProblem])
    /// The capture or its expectation cannot be read; `status` is the exit status it gives.
    case unreadable(message: String, status: Int32)
    /// The expectation was written; the changes in words.
    case recorded([String])
    /// The expectation was to be written, and says the same already.
    case unchanged

    /// The outcome's name in reports.
    package enum Name: String, Sendable, CaseIterable {
      case matches, differs, known, fixed, missing, orphaned, invalid, unreadable, recorded
      case unchanged
    }

    /// The outcome without its details.
    package var name: Name {
      switch self {
      case .matches: .matches
      case .differs: .differs
      case .known: .known
      case .fixed: .fixed
      case .missing: .missing
      case .orphaned: .orphaned
      case .invalid: .invalid
      case .unreadable: .unreadable
      case .recorded: .recorded
      case .unchanged: .unchanged
      }
    }

    /// Whether the check fails for it.
    package var isFailure: Bool {
      switch name {
      case .matches, .known, .recorded, .unchanged: false
      case .differs, .fixed, .missing, .orphaned, .invalid, .unreadable: true
      }
    }
  }
}

/// What is not as expected about one connection, one attempt or the capture as a whole.
package struct SubjectDifference: Sendable, Hashable {
  /// What it is about, in words: `stream 0`, `attempt of stream 0`, `capture`.
  package let subject: String
  /// The facts that differ.
  package let facts: [FactDifference]
  /// Evidence that is there and was not, or does not belong to the cause expected.
  package let appeared: [EvidenceNote]
  /// Evidence that is gone, or that the cause expected needs.
  package let vanished: [EvidenceNote]

  /// Creates a difference.
  package init(
    subject: String,
    facts: [FactDifference],
    appeared: [EvidenceNote],
    vanished: [EvidenceNote]
  ) {
    self.subject = subject
    self.facts = facts
    self.appeared = appeared
    self.vanished = vanished
  }
}

/// One fact that is not as expected.
package struct FactDifference: Sendable, Hashable {
  /// The expectation's key, with a dot where it is inside another: `ending.kind`.
  package let key: String
  package let expected: String
  package let found: String
  /// The expectation's line.
  package let line: Int

  /// Creates a difference.
  package init(key: String, expected: String, found: String, line: Int) {
    self.key = key
    self.expected = expected
    self.found = found
    self.line = line
  }
}

/// Evidence as a difference names it.
package struct EvidenceNote: Sendable, Hashable {
  /// The kind's name; several where any of them would do.
  package let kinds: [String]
  /// The packets that show it; none for evidence that is gone.
  package let frames: [Int]
  /// The fact in a sentence; `nil` for evidence that is gone.
  package let text: String?

  /// Creates a note.
  package init(kinds: [String], frames: [Int] = [], text: String? = nil) {
    self.kinds = kinds
    self.frames = frames
    self.text = text
  }
}

/// Why an expectation cannot be used.
package struct ExpectationProblem: Sendable, Hashable {
  /// The line, from 1.
  package let line: Int
  /// What is wrong, and what would be right.
  package let message: String

  /// Creates a problem.
  package init(line: Int, message: String) {
    self.line = line
    self.message = message
  }
}
