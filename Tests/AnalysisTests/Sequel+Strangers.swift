import Diagnosis
import Streams

/// What boxes and hosts of other networks do to a session.
extension Sequel {
  static let onOtherNetworks: [Sequel] = [
    Sequel(
      "a balancer resets after five minutes without a word, once",
      after: .session,
      is: [.idleTimeoutReset, .unknown]
    ) {
      $0.segment(from: .server, [.rst, .ack], after: 300)
    },
    Sequel(
      "a balancer forgets both ways after five minutes",
      after: .session,
      is: [.idleTimeoutReset]
    ) {
      $0.segment(from: .server, .rst, after: 300, timeToLive: 254, identification: 0)
      $0.segment(from: .client, .rst, after: 0.0002, timeToLive: 254, identification: 0)
    },
    // The server knows no connection from there, and says so.
    Sequel(
      "a translator forgets the port and the server resets the next word",
      after: .session,
      is: [.staleSessionAfterSleep, .idleTimeoutReset, .clientSlept, .healthy, .unknown]
    ) {
      let (own, acknowledged) = ($0.client.sequence, $0.server.sequence)
      $0.clientPort &+= 911
      $0.segment(from: .client, [.psh, .ack], $0.record(of: 60), after: 900)
      $0.segment(from: .server, .rst, sequence: acknowledged)
      $0.client.sequence = own
    },
    Sequel(
      "both close at once, the client a moment before",
      after: .session,
      is: [.cleanDisconnect, .healthy]
    ) {
      let (own, other) = ($0.client.sequence, $0.server.sequence)
      $0.segment(from: .client, [.fin, .ack], after: 0.4)
      $0.segment(from: .server, [.fin, .ack], after: 0.0002, acknowledgment: own)
      $0.segment(from: .client, .ack, after: 0.005, acknowledgment: other &+ 1)
      $0.segment(from: .server, .ack)
    },
    Sequel(
      "the server closes and the client resets",
      after: .session,
      is: [.serviceCrash, .unknown, .disconnectedByServer]
    ) {
      $0.segment(from: .server, [.fin, .ack], after: 0.4)
      $0.segment(from: .client, [.rst, .ack])
    },
    Sequel(
      "the host is unreachable, says a router",
      after: .session,
      is: [.hostAsleepOrUnreachable]
    ) { forge in
      forge.repeatInVain(.client, after: 30, times: 5)
      let sent = forge.list.packets.last.flatMap { TCPFrame($0.bytes) }
      if let sent { forge.routerReports(type: 3, code: 1, about: sent) }
      forge.segment(from: .client, [.rst, .ack], after: 10)
    },
    Sequel(
      "the other side has forgotten the session during a short silence",
      after: .session,
      is: [.staleSessionAfterSleep, .serviceCrash, .idleTimeoutReset, .middleboxReset, .unknown]
    ) {
      $0.segment(from: .client, [.psh, .ack], $0.record(of: 60), after: 45)
      $0.segment(from: .server, .rst)
    },
    Sequel(
      "the client is gone and its kernel refuses what comes",
      after: .session,
      is: [.cleanDisconnect, .healthy, .unknown]
    ) {
      $0.segment(from: .client, [.fin, .ack], after: 0.4)
      $0.segment(from: .server, [.psh, .ack], $0.record(of: 90))
      $0.segment(from: .client, .rst)
      $0.segment(from: .client, .rst, after: 0.001)
    },
    Sequel(
      "a capture of a reset alone",
      after: .start,
      is: [.captureTruncated, .unknown]
    ) {
      $0.segment(from: .server, [.rst, .ack], sequence: 5_000_000)
    },
    Sequel(
      "the request alone is lost, SYNs are not",
      after: .request,
      is: [.firewallBlocked, .packetLoss, .hostAsleepOrUnreachable, .mtuBlackHole]
    ) { forge in
      forge.repeatLast(.client, after: 0.2, times: 5)
      forge.segment(from: .client, [.rst, .ack], after: 10)
      forge.reconnect()
      forge.connect()
    },
  ]
}
