import CredSSPMessages
import Packets
import Streams
import Wire

/// The exchanges of a capture's clients with KDCs, over UDP and TCP. RFC 4120 §7.2
struct KerberosTraffic {
  /// The KDC's port.
  static let port: UInt16 = 88
  /// Exchanges held: a capture with more of them tells of a KDC and not of one attempt.
  static let maximumExchanges = 1024
  /// TCP conversations with KDCs that are followed at once; older ones are let go.
  static let maximumConversations = 64

  private(set) var exchanges: [KerberosExchange] = []
  private var conversations: [Int: KerberosConversation] = [:]
  /// Streams of ``conversations``, oldest first.
  private var order: [Int] = []

  /// Whether a packet is between a client and a KDC.
  static func isKerberos(_ source: UInt16, _ destination: UInt16) -> Bool {
    (source == port) != (destination == port)
  }

  /// Takes a datagram: one message.
  mutating func observe(
    _ octets: ArraySlice<UInt8>,
    from side: Side,
    client: IPAddress,
    kdc: IPAddress,
    at moment: Moment
  ) {
    // What is no such message is somebody else's on the port.
    guard let message = try? KerberosMessage(octets) else { return }
    take(message, from: side, client: client, kdc: kdc, at: moment)
  }

  /// Takes a segment of a TCP conversation with a KDC.
  ///
  /// - Parameters:
  ///   - segment: The segment, seen from the client.
  ///   - bytes: What its offsets refer to.
  ///   - stream: The number of its conversation.
  ///   - client: Who asks.
  ///   - kdc: Who is asked.
  mutating func observe(
    _ segment: ObservedSegment,
    in bytes: Span<UInt8>,
    stream: Int,
    client: Endpoint,
    kdc: Endpoint
  ) {
    let conversation: KerberosConversation
    if let known = conversations[stream] {
      conversation = known
    } else {
      guard exchanges.count < Self.maximumExchanges else { return }
      conversation = KerberosConversation(client: client, kdc: kdc, first: segment.moment)
      conversations[stream] = conversation
      order.append(stream)
      if Self.maximumConversations < order.count { close(order.removeFirst()) }
    }
    conversation.observe(segment, in: bytes)
    for (message, side, moment) in conversation.take() {
      take(message, from: side, client: client.address, kdc: kdc.address, at: moment)
    }
  }

  /// Forgets what was last asked before a moment.
  mutating func forget(before cutoff: Timestamp) {
    exchanges.removeAll { $0.lastAsked.time < cutoff }
    conversations = conversations.filter { cutoff <= $0.value.last.time }
    order.removeAll { conversations[$0] == nil }
  }

  /// Closes what is still open, as the capture ends.
  mutating func finish() {
    for stream in order { close(stream) }
    order = []
  }

  private mutating func close(_ stream: Int) {
    guard let conversation = conversations.removeValue(forKey: stream),
      let (first, last) = conversation.unansweredSYN,
      exchanges.count < Self.maximumExchanges
    else { return }
    exchanges.append(
      KerberosExchange(
        client: conversation.client.address,
        kdc: conversation.kdc.address,
        request: nil,
        asked: first,
        lastAsked: last
      )
    )
  }

  private mutating func take(
    _ message: KerberosMessage,
    from side: Side,
    client: IPAddress,
    kdc: IPAddress,
    at moment: Moment
  ) {
    let isOpen = { (exchange: KerberosExchange) in
      exchange.client == client && exchange.kdc == kdc && exchange.answer == nil
    }
    switch (side, message.type) {
    case (.client, .asRequest), (.client, .tgsRequest):
      if let index = exchanges.lastIndex(where: { isOpen($0) && $0.request == message }) {
        exchanges[index].lastAsked = moment
        return
      }
      guard exchanges.count < Self.maximumExchanges else { return }
      exchanges.append(
        KerberosExchange(
          client: client,
          kdc: kdc,
          request: message,
          asked: moment,
          lastAsked: moment
        )
      )
    case (.server, .asReply), (.server, .tgsReply):
      guard let index = exchanges.lastIndex(where: isOpen) else { return }
      let reply = Located(message: message, side: side, moment: moment)
      exchanges[index].answer = .granted(reply)
    case (.server, .error):
      guard let index = exchanges.lastIndex(where: isOpen), let error = message.error else {
        return
      }
      let refusal = Located(message: error, side: side, moment: moment)
      exchanges[index].answer = .refused(refusal)
    default: break
    }
  }
}
