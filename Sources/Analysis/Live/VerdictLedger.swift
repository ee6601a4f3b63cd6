import Diagnosis
import Reports
import Streams
import Timeline
import Wire

/// What was said about each connection so far, so that only news is said again.
struct VerdictLedger {
  /// Verdicts of one cause on one server that are said one by one within ``foldSeconds``.
  static let maximumVerdicts = 20
  static let foldSeconds = 10.0
  /// Causes and servers counted within that time; what is beyond is said one by one.
  private static let maximumCounts = 1000

  private var entries: [Key: Entry] = [:]
  private var attemptNumbers: [Int: Int] = [:]
  private var unreached: [String: UnreachedEntry] = [:]
  /// The cause that was told for each failed attempt, by its first connection.
  private var toldFailures: [Int: String] = [:]
  private var nextAttempt = 0
  private var counts: [FoldKey: Int] = [:]
  private var foldStart: Timestamp?
  private let folds: Bool

  /// Starts a ledger; with `folds` floods are counted.
  init(folds: Bool) { self.folds = folds }

  /// A connection, or the one that it carries.
  private struct Key: Hashable {
    let stream: Int
    let isCarried: Bool
  }

  private struct Entry {
    var news: News
    var revision: Int
    let isFolded: Bool
  }

  private struct UnreachedEntry {
    let attempt: Attempt
    let number: Int
    var revision: Int
  }

  /// What makes a verdict another one.
  private struct News: Hashable {
    let cause: String
    let severity: Severity
    let role: Role
    let certainty: String
    let ending: String
    let succeeded: Bool
    let isUndecided: Bool
  }

  private struct FoldKey: Hashable {
    let cause: String
    let severity: Severity
    let server: Endpoint
  }

  /// Whether a connection was judged before.
  func isJudged(_ stream: Int) -> Bool { entries[Key(stream: stream, isCarried: false)] != nil }

  /// Takes a verdict; what is to be said of it, if anything.
  mutating func take(
    _ judged: JudgedConnection,
    in attempt: Attempt,
    severity: Severity,
    isFinal: Bool,
    isUndecided: Bool,
    at time: Timestamp
  ) -> LiveVerdict? {
    let key = Key(
      stream: judged.connection.stream,
      isCarried: judged.connection.transport != .tcp
    )
    let news = News(
      cause: judged.verdict.cause.id,
      severity: judged.verdict.severity,
      role: judged.role,
      certainty: judged.verdict.certainty,
      ending: judged.connection.ending.kind.rawValue,
      succeeded: attempt.succeeded,
      isUndecided: isUndecided
    )
    let old = entries[key]
    guard old?.news != news || isFinal else { return nil }
    let isFolded = old?.isFolded ?? isFlood(judged, at: time)
    let revision = old.map { $0.revision + 1 } ?? 0
    entries[key] = Entry(news: news, revision: revision, isFolded: isFolded)
    guard !isFolded else { return nil }
    return LiveVerdict(
      judged: judged,
      attempt: attempt,
      attemptNumber: number(of: attempt),
      attemptSeverity: severity,
      revision: revision,
      isFinal: isFinal,
      isNews: old?.news != news,
      isUndecided: isUndecided,
      time: time
    )
  }

  /// Notes that an attempt failed.
  ///
  /// - Returns: Whether that, or its cause, is news.
  mutating func noteFailure(_ said: LiveVerdict) -> Bool {
    let key = said.attempt.streams.first ?? -1
    let cause = said.attempt.verdict.cause.id
    return toldFailures.updateValue(cause, forKey: key) != cause
  }

  /// Forgets what was said of a connection.
  mutating func forget(_ stream: Int) {
    entries[Key(stream: stream, isCarried: false)] = nil
    entries[Key(stream: stream, isCarried: true)] = nil
    toldFailures[stream] = nil
    attemptNumbers[stream] = nil
  }

  private mutating func number(of attempt: Attempt) -> Int {
    let key = attempt.streams.first ?? -1
    if let number = attemptNumbers[key] { return number }
    defer { nextAttempt += 1 }
    attemptNumbers[key] = nextAttempt
    return nextAttempt
  }

  // MARK: - Floods

  private mutating func isFlood(_ judged: JudgedConnection, at time: Timestamp) -> Bool {
    guard folds else { return false }
    if foldStart == nil { foldStart = time }
    let key = FoldKey(
      cause: judged.verdict.cause.id,
      severity: judged.verdict.severity,
      server: judged.connection.server
    )
    guard counts[key] != nil || counts.count < Self.maximumCounts else { return false }
    counts[key, default: 0] += 1
    return Self.maximumVerdicts < counts[key, default: 0]
  }

  /// What was only counted since the last time, once the time of counting is over.
  mutating func folded(at time: Timestamp, isEnd: Bool) -> [FoldedVerdicts] {
    guard let start = foldStart, isEnd || Self.foldSeconds <= time.seconds(since: start) else {
      return []
    }
    defer {
      counts = [:]
      foldStart = nil
    }
    return counts.filter { Self.maximumVerdicts < $0.value }
      .sorted { ($1.value, $0.key.cause) < ($0.value, $1.key.cause) }
      .compactMap { key, count in
        Catalogue.cause(key.cause).map {
          FoldedVerdicts(
            cause: $0,
            severity: key.severity,
            server: key.server,
            count: count - Self.maximumVerdicts,
            time: time
          )
        }
      }
  }

  // MARK: - Attempts without a connection

  /// Takes the attempts that never became a connection; what is to be said of them.
  mutating func take(
    unreached attempts: [Attempt],
    isEnd: Bool,
    memory: Double,
    at time: Timestamp
  ) -> [UnreachedAttempt] {
    var said: [UnreachedAttempt] = []
    var current: Set<String> = []
    for attempt in attempts {
      let key = "\(attempt.client) \(attempt.server) \(attempt.start)"
      current.insert(key)
      let old = unreached[key]
      let isNews = old?.attempt.verdict.cause.id != attempt.verdict.cause.id
      guard isNews || isEnd else { continue }
      let entry = UnreachedEntry(
        attempt: attempt,
        number: old?.number ?? nextAttempt,
        revision: old.map { $0.revision + 1 } ?? 0
      )
      if old == nil { nextAttempt += 1 }
      unreached[key] = entry
      said.append(report(entry, isFinal: isEnd, isWithdrawn: false, at: time))
    }
    for (key, entry) in unreached where !current.contains(key) {
      unreached[key] = nil
      let entry = UnreachedEntry(
        attempt: entry.attempt,
        number: entry.number,
        revision: entry.revision + 1
      )
      // What is merely forgotten stays said.
      let isWithdrawn = time.seconds(since: entry.attempt.start) < memory
      said.append(report(entry, isFinal: true, isWithdrawn: isWithdrawn, at: time))
    }
    return said
  }

  private func report(
    _ entry: UnreachedEntry,
    isFinal: Bool,
    isWithdrawn: Bool,
    at time: Timestamp
  ) -> UnreachedAttempt {
    UnreachedAttempt(
      attempt: entry.attempt,
      attemptNumber: entry.number,
      revision: entry.revision,
      isFinal: isFinal,
      isWithdrawn: isWithdrawn,
      time: time
    )
  }
}
