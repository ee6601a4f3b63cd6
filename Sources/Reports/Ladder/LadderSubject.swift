import Diagnosis
import Streams
import Timeline
import Wire

/// The connection that a ladder is of, over TCP or UDP: what is said of it as a whole.
struct LadderSubject {
  let name: ConnectionName
  let client: Endpoint
  let server: Endpoint
  /// Its first packet and its last.
  let start: Moment
  let last: Moment
  let frameCount: Int
  let facts: MessageFacts
  /// TCP's own account; `nil` over UDP.
  let tcp: TCPConversation?
  let ending: Ending
  let verdict: Verdict
  /// What an RDP-UDP connection is; `nil` over TCP.
  let path: UDPConnection?

  init(_ judged: JudgedConnection) {
    let connection = judged.connection
    name = connection.name
    client = connection.client
    server = connection.server
    start = connection.start
    last = connection.tcp.last
    frameCount = connection.tcp.frameCount
    facts = connection.facts
    tcp = connection.tcp
    ending = connection.ending
    verdict = judged.verdict
    path = nil
  }

  init(_ judged: JudgedUDPConnection) {
    let connection = judged.connection
    name = connection.name
    client = connection.client
    server = connection.server
    start = connection.first
    last = connection.last
    frameCount = connection.frameCount
    facts = connection.facts
    tcp = nil
    ending = connection.ending
    verdict = judged.verdict
    path = connection
  }
}
