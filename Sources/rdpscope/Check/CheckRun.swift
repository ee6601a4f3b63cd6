import Analysis
import Capture
import Expectations
import Redaction
import Reports

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Compares captures with their expectations, as many at a time as there are processors.
struct CheckRun: Sendable {
  let ports: Set<UInt16>
  /// Whether expectations are written instead of compared.
  let records: Bool
  /// What gives pseudonyms in the report; `nil` for none.
  let redactor: Redactor?

  /// Every entry's outcome, in the order of the entries.
  func cases(_ entries: [CheckInputs.Entry]) async -> [CheckedCase] {
    var cases = [CheckedCase?](repeating: nil, count: entries.count)
    await withTaskGroup(of: (Int, CheckedCase).self) { group in
      var next = 0
      for _ in 0..<max(1, ProcessInfo.processInfo.activeProcessorCount) {
        guard next < entries.count else { break }
        group.addTask { [next] in (next, check(entries[next])) }
        next += 1
      }
      while let (index, result) = await group.next() {
        cases[index] = result
        guard next < entries.count else { continue }
        group.addTask { [next] in (next, check(entries[next])) }
        next += 1
      }
    }
    return cases.compactMap(\.self)
  }

  private func check(_ entry: CheckInputs.Entry) -> CheckedCase {
    let checked = CheckedCase(
      path: entry.path,
      expectation: entry.expectation,
      outcome: outcome(entry)
    )
    return redactor.map(checked.redacted) ?? checked
  }

  private func outcome(_ entry: CheckInputs.Entry) -> CheckedCase.Outcome {
    guard !entry.isOrphan else { return .orphaned }
    let report: CaptureReport
    do throws(CaptureError) {
      let source = try CaptureFile.open(entry.path, filter: nil)
      report = try CaptureAnalysis(ports: ports, redactor: redactor).run(source, path: entry.path)
    } catch {
      return .unreadable(message: error.message, status: error.kind.exitStatus)
    }
    guard FileManager.default.fileExists(atPath: entry.expectation) else {
      return records
        ? record(Expectation(recording: report), replacing: nil, entry, report) : .missing
    }
    guard let text = FileManager.default.contents(atPath: entry.expectation) else {
      return .unreadable(
        message: "cannot read \(entry.expectation): check its permissions",
        status: 66
      )
    }
    do throws(ExpectationError) {
      let expectation = try Expectation(reading: Array(text))
      return records
        ? record(expectation.refreshed(by: report), replacing: expectation, entry, report)
        : compare(expectation, report)
    } catch {
      return .invalid(error.problems)
    }
  }

  private func compare(_ expectation: Expectation, _ report: CaptureReport) -> CheckedCase.Outcome {
    let differences = expectation.differences(from: report)
    switch (expectation.knownIssue, differences.isEmpty) {
    case (nil, true): return .matches
    case (nil, false): return .differs(differences)
    case (let issue?, true): return .fixed(reason: issue.value, line: issue.line)
    case (let issue?, false): return .known(reason: issue.value, differences)
    }
  }

  private func record(
    _ new: Expectation,
    replacing old: Expectation?,
    _ entry: CheckInputs.Entry,
    _ report: CaptureReport
  ) -> CheckedCase.Outcome {
    let changes = old?.changes(to: new, because: report)
    if let changes, changes.isEmpty { return .unchanged }
    do {
      try FileSink.replace(entry.expectation, with: new.text)
    } catch {
      return .unreadable(message: error.message, status: Output.writeFailed)
    }
    return .recorded(changes ?? ["new"])
  }
}
