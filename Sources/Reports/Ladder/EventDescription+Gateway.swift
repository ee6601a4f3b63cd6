import RDPMessages

extension EventDescription {
  /// A packet of an RD Gateway's.
  init(_ packet: GatewayPacket) {
    var details: [(String, String?)] = []
    switch packet {
    case .handshakeRequest(let extended):
      details = [("extended authentication", "0x" + String(extended, radix: 16))]
    case .tunnelCreate(let hasCookie): details = [("cookie", hasCookie ? "given" : nil)]
    case .tunnelAuthorization(let clientName): details = [("client", clientName)]
    case .channelCreate(let resources, let port):
      details = [("target", resources.joined(separator: ", ")), ("port", "\(port)")]
    case .serviceMessage(let message): details = [("administrator's words", message)]
    default: details = [("result", packet.answer?.name), ("meaning", packet.answer?.meaning)]
    }
    self.init("gateway \(packet.name)", details)
  }
}
