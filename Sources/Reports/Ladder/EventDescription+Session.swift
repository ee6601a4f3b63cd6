import RDPMessages
import Timeline
import Wire

// What is said in the session and right before it.
extension EventDescription {
  init(_ message: SessionMessage, on dynamicChannel: String?) {
    switch message {
    case .share(let pdu): self.init(pdu)
    case .securityExchange: self.init("Security Exchange")
    case .clientInfo(let info): self.init(info)
    case .licensing(let message):
      self.init(
        "licensing \(message.type.name)",
        [("says", message.error?.name), ("ends the connection", message.endsConnection)]
      )
    case .redirection(let packet): self.init(packet)
    case .messageChannel(let pdu): self.init(pdu)
    case .dynamicChannel(let pdu): self.init(pdu, dynamicChannel)
    case .channelData(let name, let header):
      self.init("channel", channel: name, [("octets", "\(header.byteCount)")])
    case .encrypted(let header):
      self.init(Self.name(of: header), [("encrypted", "yes")])
    case .other: self.init("session data")
    }
  }

  private static func name(of header: SecurityHeader) -> String {
    if header.flags.contains(.exchange) { return "Security Exchange" }
    if header.flags.contains(.info) { return "Client Info" }
    return header.flags.contains(.license) ? "licensing" : "session data"
  }

  private init(_ info: ClientInfo) {
    let zone = info.extra?.timeZone
    self.init(
      "Client Info",
      [
        ("user", info.user.isEmpty ? nil : info.user),
        ("domain", info.domain.isEmpty ? nil : info.domain), ("with", info.credentials),
        ("program", info.alternateShell.isEmpty ? nil : info.alternateShell),
        ("own address", info.extra?.clientAddress),
        ("time zone", zone.map { "\($0.standardName) (UTC\(Self.offset($0.bias)))" }),
        ("reconnection cookie", info.extra?.hasAutoReconnectCookie == true ? "yes" : nil),
      ]
    )
  }

  /// A bias in minutes as people write it: `+1:00`.
  private static func offset(_ bias: Int32) -> String {
    let minutes = abs(Int(bias))
    let fraction = minutes % 60
    return (bias <= 0 ? "+" : "-") + "\(minutes / 60):" + (fraction < 10 ? "0" : "") + "\(fraction)"
  }

  private init(_ packet: ServerRedirection) {
    self.init(
      "Server Redirection",
      [
        ("to", packet.target), ("addresses", Self.list(packet.addresses)),
        ("user", packet.user), ("domain", packet.domain),
        ("session", "\(packet.sessionID)"),
        ("balancer's token", packet.loadBalanceByteCount.map { "\($0) octets" }),
        ("password", packet.hasPassword ? "given" : nil),
        ("stays here", packet.staysHere ? "yes" : nil),
      ]
    )
  }

  private init(_ pdu: SharePDU) {
    switch pdu {
    case .demandActive(let exchange): self.init("Demand Active", Self.details(exchange))
    case .confirmActive(let exchange): self.init("Confirm Active", Self.details(exchange))
    case .deactivateAll: self.init("Deactivate All")
    case .serverRedirection(let packet?): self.init(packet)
    case .serverRedirection(nil): self.init("Server Redirection")
    case .setErrorInfo(let info):
      self.init("Set Error Info", [("code", info.name), ("meaning", info.meaning)])
    case .fontMap: self.init("Font Map: the session begins")
    case .saveSessionInfo(let info): self.init(info)
    case .shutdownRequest: self.init("Shutdown Request")
    case .shutdownDenied: self.init("Shutdown Request Denied")
    case .autoReconnectStatus: self.init("Auto-Reconnect Status: the cookie is not taken")
    case .statusInfo(let info): self.init("Status Info", [("status", info.name)])
    case .data(let type): self.init("Share Data \(type.name)")
    }
  }

  private static func details(_ exchange: CapabilityExchange?) -> [(String, String?)] {
    guard let exchange else { return [] }
    var size: String?
    for set in exchange.sets {
      if case .bitmap(let depth, let width, let height) = set.content {
        size = "\(width)x\(height), \(depth) bits"
      }
    }
    return [
      ("from", exchange.source), ("desktop", size),
      ("sets", exchange.sets.map(\.type.name).joined(separator: ", ")),
    ]
  }

  private init(_ info: SaveSessionInfo?) {
    switch info {
    case .logon(let domain, let user, let session)?:
      let name = domain.isEmpty ? user : "\(domain)\\\(user)"
      self.init(
        "Save Session Info: logged on",
        [("user", name.isEmpty ? nil : name), ("session", "\(session)")]
      )
    case .plainNotify?, nil: self.init("Save Session Info: logged on")
    case .extended(let extended)?:
      self.init(
        extended.error == nil ? "Save Session Info" : "Save Session Info: logon error",
        [
          ("error", extended.error.map { "\($0.name), \($0.dataName)" }),
          ("meaning", extended.error?.meaning),
          ("reconnection cookie", extended.hasAutoReconnectCookie ? "given" : nil),
        ]
      )
    case .other(let type)?: self.init("Save Session Info", [("type", "\(type)")])
    }
  }

  private init(_ pdu: MessageChannelPDU) {
    switch pdu {
    case .heartbeat(let heartbeat):
      self.init(
        "Heartbeat",
        [
          ("period", "\(heartbeat.period) s"),
          ("misses to warning", "\(heartbeat.warningMisses)"),
          ("misses to reconnection", "\(heartbeat.reconnectMisses)"),
        ]
      )
    case .autoDetect(let message): self.init(message)
    case .multitransportRequest(let request):
      self.init("Initiate Multitransport Request", [("transport", request.name)])
    case .multitransportResponse(let response):
      self.init("Multitransport Response", [("result", response.name)])
    case .redirection(let packet): self.init(packet)
    }
  }

  private init(_ message: AutoDetect) {
    switch message {
    case .roundTripRequest: self.init("RTT Measure Request")
    case .roundTripResponse: self.init("RTT Measure Response")
    case .result(let base, let bandwidth, let average):
      self.init(
        "Network Characteristics Result",
        [
          ("base RTT", base.map { "\($0) ms" }), ("RTT", average.map { "\($0) ms" }),
          ("bandwidth", bandwidth.map { "\($0) kbit/s" }),
        ]
      )
    case .bandwidthResults(let milliseconds, let byteCount):
      self.init(
        "Bandwidth Measure Results",
        [("octets", "\(byteCount)"), ("in", "\(milliseconds) ms")]
      )
    case .other(let isRequest, _):
      self.init(isRequest ? "auto-detection request" : "auto-detection response")
    }
  }

  private init(_ pdu: DynamicChannelPDU, _ known: String?) {
    func name(_ id: UInt32) -> String { known ?? "\(id)" }
    switch pdu {
    case .capabilities(let version):
      self.init("dynamic channels", [("version", "\(version)")])
    case .createRequest(let id, let name):
      self.init("dynamic channel asked for", [("name", name), ("id", "\(id)")])
    case .createResponse(let id, let status):
      let isRefused = status & 0x8000_0000 != 0
      self.init(
        isRefused ? "dynamic channel refused" : "dynamic channel opened",
        [
          ("name", name(id)),
          ("status", isRefused ? "0x" + String(status, radix: 16, uppercase: true) : nil),
        ]
      )
    case .close(let id): self.init("dynamic channel closed", [("name", name(id))])
    case .data(let id, let byteCount):
      self.init("dynamic channel data", [("name", name(id)), ("octets", "\(byteCount)")])
    case .softSync(let isResponse):
      self.init(isResponse ? "Soft-Sync Response" : "Soft-Sync Request")
    }
  }
}

extension LicensingMessage {
  /// Said only where it does.
  fileprivate var endsConnection: String? {
    guard let error, error.endsConnection, !error.isValidClient else { return nil }
    return "yes"
  }
}
