import Diagnosis
import Streams

/// Peers that come back after they were given up, that are heard and do not hear, or that let the other
/// side wait.
extension Sequel {
  static let comingAndGoing = returns + waits

  private static let returns: [Sequel] = [
    Sequel(
      "the server gave up and went on; the client wakes after forty minutes",
      after: .session,
      is: [.staleSessionAfterSleep, .clientSlept]
    ) {
      let heard = $0.server.sequence
      $0.repeatInVain(.server, $0.record(of: 90), times: 5)
      $0.segment(from: .server, [.rst, .ack], after: 9.6)
      $0.wake(.client, after: 2400)
      let word = $0.record(of: 60)
      $0.segment(from: .client, [.psh, .ack], word, after: 1.8, acknowledgment: heard)
      $0.segment(from: .server, .rst)
    },
    Sequel("one direction of the way breaks", after: .session, is: [.packetLoss]) {
      let acknowledged = $0.client.sequence
      let typed = $0.record(of: 60)
      let drawn = $0.record(of: 90)
      let server = $0.server.sequence
      $0.segment(from: .client, [.psh, .ack], typed)
      for pause in [0.3, 0.6, 1.2, 2.4, 4.8] {
        $0.segment(
          from: .server,
          [.psh, .ack],
          drawn,
          after: pause / 2,
          sequence: server,
          acknowledgment: acknowledged
        )
        $0.segment(from: .client, [.psh, .ack], typed, after: pause / 2, sequence: acknowledged)
      }
      $0.segment(from: .client, [.rst, .ack], after: 9.6)
    },
  ]

  private static let waits: [Sequel] = [
    Sequel(
      "the server takes no more and is asked every half minute",
      after: .session,
      is: [.stalled]
    ) {
      $0.segment(from: .server, .ack, after: 0.01, window: 0)
      for pause in [0.3, 1.2, 5, 20, 30, 30] {
        let sequence = $0.client.sequence
        $0.segment(from: .client, .ack, [23], after: pause, sequence: sequence)
        $0.segment(from: .server, .ack, acknowledgment: sequence, window: 0)
      }
      $0.segment(from: .client, [.rst, .ack], after: 5)
    }
  ]
}
