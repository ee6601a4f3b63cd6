import Packets
import Streams
import Timeline
import Wire

/// Attempts that never became a connection: a name without an address, a neighbour that does not
/// answer for its own.
///
/// Nothing in such packets says Remote Desktop. They are named only where the capture holds nothing
/// else that the client may have wanted: no RDP connection at all, one thing that the client asked
/// for, no answer, and not one TCP segment from it afterwards.
struct Unreached {
  let lookups: Lookups
  let hosts: HostTable
  let captureEnd: Moment
  let code: ClientCode?

  /// Seconds after which a question counts as unanswered.
  private static let patience = 2.0
  /// Requests for a hardware address in vain: a system makes three before it gives up.
  private static let minimumRequests = 3

  func attempts() -> [Attempt] {
    lookups.byClient.values.compactMap(attempt).sorted { $0.start < $1.start }
  }

  private func attempt(_ lookups: [Lookups.Lookup]) -> Attempt? {
    let names = lookups.filter(\.isName)
    // A name that has an address leads to the neighbour that is asked for next.
    return names.allSatisfy(\.isAnswered)
      ? unanswered(lookups.filter { !$0.isName }) : unresolved(names)
  }

  /// One name, or one with the suffixes of a search list, and none of them has an address.
  private func unresolved(_ names: [Lookups.Lookup]) -> Attempt? {
    guard let first = names.first, let start = first.asked.first,
      names.allSatisfy({ !$0.isAnswered && $0.host == first.host }),
      !Self.isSystemName(first.host), isQuiet(first.client, after: start)
    else { return nil }
    let refused = names.compactMap(\.refused).max { $0.frame < $1.frame }
    guard refused != nil || Self.patience < captureEnd.time.seconds(since: start.time),
      case .name(let name) = first.subject
    else { return nil }
    let frames = names.flatMap(\.asked).map(\.frame).sorted() + [refused?.frame].compactMap(\.self)
    let answer =
      refused == nil
      ? "gets no answer" : Self.text(responseCode: names.map(\.responseCode).max() ?? 0)
    return conclude(
      Evidence(
        .nameUnresolved,
        frames: frames,
        "the lookup of \(name) \(answer), and no connection follows"
      ),
      client: first.client,
      target: .name(name),
      start: start
    )
  }

  private func unanswered(_ requests: [Lookups.Lookup]) -> Attempt? {
    guard requests.count == 1, let request = requests.first, !request.isAnswered,
      Self.minimumRequests <= request.asked.count, let start = request.asked.first,
      case .neighbour(let address) = request.subject, hosts.host(address)?.first == nil,
      isQuiet(request.client, after: start),
      hosts.host(request.client)?.last(.udp).map({ $0.time <= start.time }) ?? true
    else { return nil }
    return conclude(
      Evidence(
        .addressUnresolved,
        frames: request.asked.map(\.frame),
        "\(request.asked.count) requests for the hardware address of \(address) get no answer, and "
          + "no connection follows"
      ),
      client: request.client,
      target: .address(address),
      start: start
    )
  }

  private func conclude(
    _ evidence: Evidence,
    client: IPAddress,
    target: Attempt.Target,
    start: Moment
  ) -> Attempt {
    Attempt(
      streams: [],
      client: client,
      server: target,
      start: start.time,
      succeeded: false,
      verdict: Judge.judge([evidence], code: code)
    )
  }

  private func isQuiet(_ client: IPAddress, after start: Moment) -> Bool {
    guard let last = hosts.host(client)?.last(.tcp) else { return true }
    return last.time < start.time
  }

  /// Names that systems look up by themselves.
  private static func isSystemName(_ host: Substring) -> Bool {
    host.hasPrefix("_") || ["wpad", "isatap", "localhost"].contains(host)
  }

  /// What an answer without addresses says. RFC 1035 §4.1.1
  private static func text(responseCode: UInt8) -> String {
    switch responseCode {
    case 0: "finds no address"
    case 2: "fails at the resolver (SERVFAIL)"
    case 3: "finds no such name (NXDOMAIN)"
    case 5: "is refused by the resolver"
    default: "fails with code \(responseCode)"
    }
  }
}

extension Lookups.Lookup {
  fileprivate var isName: Bool { !host.isEmpty }

  /// The first label of the name; empty for an address.
  fileprivate var host: Substring {
    guard case .name(let name) = subject else { return "" }
    return name.prefix { $0 != "." }
  }
}
