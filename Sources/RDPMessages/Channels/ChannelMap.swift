/// Which MCS channel carries what, as the settings of both sides say.
package struct ChannelMap: Hashable, Sendable {
  /// The channel of the session itself. [MS-RDPBCGR] 3.2.1.3
  package private(set) var io: UInt16
  /// The message channel; `nil` without one.
  package private(set) var message: UInt16?
  /// The static virtual channels by their ids.
  package private(set) var names: [UInt16: String]
  /// Whether every PDU has a security header: RDP's own encryption was agreed on.
  package private(set) var hasSecurityHeaders = false

  /// The map before the server's settings are seen: the channel that every server uses.
  package init() {
    io = 1003
    message = nil
    names = [:]
  }

  /// A map of these channels.
  package init(io: UInt16, message: UInt16?, names: [UInt16: String]) {
    self.io = io
    self.message = message
    self.names = names
  }

  /// The map of two sides' settings; the server's channel ids are in the order of the client's
  /// names ([MS-RDPBCGR] 2.2.1.4.4).
  package init(client: ClientDataBlocks?, server: ServerDataBlocks) {
    self.init()
    if let network = server.network { io = network.ioChannelID }
    message = server.messageChannelID
    hasSecurityHeaders = server.security.map { !$0.method.isEmpty } ?? false
    for (channel, id) in zip(client?.network?.channels ?? [], server.network?.channelIDs ?? []) {
      names[id] = channel.name
    }
  }

  /// The name of a virtual channel; `nil` for the others.
  package func name(of id: UInt16) -> String? { names[id] }
}
