/// The outcome of a check as JSON, schema `rdpscope.check/1`: what differs, and the evidence.
package enum CheckJSON {
  /// The schema's name, in every outcome.
  package static let schema = "rdpscope.check/1"

  /// The outcome as UTF-8 text.
  package static func text(_ report: CheckReport, version: String) -> [UInt8] {
    var writer = JSONWriter(isPretty: true)
    writer.object { json in
      json.key("schema")
      json.value(schema)
      json.key("tool")
      json.object {
        $0.key("name")
        $0.value("rdpscope")
        $0.key("version")
        $0.value(version)
      }
      json.key("clean")
      json.value(report.isClean)
      json.key("summary")
      json.object { json in
        for name in CheckedCase.Outcome.Name.allCases {
          json.key(dynamic: name.rawValue)
          json.value(report.count(name))
        }
      }
      json.key("cases")
      json.array(report.cases) { write($1, &$0) }
    }
    return writer.text + [UInt8(ascii: "\n")]
  }

  private static func write(_ checked: CheckedCase, _ json: inout JSONWriter) {
    var differences: [SubjectDifference] = []
    var problems: [ExpectationProblem] = []
    var changes: [String] = []
    var message: String?
    switch checked.outcome {
    case .matches, .unchanged: break
    case .differs(let list): differences = list
    case .known(let reason, let list): (message, differences) = (reason, list)
    case .invalid(let list): problems = list
    case .recorded(let list): changes = list
    case .fixed, .missing, .orphaned, .unreadable: message = checked.headline
    }
    json.object { json in
      json.key("path")
      json.value(checked.path)
      json.key("expectation")
      json.value(checked.expectation)
      json.key("outcome")
      json.value(checked.outcome.name.rawValue)
      json.key("message")
      json.value(message)
      json.key("differences")
      json.array(differences) { write($1, &$0) }
      json.key("problems")
      json.array(problems) { json, problem in
        json.object {
          $0.key("line")
          $0.value(problem.line)
          $0.key("message")
          $0.value(problem.message)
        }
      }
      json.key("changes")
      json.value(changes)
    }
  }

  private static func write(_ difference: SubjectDifference, _ json: inout JSONWriter) {
    json.object { json in
      json.key("subject")
      json.value(difference.subject)
      json.key("facts")
      json.array(difference.facts) { json, fact in
        json.object {
          $0.key("key")
          $0.value(fact.key)
          $0.key("expected")
          $0.value(fact.expected)
          $0.key("found")
          $0.value(fact.found)
          $0.key("line")
          $0.value(fact.line)
        }
      }
      json.key("evidence")
      json.object { json in
        json.key("appeared")
        json.array(difference.appeared) { write($1, &$0) }
        json.key("vanished")
        json.array(difference.vanished) { write($1, &$0) }
      }
    }
  }

  private static func write(_ note: EvidenceNote, _ json: inout JSONWriter) {
    json.object {
      $0.key("kinds")
      $0.value(note.kinds)
      $0.key("frames")
      $0.value(note.frames)
      $0.key("text")
      $0.value(note.text)
    }
  }
}
