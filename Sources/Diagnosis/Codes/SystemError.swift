/// A socket error of the operating system, as clients that have no codes of their own pass it on.
enum SystemError: UInt32, CaseIterable, Sendable {
  // Named by their Windows numbers, which no other vocabulary uses.
  case aborted = 10053
  case reset = 10054
  case timedOut = 10060
  case refused = 10061
  case hostUnreachable = 10065
  case networkUnreachable = 10051
  case brokenPipe = 32

  /// Reads `os error 104`, `errno 54`, `ECONNRESET`, `WSAECONNRESET`, `10054` or the error's text.
  ///
  /// - Parameter text: In lower case; a bare number is read only where it is one of Windows'.
  init?(_ text: String) {
    let number = Self.number(in: text)
    let found = Self.allCases.first { error in
      text.contains(error.name.lowercased()) || text.contains(error.message)
        || number.map(error.numbers.contains) == true
    }
    guard let found else { return nil }
    self = found
  }

  /// The number of an error that is called one, or a bare one of Windows' (WSABASEERR, 10000).
  private static func number(in text: String) -> UInt32? {
    if text.hasPrefix("os error") || text.hasPrefix("errno") {
      return UInt32(text.drop { !$0.isNumber })
    }
    return UInt32(text).flatMap { (10_000..<11_100).contains($0) ? $0 : nil }
  }

  /// POSIX's name.
  var name: String {
    switch self {
    case .aborted: "ECONNABORTED"
    case .reset: "ECONNRESET"
    case .timedOut: "ETIMEDOUT"
    case .refused: "ECONNREFUSED"
    case .hostUnreachable: "EHOSTUNREACH"
    case .networkUnreachable: "ENETUNREACH"
    case .brokenPipe: "EPIPE"
    }
  }

  /// What systems say in words, in lower case.
  private var message: String {
    switch self {
    case .aborted: "software caused connection abort"
    case .reset: "connection reset"
    case .timedOut: "operation timed out"
    case .refused: "connection refused"
    case .hostUnreachable: "no route to host"
    case .networkUnreachable: "network is unreachable"
    case .brokenPipe: "broken pipe"
    }
  }

  /// Its numbers on Windows, Linux and Darwin.
  private var numbers: Set<UInt32> {
    switch self {
    case .aborted: [10053, 103, 53]
    case .reset: [10054, 104, 54]
    case .timedOut: [10060, 110, 60]
    case .refused: [10061, 111, 61]
    case .hostUnreachable: [10065, 113, 65]
    case .networkUnreachable: [10051, 101, 51]
    case .brokenPipe: [32]
    }
  }

  var meaning: String {
    switch self {
    case .aborted: "the client's own system gave the connection up"
    case .reset: "a reset was received"
    case .timedOut: "what was sent was never answered"
    case .refused: "the SYN was answered by a reset"
    case .hostUnreachable: "the host cannot be reached: no hardware address, or an ICMP error"
    case .networkUnreachable: "there is no route to the network"
    case .brokenPipe: "the client wrote to a connection that had been closed"
    }
  }

  var symptom: Symptom {
    switch self {
    case .aborted, .brokenPipe: .lost
    case .reset: .reset
    case .timedOut: .timedOut
    case .refused: .refused
    case .hostUnreachable, .networkUnreachable: .unreachable
    }
  }
}
