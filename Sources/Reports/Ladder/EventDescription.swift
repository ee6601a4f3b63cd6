import CredSSPMessages
import Packets
import RDPMessages
import Redaction
import Streams
import TLSMessages
import Timeline
import Wire

/// An event in words: what it is, and what it says.
struct EventDescription {
  let name: String
  /// The channel that it is about, by the name that the client gave it.
  let channel: String?
  let details: [(name: String, value: String)]

  /// What it is, in one line.
  var title: String { channel.map { "\(name) \($0)" } ?? name }

  init(_ name: String, channel: String? = nil, _ details: [(String, String?)] = []) {
    self.name = name
    self.channel = channel
    self.details = details.compactMap { name, value in value.map { (name, $0) } }
  }

  /// Details whose values are numbers and words of the protocols; what any other says may name
  /// somebody.
  private static let nameless: Set = [
    "says", "id", "count", "octets", "level", "records", "why", "looks like", "mss", "window scale",
    "RTT", "ttl", "not its own", "times", "requested", "flags", "selected", "failure",
    "negotiation", "reason", "cause", "result", "channel", "choice", "code", "meaning", "type",
    "encrypted", "versions", "version", "suites", "suite", "valid until", "chain", "status",
    "error", "mechanism", "build", "desktop", "colours", "keyboard", "encryption", "asked for",
    "connection type", "UDP", "joins", "port", "extended authentication",
    "group", "prime", "signature", "authorities", "lifetime",
  ]

  /// The same with pseudonyms.
  func redacted(by redactor: Redactor) -> EventDescription {
    EventDescription(
      name,
      channel: channel.map(redactor.channel),
      details.map { detail in
        let stays = Self.nameless.contains(detail.name) || Int(detail.value) != nil
        return (detail.name, stays ? detail.value : redactor.text(detail.value))
      }
    )
  }

  init(_ event: Event, of connection: Connection) {
    switch event.content {
    case .tcp(let step): self.init(step, from: event.side, of: connection)
    case .icmp(let error):
      self.init("ICMP error", [("says", "\(error.meaning)"), ("from", "\(error.reporter)")])
    case .preconnection(let pdu):
      self.init("Preconnection PDU", [("id", "\(pdu.id)"), ("blob", pdu.blob)])
    case .x224(let tpdu): self.init(tpdu)
    case .mcs(let pdu): self.init(pdu)
    case .session(let message): self.init(message, of: connection)
    case .channelData(let name, let count, let byteCount):
      self.init(
        "channel",
        channel: name,
        [("messages", count == 1 ? nil : "\(count)"), ("octets", "\(byteCount)")]
      )
    case .dynamicChannelData(let id, let count, let byteCount):
      self.init(
        "dynamic channel \(connection.facts.session.dynamicChannelName(id) ?? "\(id)")",
        [("messages", count == 1 ? nil : "\(count)"), ("octets", "\(byteCount)")]
      )
    case .credSSP(let request): self.init(request)
    case .earlyAuthorization(let result):
      self.init("early user authorization result", [("result", result.name)])
    case .rdstls(let message): self.init(message)
    case .fastPath(let count, let byteCount):
      self.init("fast-path PDUs", [("count", "\(count)"), ("octets", "\(byteCount)")])
    case .handshake(let type, let body): self.init(type, body)
    case .changeCipherSpec: self.init("ChangeCipherSpec")
    case .alert(let alert?):
      self.init("alert \(alert.description.name)", [("level", alert.isFatal ? "fatal" : "warning")])
    case .alert(nil): self.init("alert, encrypted")
    case .records(let type, let count, let byteCount, let likely):
      self.init(
        likely.map { "likely \($0.name)" }
          ?? (type == .handshake ? "handshake message, encrypted" : "encrypted data"),
        [("records", count == 1 ? nil : "\(count)"), ("octets", "\(byteCount)")]
      )
    case .httpRequest(let request):
      self.init("HTTP \(request.method)", [("target", request.target)])
    case .httpStatus(let status):
      self.init(
        "HTTP \(status.code)",
        [("status words", status.reason.isEmpty ? nil : status.reason)]
      )
    case .gateway(let packet): self.init(packet)
    case .undecoded(let error): self.init("malformed", [("why", error.description)])
    case .foreign(let foreign): self.init("not RDP", [("looks like", foreign.name)])
    case .gap(let byteCount, let cause):
      self.init(
        "missing from the capture",
        [("octets", "\(byteCount)"), ("why", Self.text(cause))]
      )
    }
  }

  private static func text(_ cause: GapCause) -> String {
    switch cause {
    case .notCaptured: "not captured, but acknowledged"
    case .snapLength: "cut by the snap length"
    case .limit: "too much came before it"
    case .endOfCapture: "never came"
    }
  }
}

extension EventDescription {
  private init(_ step: Event.TCPStep, from side: Side?, of connection: Connection) {
    switch step {
    case .syn: self.init("SYN", Self.options(connection.tcp.client.options))
    case .synAck: self.init("SYN-ACK", Self.options(connection.tcp.server.options))
    case .established:
      let milliseconds = connection.tcp.roundTripTime.map { ($0 * 1e6).rounded() / 1e3 }
      self.init("ACK, connected", [("RTT", milliseconds.map { "\($0) ms" })])
    case .finish: self.init("FIN")
    case .reset(let reset):
      self.init(
        "RST",
        [("ttl", "\(reset.timeToLive)"), ("not its own", reset.isForeign ? "forged" : nil)]
      )
    case .retransmissions(let count):
      self.init("retransmission", [("times", count == 1 ? nil : "\(count)")])
    case .keepAlive: self.init("keep-alive")
    case .zeroWindow: self.init("window closes: takes no more data")
    case .windowOpens: self.init("window opens again")
    }
  }

  private static func options(_ options: TCPOptions?) -> [(String, String?)] {
    [
      ("mss", options?.maximumSegmentSize.map { "\($0)" }),
      ("window scale", options?.windowScale.map { "\($0)" }),
    ]
  }

  private init(_ tpdu: X224TPDU) {
    switch tpdu {
    case .connectionRequest(let request):
      let negotiation = request.negotiation
      var line: [(String, String?)] = []
      switch request.line {
      case .cookie(let cookie): line = [("cookie", cookie)]
      case .routingToken(let token):
        line = [("routing token", token.text), ("target", token.target.map { "\($0)" })]
      case nil: break
      }
      self.init(
        "X.224 Connection Request",
        line + [
          ("requested", negotiation?.requestedProtocols.names.joined(separator: ", ")),
          ("flags", Self.list(negotiation?.flags.names)),
          ("correlation id", request.correlationID),
        ]
      )
    case .connectionConfirm(let confirm):
      switch confirm.outcome {
      case .selected(let response):
        self.init(
          "X.224 Connection Confirm",
          [
            ("selected", response.selectedProtocol.names.joined(separator: ", ")),
            ("flags", Self.list(response.flags.names)),
          ]
        )
      case .refused(let failure):
        self.init(
          "X.224 Connection Confirm, refused",
          [("failure", "\(failure.code.name) (\(failure.code.rawValue))")]
        )
      case .noNegotiation:
        self.init("X.224 Connection Confirm", [("negotiation", "none: standard RDP security")])
      }
    case .disconnectRequest(let request):
      self.init("X.224 Disconnect Request", [("reason", "\(request.reason)")])
    case .error(let error): self.init("X.224 Error", [("cause", "\(error.rejectCause)")])
    case .data: self.init("X.224 Data")
    }
  }

  static func list(_ names: [String]?) -> String? {
    guard let names, !names.isEmpty else { return nil }
    return names.joined(separator: ", ")
  }

  private init(_ type: HandshakeType, _ body: HandshakeBody?) {
    switch body {
    case .clientHello(let hello):
      self.init(
        "ClientHello",
        [
          ("versions", hello.offeredVersions.map(\.name).joined(separator: ", ")),
          ("server name", hello.serverName), ("suites", "\(hello.cipherSuites.count)"),
          ("ALPN", Self.list(hello.alpn)),
        ]
      )
    case .serverHello(let hello):
      self.init(
        hello.isHelloRetryRequest ? "HelloRetryRequest" : "ServerHello",
        [
          ("version", hello.selectedVersion.name), ("suite", hello.cipherSuite.name),
          ("group", hello.group?.name), ("ALPN", hello.alpn),
        ]
      )
    case .certificate(let chain):
      let facts = chain.certificates.first.map { CertificateFacts(der: $0) }
      self.init(
        "Certificate",
        [
          ("subject", facts?.subject), ("issuer", facts?.issuer),
          ("valid until", facts?.notAfter.map { "\($0)" }),
          ("chain", "\(chain.certificates.count)"),
        ]
      )
    case .serverKeyExchange(let exchange?):
      self.init(
        type.name,
        [
          ("group", exchange.group?.name), ("prime", exchange.primeBitCount.map { "\($0) bits" }),
          ("signature", exchange.signatureScheme?.name),
        ]
      )
    case .certificateRequest(let request?):
      let authorities = request.authorities
      self.init(
        type.name,
        [("authorities", authorities.isEmpty ? "any" : "\(authorities.count)")]
      )
    case .newSessionTicket(let ticket):
      self.init(type.name, [("lifetime", "\(ticket.lifetimeSeconds) s")])
    default: self.init(type.name)
    }
  }
}
