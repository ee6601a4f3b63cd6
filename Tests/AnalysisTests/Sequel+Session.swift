import Diagnosis
import Streams

/// Sessions that end, one way or another.
extension Sequel {
  static let inSession =
    silences + resets + closes + probesInVain + windowsAndPaths

  private static let silences: [Sequel] = [
    Sequel(
      "after two hours a bare reset",
      after: .session,
      is: [.staleSessionAfterSleep, .idleTimeoutReset]
    ) {
      $0.segment(from: .client, [.psh, .ack], $0.record(of: 60), after: 7200)
      $0.segment(from: .server, .rst)
    },
    Sequel(
      "after two hours a reset with an acknowledgment",
      after: .session,
      is: [.staleSessionAfterSleep, .idleTimeoutReset]
    ) {
      $0.segment(from: .client, [.psh, .ack], $0.record(of: 60), after: 7200)
      $0.segment(from: .server, [.rst, .ack])
    },
    Sequel(
      "the client has forgotten the session",
      after: .session,
      is: [.staleSessionAfterSleep, .clientSlept, .idleTimeoutReset]
    ) {
      $0.segment(from: .server, [.psh, .ack], $0.record(of: 60), after: 900)
      $0.segment(from: .client, .rst)
    },
    Sequel("the host slept", after: .session, is: [.hostAsleepOrUnreachable]) {
      $0.repeatInVain(.client, after: 30, times: 5)
      $0.reconnectInVain(times: 5)
    },
    Sequel(
      "the host slept and the client gave up",
      after: .session,
      is: [.hostAsleepOrUnreachable, .idleTimeoutReset]
    ) {
      $0.repeatInVain(.client, after: 300, times: 5)
      $0.segment(from: .client, [.rst, .ack], after: 9.6)
      $0.reconnectInVain(times: 5)
    },
    Sequel("the client slept and the server gave up", after: .session, is: [.clientSlept]) {
      $0.repeatInVain(.server, $0.record(of: 90), times: 5)
      $0.segment(from: .server, [.rst, .ack], after: 5)
    },
    Sequel("the client slept", after: .session, is: [.clientSlept]) {
      $0.repeatInVain(.server, $0.record(of: 90), times: 9)
    },
  ]

  private static let resets: [Sequel] = [
    Sequel(
      "a reset out of nothing",
      after: .session,
      is: [.unknown, .serviceCrash, .middleboxReset]
    ) {
      $0.segment(from: .server, [.rst, .ack], after: 0.4)
    },
    Sequel(
      "a reset, and the port is closed",
      after: .session,
      is: [.serviceCrash, .portClosed]
    ) {
      $0.segment(from: .server, [.rst, .ack], after: 0.4)
      $0.reconnectInVain(times: 1)
      $0.segment(from: .server, [.rst, .ack], sequence: 0)
    },
    Sequel("resets both ways from afar", after: .session, is: [.middleboxReset]) {
      $0.segment(from: .server, .rst, after: 0.4, timeToLive: 57, identification: 4711)
      $0.segment(from: .client, .rst, after: 0.0001, timeToLive: 61)
    },
    Sequel("a reset that its sender knows nothing of", after: .session, is: [.middleboxReset]) {
      $0.segment(from: .server, [.rst, .ack], after: 0.4)
      $0.segment(from: .server, [.psh, .ack], $0.record(of: 120), after: 0.02)
      $0.segment(from: .server, [.psh, .ack], $0.record(of: 120), after: 0.3)
      $0.segment(from: .client, .rst)
    },
    Sequel(
      "the client was killed",
      after: .session,
      is: [.cleanDisconnect, .healthy, .unknown]
    ) {
      $0.segment(from: .client, [.rst, .ack], after: 0.4)
    },
  ]

  private static let closes: [Sequel] = [
    Sequel("the client closes", after: .session, is: [.cleanDisconnect, .healthy]) {
      $0.finish(.client, after: 0.4)
    },
    Sequel(
      "the server closes",
      after: .session,
      is: [.serviceCrash, .unknown, .disconnectedByServer]
    ) {
      $0.finish(.server, after: 0.4)
    },
  ]

  private static let probesInVain: [Sequel] = [
    (Side.server, false), (.server, true), (.client, false), (.client, true),
  ].map {
    side,
    resets in
    let families: Set<Family> =
      side == .server ? [.clientSlept] : [.hostAsleepOrUnreachable, .idleTimeoutReset]
    return Sequel(
      "keep-alive probes of the \(side) in vain" + (resets ? ", then its reset" : ""),
      after: .session,
      is: families
    ) {
      $0.now += 60
      for _ in 0..<10 { $0.probe(side, after: 1) }
      if resets { $0.segment(from: side, [.rst, .ack], after: 1) }
    }
  }

  private static let windowsAndPaths: [Sequel] = [
    Sequel("the client takes no more", after: .session, is: [.stalled]) {
      $0.segment(from: .client, .ack, after: 0.01, window: 0)
      for time in 0..<7 {
        let sequence = $0.server.sequence
        $0.segment(from: .server, .ack, [23], after: 0.3 * Double(1 << time), sequence: sequence)
        $0.segment(from: .client, .ack, window: 0)
      }
      $0.segment(from: .server, [.rst, .ack], after: 5)
    },
    Sequel(
      "large segments of the server vanish",
      after: .session,
      is: [.mtuBlackHole, .clientSlept, .packetLoss]
    ) {
      let sequence = $0.sendLargeSegments()
      for time in 0..<7 {
        let pause = 0.3 * Double(1 << time)
        $0.segment(from: .server, .ack, Self.large, after: pause, sequence: sequence)
      }
      $0.segment(from: .server, [.rst, .ack], after: 5)
    },
    Sequel(
      "a router finds the server's segments too large, and the server does not heed it",
      after: .session,
      is: [.mtuBlackHole, .clientSlept]
    ) { forge in
      let sequence = forge.sendLargeSegments()
      for time in 0..<5 {
        let sent = forge.list.packets.last.flatMap { TCPFrame($0.bytes) }
        if let sent { forge.routerReports(type: 3, code: 4, nextMTU: 1300, about: sent) }
        let pause = 0.3 * Double(1 << time)
        forge.segment(from: .server, .ack, Self.large, after: pause, sequence: sequence)
      }
      forge.segment(from: .server, [.rst, .ack], after: 5)
    },
    Sequel(
      "large segments of the server vanish, small ones do not",
      after: .session,
      is: [.mtuBlackHole]
    ) {
      let sequence = $0.sendLargeSegments()
      for time in 0..<7 {
        let pause = 0.3 * Double(1 << time)
        $0.segment(from: .server, .ack, Self.large, after: pause, sequence: sequence)
        let record = $0.record(of: 60)
        $0.segment(from: .client, [.psh, .ack], record, after: 0.05, acknowledgment: sequence)
        $0.segment(from: .server, .ack)
      }
      $0.segment(from: .client, [.rst, .ack], after: 5, acknowledgment: sequence)
    },
  ]

  /// What fits in one segment on every path of the captures.
  fileprivate static let large = [UInt8](repeating: 0, count: 1400)
}

extension PacketForge {
  /// Two full segments of the server; where the first begins.
  fileprivate mutating func sendLargeSegments() -> UInt32 {
    let sequence = server.sequence
    for _ in 0..<2 { segment(from: .server, .ack, Sequel.large, after: 0.01) }
    return sequence
  }
}
