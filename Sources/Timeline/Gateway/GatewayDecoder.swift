import HTTPMessages
import RDPMessages
import Streams
import Wire

/// Follows HTTP inside of TLS as far as it leads to an RD Gateway or a KDC proxy, and takes the
/// connection out of the gateway's channel.
final class GatewayDecoder {
  /// What was learned; `nil` while nothing shows a gateway or a KDC proxy.
  private(set) var facts: GatewayFacts?
  /// Octets of what is neither that are looked at.
  private static let maximumPending = HTTPHead.maximumByteCount

  private var client = Direction()
  private var server = Direction()
  private let tunnels: GatewayTunnels
  /// Records every message; `nil` unless the connection is to be shown.
  private let log: EventLog?
  /// Makes the decoder of the connection inside.
  private let makeInner: () -> StreamDecoder
  private(set) var tunnel: GatewayTunnel?
  /// Whether a whole request was for something else.
  private(set) var isOther = false

  /// One direction of the connection.
  struct Direction {
    var framing = Framing.head
    var pending: [UInt8] = []
    var packets = GatewayPacketFramer()
    /// Whether bodies hold packets of the gateway's protocol.
    var carriesTunnel = false
  }

  /// What comes next in a direction.
  enum Framing {
    case head
    case body(Int)
    case chunked(ChunkedBody)
    case untilClose
    case webSocket(WebSocketFramer)
    case http2(HTTP2Reader)
    case lost
  }

  init(tunnels: GatewayTunnels, log: EventLog? = nil, makeInner: @escaping () -> StreamDecoder) {
    self.tunnels = tunnels
    self.log = log
    self.makeInner = makeInner
  }

  /// Whether octets begin HTTP: a request line or HTTP/2's preface.
  static func begins(_ octets: ArraySlice<UInt8>) -> Bool {
    methods.contains { octets.starts(with: $0.utf8) }
  }

  private static let methods = [
    "RDG_OUT_DATA ", "RDG_IN_DATA ", "RPC_OUT_DATA ", "RPC_IN_DATA ", "PRI * HTTP/2", "GET ",
    "POST ", "HEAD ", "OPTIONS ", "PUT ",
  ]

  /// Takes plaintext that comes next.
  ///
  /// - Throws: ``DecodeError`` where it is no HTTP; the direction is then lost.
  func take(
    _ octets: ArraySlice<UInt8>,
    from side: Side,
    at moment: Moment
  ) throws(DecodeError) {
    var direction = side == .client ? client : server
    defer { if side == .client { client = direction } else { server = direction } }
    do throws(DecodeError) {
      try advance(&direction, octets, from: side, at: moment)
    } catch {
      direction.framing = .lost
      throw error
    }
  }

  /// Octets of a direction are missing.
  func lose(from side: Side, at moment: Moment) {
    switch side {
    case .client: client.framing = .lost
    case .server: server.framing = .lost
    }
    tunnel?.lose(from: side, at: moment)
  }

  private func advance(
    _ direction: inout Direction,
    _ octets: ArraySlice<UInt8>,
    from side: Side,
    at moment: Moment
  ) throws(DecodeError) {
    var rest = octets
    // Ends: each turn takes octets, or leaves.
    while !rest.isEmpty {
      switch direction.framing {
      case .lost: return
      case .head: try readHead(&direction, &rest, from: side, at: moment)
      case .body(let count):
        let part = rest.prefix(count)
        rest = rest.dropFirst(part.count)
        try takeBody(part, &direction, from: side, at: moment)
        direction.framing = part.count == count ? .head : .body(count - part.count)
      case .chunked(var body):
        let data = try body.take(&rest)
        try takeBody(data[...], &direction, from: side, at: moment)
        direction.framing = body.isAtEnd ? .head : .chunked(body)
      case .untilClose:
        try takeBody(rest, &direction, from: side, at: moment)
        return
      case .webSocket(var framer):
        framer.append(rest)
        while let frame = try framer.next() {
          guard frame.isData else { continue }
          try takeBody(frame.payload[...], &direction, from: side, at: moment)
        }
        direction.framing = .webSocket(framer)
        return
      case .http2(var reader):
        for message in try reader.take(rest) { note(message, from: side, at: moment) }
        direction.framing = .http2(reader)
        return
      }
    }
  }
}

// MARK: - HTTP

extension GatewayDecoder {
  private func readHead(
    _ direction: inout Direction,
    _ rest: inout ArraySlice<UInt8>,
    from side: Side,
    at moment: Moment
  ) throws(DecodeError) {
    direction.pending += rest
    rest = []
    if direction.pending.starts(with: HTTP2Framer.preface.prefix(direction.pending.count)),
      side == .client
    {
      guard HTTP2Framer.preface.count <= direction.pending.count else { return }
      rest = direction.pending[HTTP2Framer.preface.count...]
      direction.pending = []
      direction.framing = .http2(HTTP2Reader())
      if case .head = server.framing { server.framing = .http2(HTTP2Reader()) }
      return
    }
    guard let count = HTTPHead.byteCount(startOf: direction.pending[...]) else {
      if Self.maximumPending < direction.pending.count { direction.framing = .lost }
      return
    }
    let head = try HTTPHead(direction.pending[..<count])
    rest = direction.pending[count...]
    direction.pending = []
    switch head.body {
    case .counted(let count): direction.framing = count == 0 ? .head : .body(count)
    case .chunked: direction.framing = .chunked(ChunkedBody())
    case .untilClose: direction.framing = .untilClose
    }
    note(head, &direction, from: side, at: moment)
  }

  private func note(
    _ head: HTTPHead,
    _ direction: inout Direction,
    from side: Side,
    at moment: Moment
  ) {
    switch head.start {
    case .request(let method, let target):
      note(method, target, http2Stream: nil, from: side, at: moment)
      guard var known = facts, known.kind != .kdcProxy else { return }
      known.connectionID = known.connectionID ?? head.value("rdg-connection-id")
      known.host = known.host ?? head.value("host")
      known.userAgent = known.userAgent ?? head.value("user-agent")
      known.user = known.user ?? head.value("rdg-user-id").flatMap(Self.text(base64:))
      if head.value("upgrade")?.lowercased() == "websocket", known.kind == .http {
        known.kind = .webSocket
      }
      facts = known
      direction.carriesTunnel = method == "RDG_IN_DATA"
    case .response(let status, let reason):
      note(status, reason, http2Stream: nil, from: side, at: moment)
      guard let facts, facts.kind != .kdcProxy else { return }
      if status == 101 {
        direction.framing = .webSocket(WebSocketFramer())
        direction.carriesTunnel = true
        client.framing = .webSocket(WebSocketFramer())
        client.carriesTunnel = true
        return
      }
      direction.carriesTunnel =
        status == 200 && facts.exchanges.last?.request.message.method == "RDG_OUT_DATA"
      if direction.carriesTunnel { self.facts?.kind = .http }
      // Behind random octets that are to be passed over (3.3.5.1).
      direction.packets.skipsToHandshake = direction.carriesTunnel
    }
  }

  private func note(_ message: HTTP2Reader.Message, from side: Side, at moment: Moment) {
    let value = { (name: String) in message.fields.first { $0.name == name }?.value }
    if side == .client, let method = value(":method"), let target = value(":path") {
      note(method, target, http2Stream: message.stream, from: side, at: moment)
      if facts?.host == nil { facts?.host = value(":authority") }
    } else if side == .server, let status = value(":status").flatMap({ Int($0) }) {
      note(status, "", http2Stream: message.stream, from: side, at: moment)
    }
  }

  private func note(
    _ method: String,
    _ target: String,
    http2Stream: UInt32?,
    from side: Side,
    at moment: Moment
  ) {
    guard side == .client else { return }
    guard let kind = Self.kind(method, target) else {
      isOther = facts == nil
      return
    }
    if facts == nil || facts?.kind == .kdcProxy && kind != .kdcProxy {
      let exchanges = facts?.exchanges ?? []
      facts = GatewayFacts(kind: kind)
      facts?.exchanges = exchanges
    }
    let request = GatewayFacts.HTTPRequest(method: method, target: target)
    log?.note(.httpRequest(request), from: side, at: moment, in: .gateway)
    guard let count = facts?.exchanges.count, count < GatewayFacts.maximumExchanges else { return }
    facts?.exchanges.append(
      GatewayFacts.Exchange(
        request: Located(message: request, side: side, moment: moment, reading: .decrypted),
        http2Stream: http2Stream
      )
    )
  }

  private func note(
    _ status: Int,
    _ reason: String,
    http2Stream: UInt32?,
    from side: Side,
    at moment: Moment
  ) {
    let place = facts?.exchanges.firstIndex {
      $0.response == nil && $0.http2Stream == http2Stream
    }
    guard side == .server, let place else { return }
    let answer = GatewayFacts.HTTPStatus(code: status, reason: reason)
    log?.note(.httpStatus(answer), from: side, at: moment, in: .gateway)
    facts?.exchanges[place].response = Located(
      message: answer,
      side: side,
      moment: moment,
      reading: .decrypted
    )
  }

  /// What a request is for; `nil` for neither a gateway nor a KDC proxy.
  private static func kind(_ method: String, _ target: String) -> GatewayFacts.Kind? {
    let path = target.lowercased()
    switch method {
    case "RDG_OUT_DATA", "RDG_IN_DATA": return .http
    case "RPC_OUT_DATA", "RPC_IN_DATA": return .rpc
    case "GET" where path.hasPrefix("/remotedesktopgateway"): return .http
    case "POST" where path == "/kdcproxy" || path.hasPrefix("/kdcproxy?"): return .kdcProxy
    default: return nil
    }
  }

  /// A text in UTF-16 that is sent in Base64, as the user's name is.
  private static func text(base64 text: String) -> String? {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var octets: [UInt8] = []
    var bits = 0
    var count = 0
    for character in text.utf8.prefix(4096) where character != UInt8(ascii: "=") {
      guard let digit = alphabet.firstIndex(of: character) else { return nil }
      bits = (bits << 6 | digit) & 0xFFFF
      count += 6
      if 8 <= count {
        count -= 8
        octets.append(UInt8(truncatingIfNeeded: bits >> count))
      }
    }
    var reader = ByteReader(octets, layer: .http)
    var units: [UInt16] = []
    while let unit = try? reader.uint16LittleEndian("user") { units.append(unit) }
    return String(decoding: units, as: UTF16.self)
  }
}

// MARK: - The gateway's protocol

extension GatewayDecoder {
  private func takeBody(
    _ octets: ArraySlice<UInt8>,
    _ direction: inout Direction,
    from side: Side,
    at moment: Moment
  ) throws(DecodeError) {
    guard direction.carriesTunnel, !octets.isEmpty else { return }
    direction.packets.append(octets)
    while let packet = try direction.packets.next() { note(packet, from: side, at: moment) }
  }

  private func note(_ packet: GatewayPacket, from side: Side, at moment: Moment) {
    if case .data(let octets) = packet {
      (tunnel ?? tunnels[facts?.connectionID])?.take(octets, from: side, at: moment)
      return
    }
    log?.note(.gateway(packet), from: side, at: moment, in: .gateway)
    if let count = facts?.steps.count, count < GatewayFacts.maximumSteps, packet != .keepAlive {
      facts?.steps.append(
        Located(message: packet, side: side, moment: moment, reading: .decrypted)
      )
    }
    switch packet {
    case .channelCreate(let resources, let port):
      facts?.target = resources.first
      facts?.targetPort = port
    case .channelResponse(let error) where error.isSuccess && tunnel == nil:
      facts?.channelOpened = moment
      let opened = GatewayTunnel(decoder: makeInner())
      tunnel = opened
      tunnels[facts?.connectionID] = opened
    default: break
    }
  }
}
