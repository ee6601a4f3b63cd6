import CredSSPMessages
import Streams
import Wire

/// One TCP conversation with a KDC: its messages, put together.
///
/// A class, because its reassembly calls it back.
final class KerberosConversation: StreamConsumer {
  let client: Endpoint
  let kdc: Endpoint
  private var tcp: TCPConversation
  private var pending: [Side: [UInt8]] = [:]
  private var messages: [(KerberosMessage, Side, Moment)] = []
  /// Whether octets are missing, or what comes is no Kerberos: nothing more is read.
  private var isLost = false

  init(client: Endpoint, kdc: Endpoint, first: Moment) {
    self.client = client
    self.kdc = kdc
    tcp = TCPConversation(client: client, server: kdc, first: first)
  }

  func observe(_ segment: ObservedSegment, in bytes: Span<UInt8>) {
    tcp.observe(segment, in: bytes, to: self)
  }

  /// Its last packet.
  var last: Moment { tcp.last }

  /// The messages that are complete since the last call.
  func take() -> [(KerberosMessage, Side, Moment)] {
    defer { messages = [] }
    return messages
  }

  /// The first and the last SYN, where the KDC never answered one.
  var unansweredSYN: (first: Moment, last: Moment)? {
    guard let syn = tcp.client.synchronization, tcp.server.first == nil else { return nil }
    return (syn, tcp.last)
  }

  func consume(_ bytes: Span<UInt8>, at position: StreamPosition) {
    guard !isLost else { return }
    var octets = pending[position.side] ?? []
    for index in bytes.indices { octets.append(bytes[index]) }
    var rest = octets[...]
    while case .message(let byteCount) = KerberosFraming(startOf: rest), byteCount <= rest.count {
      let body = rest.prefix(byteCount).dropFirst(KerberosFraming.headerByteCount)
      if let message = try? KerberosMessage(body) {
        messages.append((message, position.side, position.moment))
      }
      rest = rest.dropFirst(byteCount)
    }
    if case .notKerberos = KerberosFraming(startOf: rest) { lose() }
    pending[position.side] = isLost ? nil : Array(rest)
  }

  func skip(_ count: Int, at position: StreamPosition, cause: GapCause) { lose() }

  private func lose() {
    isLost = true
    pending = [:]
  }
}
