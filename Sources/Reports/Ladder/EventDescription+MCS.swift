import RDPMessages
import TLSMessages
import Wire

// What the ends agree on before the session: MCS and the settings inside of it.
extension EventDescription {
  init(_ pdu: MCSPDU) {
    switch pdu {
    case .connectInitial(let octets):
      var reader = ByteReader(octets, layer: .mcs)
      let message = try? MCSConnectInitial(decoding: &reader)
      self.init("MCS Connect Initial", message.map(Self.details) ?? [])
    case .connectResponse(let octets):
      var reader = ByteReader(octets, layer: .mcs)
      let message = try? MCSConnectResponse(decoding: &reader)
      self.init("MCS Connect Response", message.map(Self.details) ?? [])
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
    case .other(let choice):
      self.init(MCSPDU.name(ofChoice: choice).map { "MCS " + $0 } ?? "MCS PDU \(choice)")
    }
  }

  private static func details(_ message: MCSConnectInitial) -> [(String, String?)] {
    let blocks = message.blocks
    let core = blocks.core
    return [
      ("client", core.flatMap { $0.clientName.isEmpty ? nil : $0.clientName }),
      ("version", core?.version.name),
      (
        "build",
        core.map { core in
          "\(core.clientBuild.rawValue)" + (core.clientBuild.product.map { " (\($0))" } ?? "")
        }
      ),
      ("desktop", core.map { "\($0.desktopWidth)x\($0.desktopHeight)" }),
      ("colours", core?.bitsPerPixel.map { "\($0) bits" }),
      ("keyboard", core?.keyboardLayout.name),
      ("connection type", core?.connectionTypeName),
      ("monitors", list(blocks.monitors?.monitors.map(\.size))),
      ("channels", list(blocks.network?.channels.map(\.name))),
      ("encryption", list(blocks.security?.encryptionMethods.names)),
      ("session", blocks.cluster?.redirectedSessionID.map { "\($0), redirected to it" }),
      ("UDP", list(blocks.multitransport?.names)),
      ("capabilities", list(core?.earlyCapabilityFlags?.names)),
      ("MCS domain", text(message.targetParameters)),
    ]
  }

  private static func text(_ parameters: MCSDomainParameters) -> String {
    "\(parameters.maxChannelIDs) channels, \(parameters.maxUserIDs) users, "
      + "PDUs of \(parameters.maxMCSPDUSize) octets"
  }

  private static func text(_ certificate: ServerCertificate) -> String {
    let kind =
      switch certificate.kind {
      case .proprietary(let key): "proprietary, rsa \(key.bitCount) bits"
      case .x509(let chain):
        "X.509, "
          + (chain.last.flatMap { keyText(CertificateFacts(der: $0)) } ?? "a key that is not read")
      }
    return kind + (certificate.isTemporary ? ", temporary" : "")
  }

  private static func details(_ response: MCSConnectResponse) -> [(String, String?)] {
    let blocks = response.blocks
    return [
      ("result", response.result.name), ("version", blocks.core?.version.name),
      ("asked for", list(blocks.core?.clientRequestedProtocols?.names)),
      (
        "encryption",
        blocks.security.map { security in
          guard !security.method.isEmpty else { return "none of RDP's own" }
          return security.method.names.joined(separator: ", ") + ", level \(security.level.name)"
        }
      ),
      ("certificate", blocks.security?.certificate.map(text)),
      ("I/O channel", blocks.network.map { "\($0.ioChannelID)" }),
      ("channel ids", list(blocks.network?.channelIDs.map { "\($0)" })),
      ("message channel", blocks.messageChannelID.map { "\($0)" }),
      ("UDP", list(blocks.multitransport?.names)),
      ("capabilities", list(blocks.core?.earlyCapabilities.names)),
      ("MCS domain", text(response.parameters)),
    ]
  }
}
