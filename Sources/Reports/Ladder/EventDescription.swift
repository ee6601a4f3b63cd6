import CredSSPMessages
import Packets
import RDPMessages
import Streams
import TLSMessages
import Timeline
import Wire

/// An event in words: what it is, and what it says.
struct EventDescription {
  let name: String
  let details: [(name: String, value: String)]

  init(_ name: String, _ details: [(String, String?)] = []) {
    self.name = name
    self.details = details.compactMap { name, value in value.map { (name, $0) } }
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
        "channel \(name)",
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

  private init(_ pdu: MCSPDU) {
    switch pdu {
    case .connectInitial: self.init("MCS Connect Initial")
    case .connectResponse: self.init("MCS Connect Response")
    case .erectDomainRequest: self.init("MCS Erect Domain Request")
    case .attachUserRequest: self.init("MCS Attach User Request")
    case .attachUserConfirm(let result, let userID):
      self.init(
        "MCS Attach User Confirm",
        [("result", result.name), ("user", userID.map { "\($0)" })]
      )
    case .channelJoinRequest(let channel):
      self.init("MCS Channel Join Request", [("channel", "\(channel)")])
    case .channelJoinConfirm(let result, let channel):
      self.init(
        "MCS Channel Join Confirm",
        [("result", result.name), ("channel", "\(channel)")]
      )
    case .sendData(let channel, let byteCount, _):
      self.init("MCS Send Data", [("channel", "\(channel)"), ("octets", "\(byteCount)")])
    case .disconnectProviderUltimatum(let reason):
      self.init("MCS Disconnect Provider Ultimatum", [("reason", reason.name)])
    case .other(let choice): self.init("MCS PDU", [("choice", "\(choice)")])
    }
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
          ("ALPN", hello.alpn),
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
    default: self.init(type.name)
    }
  }
}
