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
    "RTT", "ttl", "times", "PDUs", "requested", "flags", "selected", "failure",
    "negotiation", "reason", "cause", "result", "channel", "choice", "code", "meaning", "type",
    "encrypted", "versions", "version", "suites", "suite", "valid until", "chain", "status",
    "error", "mechanism", "build", "desktop", "colours", "keyboard", "encryption", "asked for",
    "connection type", "UDP", "joins", "port", "extended authentication",
    "group", "prime", "signature", "authorities", "lifetime", "groups", "key shares", "resumes",
    "downgraded", "key", "valid from", "lost data", "sequence", "acknowledges", "window", "mtu up",
    "mtu down", "message channel",
    "certificate", "I/O channel", "channel ids", "self-signed", "monitors", "capabilities",
    "MCS domain",
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

  init(_ event: Event, of subject: LadderSubject) {
    switch event.content {
    case .tcp(let step): self.init(step, from: event.side, subject.tcp)
    case .synchronization(let message, let isRepeated): self.init(message, isRepeated: isRepeated)
    case .datagrams(let client, let server): self.init(client: client, server: server)
    case .icmp(let error, let count):
      self.init(
        "ICMP error",
        [
          ("says", error.meaning.text), ("from", "\(error.reporter)"),
          ("times", count == 1 ? nil : "\(count)"),
        ]
      )
    case .preconnection(let pdu):
      self.init("Preconnection PDU", [("id", "\(pdu.id)"), ("blob", pdu.blob)])
    case .x224(let tpdu): self.init(tpdu)
    case .mcs(let pdu): self.init(pdu)
    case .session(let message): self.init(message, on: event.dynamicChannel)
    case .channelData(let name, let count, let byteCount):
      self.init(
        "channel",
        channel: name,
        [("messages", count == 1 ? nil : "\(count)"), ("octets", "\(byteCount)")]
      )
    case .dynamicChannelData(let id, let count, let byteCount):
      self.init(
        "dynamic channel \(event.dynamicChannel ?? "\(id)")",
        [("messages", count == 1 ? nil : "\(count)"), ("octets", "\(byteCount)")]
      )
    case .dataPDUs(let type, let count, let byteCount):
      self.init(
        "Share Data \(type.name)",
        [("PDUs", count == 1 ? nil : "\(count)"), ("octets", "\(byteCount)")]
      )
    case .encryptedPDUs(let count, let byteCount):
      self.init(
        "encrypted data",
        [("PDUs", count == 1 ? nil : "\(count)"), ("octets", "\(byteCount)")]
      )
    case .credSSP(let request): self.init(request)
    case .earlyAuthorization(let result):
      self.init("early user authorization result", [("result", result.name)])
    case .rdstls(let message): self.init(message)
    case .rdsaad(let message): self.init(message)
    case .fastPath(let count, let byteCount):
      self.init("fast path", [("PDUs", count == 1 ? nil : "\(count)"), ("octets", "\(byteCount)")])
    case .handshake(let type, let body): self.init(type, body)
    case .changeCipherSpec: self.init("ChangeCipherSpec")
    case .alert(let alert): self.init(alert)
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
  private init(_ step: Event.TCPStep, from side: Side?, _ tcp: TCPConversation?) {
    switch step {
    case .syn: self.init("SYN", Self.options(tcp?.client.options))
    case .synAck: self.init("SYN-ACK", Self.options(tcp?.server.options))
    case .established:
      let milliseconds = tcp?.roundTripTime.map { ($0 * 1e6).rounded() / 1e3 }
      self.init("ACK, connected", [("RTT", milliseconds.map { "\($0) ms" })])
    case .finish: self.init("FIN")
    case .reset(let reset):
      let sender = side == .client ? "client" : "server"
      self.init(
        reset.isForeign ? "RST, not the \(sender)'s own" : "RST",
        [("ttl", "\(reset.timeToLive)")]
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
}
